"""What can be refused before anything heavy is imported: files that are not there, or no files."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from ssb_model.parameters.library import cell_names, cell_path, read_toml
from ssb_model.system.marks import check_ours
from ssb_model.system.saving import check_replaceable
from ssb_model.system.user_files import check_file

FORCE = "--force"


def check_files(options: argparse.Namespace) -> None:
    """Refuse a cell, data and a JSON that the command could do nothing with."""
    cell = getattr(options, "cell", None)
    if isinstance(cell, str) and cell not in cell_names():
        read_toml(cell_path(cell))
    reads = ("file",) if options.verb.name == "read" else ()  # of others it is what they write
    for name in ("data", "profile", "table", "spectra", *reads):
        given = getattr(options, name, None) or []
        for one in given if isinstance(given, (list, tuple)) else [given]:
            if isinstance(one, Path):
                check_file(one)
    if options.json not in (None, "-"):
        path = Path(os.path.realpath(options.json))
        try:
            if path.exists() and not path.is_dir():  # of a folder the system says it later
                check_replaceable(path)
        except OSError:
            return
        if not options.force and path.is_file() and not _is_read(options, path):
            check_ours(path.parent, [path.name], "--json", FORCE)


def _is_read(options: argparse.Namespace, path: Path) -> bool:
    """Whether it is a file of the command's own, which is refused with other words."""
    data = [str(one).partition(",")[0] for one in getattr(options, "data", None) or []]
    named = [getattr(options, "cell", None), getattr(options, "profile", None), *data]
    return any(one and os.path.realpath(str(one)) == str(path) for one in named)
