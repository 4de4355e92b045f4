"""A journal whose rows or state are not as they were written is refused in one line."""

import json
import sqlite3
import struct

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.system.journals import Journal, PointJournal, Stored

RUN = {"cell": "A"}
ROW = {"Cycle": 2, "Discharge capacity [mA.h.g-1]": 1.0}
DAMAGE = {
    "row no JSON": "UPDATE cycles SET row = '{' WHERE cycle = 2",
    "row a list": "UPDATE cycles SET row = '[1]' WHERE cycle = 2",
    "row a number": "UPDATE cycles SET row = '5' WHERE cycle = 2",
    "row bytes": "UPDATE cycles SET row = x'ff00' WHERE cycle = 2",
    "row nested": f"UPDATE cycles SET row = '{'[' * 5000}' WHERE cycle = 2",
    "row without a name": """UPDATE cycles SET row = '{"Cycle": 2}' WHERE cycle = 2""",
    "row of another cycle": f"UPDATE cycles SET row = '{json.dumps(ROW | {'Cycle': 7})}' "
    "WHERE cycle = 2",
    "another number": """UPDATE cycles SET row = replace(row, '1.0', '9.0') WHERE cycle = 2""",
    "spectrum no JSON": "UPDATE cycles SET spectrum = 'x' WHERE cycle = 1",
    "spectrum a number": "UPDATE cycles SET spectrum = '5' WHERE cycle = 1",
    "spectrum of numbers": "UPDATE cycles SET spectrum = '[5]' WHERE cycle = 1",
    "a cycle gone": "DELETE FROM cycles WHERE cycle = 1",
    "a cycle moved": "UPDATE cycles SET cycle = 9 WHERE cycle = 2",
    "state gone": "DELETE FROM state",
    "state cut": "UPDATE state SET y = x'0000'",
    "state short": "UPDATE state SET y = x'0000000000000000'",
    "state text": "UPDATE state SET y = 'x'",
    "state not finite": "UPDATE state SET y = x'" + struct.pack("<3d", 1, 2, np.nan).hex() + "'",
    "time text": "UPDATE state SET t = 'x'",
    "time infinite": "UPDATE state SET t = 9e999",
    "inputs no JSON": "UPDATE state SET inputs = 'x'",
    "inputs a list": "UPDATE state SET inputs = '[1]'",
    "inputs words": """UPDATE state SET inputs = '{"a": "x"}'""",
    "inputs others": """UPDATE state SET inputs = '{"b": 1}'""",
    "run a number": "UPDATE run SET value = 5 WHERE name = 'cell'",
    "a table gone": "DROP TABLE cycles",
}


@pytest.mark.parametrize("sums", [True, False], ids=["", "of before"])
@pytest.mark.parametrize("name", DAMAGE)
def test_cycles(name, sums, tmp_path):
    path = tmp_path / "a.sqlite"
    with Journal(path, RUN) as log:
        for cycle in (1, 2):
            spectrum = [{"Cycle": cycle, "Frequency [Hz]": 1.0}]
            log.add(ROW | {"Cycle": cycle}, spectrum, Stored(np.ones(3), 1.0, {"a": 1.0}))
    with sqlite3.connect(path) as database:
        if not sums:
            database.execute("DROP TABLE sums")
        database.execute(DAMAGE[name])
    database.close()
    if not sums and name == "another number":
        pytest.skip("who has no sums cannot tell")
    before = path.read_bytes()
    with pytest.raises(InputError) as refused, Journal(path, RUN) as log:
        assert isinstance(log.rows, list)
        assert isinstance(log.spectra, list)
        log.restored(3, ["a"])
    assert str(refused.value).isprintable()
    assert path.read_bytes() == before
    if name != "a table gone":
        with Journal(path, RUN, fresh=True) as log:
            assert log.rows == []


@pytest.mark.parametrize("row", ["x", "5", "[1]", "null", '{"a": 9.0}'])
def test_points(row, tmp_path):
    path = tmp_path / "a.sqlite"
    with PointJournal(path, RUN) as log:
        log.add({0: {"a": 1.0}, 1: {"a": 2.0}})
    with sqlite3.connect(path) as database:
        database.execute("UPDATE points SET row = ? WHERE point = 1", (row,))
    database.close()
    with PointJournal(path, RUN) as log, pytest.raises(InputError, match="point 1 is not as it"):
        list(log.rows())
