"""What a test adds to the package is gone after it."""

import pytest

from ssb_model import extensions


@pytest.fixture(autouse=True)
def apart(monkeypatch):
    monkeypatch.setenv(extensions.FILES, "")
    for name, empty in (("_registered", {}), ("_loaded", {}), ("_done", set())):
        monkeypatch.setattr(extensions, name, empty)
