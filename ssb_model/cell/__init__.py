"""A cell: what it is, its numbers, its state, how it is held, and how it is saved."""
