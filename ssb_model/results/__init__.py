"""Small, self-describing results: rows of a table, and the series behind them."""
