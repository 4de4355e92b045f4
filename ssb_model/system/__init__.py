"""Files, locks, journals, processes, progress and signals; nothing here knows what a cell is."""
