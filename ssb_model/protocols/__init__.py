"""What is done to a cell: each protocol takes a cell and gives a result."""
