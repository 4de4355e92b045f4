"""What is done to a cell: each verb takes a cell and gives a result."""
