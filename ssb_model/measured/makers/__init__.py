"""One file a maker of cyclers; a class in it that extends ``Maker`` is found by itself."""
