"""Small, self-describing results: rows of a table, and the series behind them."""

BY_HAND = "stopped by hand"
