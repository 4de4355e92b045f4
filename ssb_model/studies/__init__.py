"""Questions that need many runs."""
