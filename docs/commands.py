"""Every command of the manual, run as a reader would: ``python -m docs.commands [PAGE ...]``.

Page by page, in a folder of its own, in the order they stand. Left out are those that need a file
only a reader has, a cluster or an extra that is not there, and ``validate``, which has a run of
its own. The tests run the quick ones and check the options of all; this takes some minutes.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DOCS = Path(__file__).resolve().parent
READERS = (".csv", ".toml", ".py", ".mpt")  # files
ELSEWHERE = ("--scheduler", "--engine")
LONGEST = 600  # s


def commands(page: Path) -> list[list[str]]:
    """The words after ``ssb`` of each command in an indented block."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(r"^    (?:.* )?\.?[\w/.]*\bssb (.*)$", text, re.M)
    return [shlex.split(line, comments=True) for line in found]


def can_run(words: list[str], folder: Path) -> bool:
    """Whether all that a command reads is there."""
    if words[0] == "validate" or any(word in ELSEWHERE for word in words):
        return False
    made = {words[1]} if words[0] == "new" else set()
    made |= {words[n + 1] for n, word in enumerate(words[:-1]) if word in ("--to", "--json")}
    files = {part for word in words for part in word.split(",") if part.endswith(READERS)}
    return all((folder / name).exists() for name in files - made)


def run(words: list[str], folder: Path) -> tuple[int, str]:
    """The exit code of a command, and what it says is wrong."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ssb_model", *words],
            cwd=folder,
            env={**os.environ, "PYBAMM_DISABLE_TELEMETRY": "true", "PYTHONWARNINGS": "ignore"},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return 1, f"stopped after {LONGEST} s"
    return done.returncode, done.stderr


def main(names: list[str]) -> int:
    """Run the commands of pages, by default of all; 1 where one fails."""
    pages = [Path(name) for name in names] or [DOCS.parent / "README.md", *DOCS.rglob("*.md")]
    ran: dict[str, int] = {}
    for page in pages:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            for words in commands(page):
                line = shlex.join(words)
                if not can_run(words, folder):
                    print(f"left out    {page.name}: ssb {line}", flush=True)
                    continue
                makes = words[0] == "samples" or any(word.endswith(READERS) for word in words)
                if line in ran and not makes:
                    continue
                begun = time.monotonic()
                ran[line], wrong = run(words, folder)
                told = f"{time.monotonic() - begun:5.1f} s  {page.name}: ssb {line}"
                print(f"FAILED {told}\n{wrong}" if ran[line] else told, flush=True)
    failed = sum(code != 0 for code in ran.values())
    print(f"{len(ran)} commands, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
