"""
A cycler's record beside the model
==================================

A file is read, whoever wrote it, and laid beside a run of the same cell. The files here are the
samples that come along.
"""

import tempfile
from pathlib import Path

import ssb_model as ssb

folder = Path(tempfile.mkdtemp()) / "tried"
ssb.samples(to=folder)
print(ssb.read(folder / "rate_test_neware.csv"))
run = ssb.discharge(folder / "cell.toml", c_rate=0.1)
figure = run.beside(folder / "rate_test_neware.csv").plot()
