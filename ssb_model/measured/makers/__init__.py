"""The makers of cyclers that are known; a class here that extends ``Maker`` is found by itself."""
