"""Measured files: cycler records and impedance spectra in SI, current positive on discharge."""
