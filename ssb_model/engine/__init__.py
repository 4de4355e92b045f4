"""The built model of one or many cells: runs, small signals, reading what was solved."""
