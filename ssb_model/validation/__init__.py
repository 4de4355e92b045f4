"""Published measurements beside the model: cases read, run, judged and reported."""
