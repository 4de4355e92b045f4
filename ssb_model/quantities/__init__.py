"""The one place where a unit, a column or what a number may be is written."""

from ssb_model.quantities import names as names
