"""The web page: choose a cell, move its numbers, see what the model says; on this machine alone."""
