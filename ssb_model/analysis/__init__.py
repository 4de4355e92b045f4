"""Works on measured and simulated numbers alike; runs no model."""
