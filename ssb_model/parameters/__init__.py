"""Parameter sets: read, checked, and turned from a recipe into numbers a model takes."""
