"""Procedures, each written once, that any run of the engine can drive."""
