"""Parameters out of measurements: how well the data know them, and what they cannot tell apart."""
