"""PyBaMM submodels of solid-state cells, one slot each, physics from ``ssb_model.laws``."""
