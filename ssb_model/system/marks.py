"""What this program wrote, known by its mark and by hashes: the rest is somebody else's.

A JSON of ours ends with a seal, the hash of all before it, and names the files that were written
with it with the hash of each. A cell file of ours ends with a seal in a comment. A file that was
changed since, or that a list merely names, is not ours to write over or to delete.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError

SALT = b"ssb_model\n"  # before what is hashed: a seal is no plain checksum
HASHES = "hashes"  # of the files beside a JSON, by name
JSON_SEAL = re.compile(rb',\n  "seal": "([0-9a-f]{64})"\n}\n\Z')
TEXT_SEAL = re.compile(rb"# written by ssb_model ([0-9a-f]{64})\n\Z")
ENDINGS = {".json", ".csv", ".nc", ".png", ".svg", ".html"}  # of what a run writes beside cells
LONGEST_SEAL = 120  # bytes
NAMED = 3  # of the files in a message


def sealed_json(payload: Mapping[str, Any], beside: Mapping[str, bytes] | None = None) -> bytes:
    """Plain data as JSON, each number with all its digits, sealed; hashes of what lies beside."""
    hashes = {} if beside is None else {HASHES: {name: of(data) for name, data in beside.items()}}
    head = json.dumps({**payload, **hashes}, indent=2).removesuffix("\n}").encode()
    return head + f',\n  "seal": "{of(head)}"\n}}\n'.encode()


def sealed_text(content: bytes) -> bytes:
    """A text whose lines can be comments, sealed in its last one."""
    return content + f"# written by ssb_model {of(content)}\n".encode()


def without_seal(text: str) -> str:
    """A text as it was before it was sealed, or as it is."""
    return TEXT_SEAL.sub(b"", text.encode(errors="surrogateescape")).decode(
        errors="surrogateescape"
    )


def of(content: bytes) -> str:
    """The hash of a content."""
    return hashlib.sha256(SALT + content).hexdigest()


def written_here(folder: Path) -> set[tuple[str, str]]:
    """Name and hash of each file that a sealed JSON of a folder was written with."""
    found = set()
    for path in folder.glob("*.json"):
        hashes = (_sealed(path) or {}).get(HASHES)
        if isinstance(hashes, dict):
            found |= {(name, str(one)) for name, one in hashes.items()}
    return found


def is_ours(path: Path, name: str = "", written: Iterable[tuple[str, str]] = ()) -> bool:
    """Whether what is at a path is nothing, or a plain file that this program wrote.

    ``written`` are names and hashes (``written_here``), ``name`` what the file is called there.
    """
    if not path.is_symlink() and not path.exists():
        return True
    if path.is_symlink() or not path.is_file():
        return False
    content = path.read_bytes()
    seal = JSON_SEAL.search(content[-LONGEST_SEAL:]) or TEXT_SEAL.search(content[-LONGEST_SEAL:])
    if seal is not None and of(content[: -len(seal[0])]) == seal[1].decode():
        return True
    return not content or (name, of(content)) in written


def foreign(folder: Path, names: Iterable[str]) -> list[str]:
    """Those names in a folder at which something is that this program did not write."""
    written = written_here(folder)
    return [
        name
        for name in names
        if _behind_a_link(folder, name) or not is_ours(folder / name, name, written)
    ]


def check_ours(where: Path, names: Iterable[str], option: str = "", force: str = "force") -> None:
    """Refuse to write over files in a folder that this program did not write."""
    found = foreign(where, names)
    if not found:
        return
    some = ", ".join(str(where / name) for name in found[:NAMED])
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    other = f"take another {option}" if option else "write to another place"
    raise InputError(
        f"{some}{more}: not written by this program, or changed since, and not written over: "
        f"{other}, or write over it ({force})."
    )


def _behind_a_link(folder: Path, name: str) -> bool:
    """Whether a folder between two is a link, which would lead elsewhere."""
    return any((folder / above).is_symlink() for above in Path(name).parents[:-1])


def _sealed(path: Path) -> dict[str, Any] | None:
    """The content of a JSON of ours, none of another file."""
    try:
        if path.is_symlink() or not path.is_file():  # a pipe would never end
            return None
        with open(path, "rb") as file:
            file.seek(max(file.seek(0, 2) - LONGEST_SEAL, 0))
            if JSON_SEAL.search(file.read()) is None:
                return None
        if not is_ours(path):
            return None
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
