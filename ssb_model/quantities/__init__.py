"""The one place where a unit, a column or what a number may be is written."""
