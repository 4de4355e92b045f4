"""The manual as a site: ``python -m docs.build``, into ``build/manual/html``.

The pages in ``docs`` are plain Markdown that a forge shows as it is. What only the site needs is
put around copies of them: contents, the reference that is made of the registries, the functions
below the theory, the gallery, and what ``ssb validate`` says of published numbers. ``--short``
leaves the examples of the gallery and the validation out of the run, ``--check`` writes no page
besides, ``--links`` asks whether the links to other sites are alive.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

DOCS = Path(__file__).resolve().parent
CHECKOUT = DOCS.parent
HOME = CHECKOUT / "build" / "manual"
NO_MATTER = {"report", "explorer", "cli"}  # folders that a validation does not rest on
QUIET = {
    **os.environ,
    **{"PYBAMM_DISABLE_TELEMETRY": "true", "PYTHONWARNINGS": "ignore", "MPLBACKEND": "agg"},
}
sys.path.insert(0, str(DOCS / "_ext"))

ONLY_HERE = shutil.ignore_patterns(
    "gallery",
    "distribution",
    "build.py",
    "commands.py",
    "search.py",
    "make_figures.py",
    "__pycache__",
)


def main(arguments: list[str] | None = None) -> int:
    """Stage the pages and let Sphinx build them, warnings as errors; gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.build", description=__doc__)
    parser.add_argument("--short", action="store_true", help="do not run the gallery")
    parser.add_argument("--check", action="store_true", help="read every page, write none; short")
    parser.add_argument("--home", type=Path, default=HOME, help="folder for all of it")
    parser.add_argument("--links", action="store_true", help="check links to other sites")
    parser.add_argument("--fresh", action="store_true", help="forget what was built before")
    given = parser.parse_args(arguments)
    begun = time.monotonic()
    if given.fresh:
        shutil.rmtree(given.home, ignore_errors=True)
    quick = given.short or given.links or given.check
    report = given.home / "report"
    if not quick:
        make_report(report)
    source = stage(given.home, report)
    builder = "linkcheck" if given.links else "dummy" if given.check else "html"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", builder]
    command += ["-d", str(given.home / "doctrees"), str(source), str(given.home / builder)]
    if quick:
        command += ["-D", "plot_gallery=0", "-t", "short"]
    code = subprocess.run(command, env=QUIET, check=False).returncode
    print(
        f"{given.home / builder}: {'built' if not code else 'not built'} in "
        f"{time.monotonic() - begun:.0f} s"
    )
    return code


def make_report(folder: Path) -> None:
    """Have the cases run, unless nothing they rest on has changed since they last were."""
    digest = hashlib.sha256()
    for room in ("ssb_model", "parameter_sets", "validation"):
        for path in sorted((CHECKOUT / room).rglob("*.*")):
            if path.suffix in (".py", ".toml", ".csv") and not NO_MATTER & {*path.parts}:
                digest.update(path.read_bytes())
    mark = folder / "of"
    if mark.is_file() and mark.read_text("ascii") == digest.hexdigest():
        return
    command = [sys.executable, "-m", "ssb_model", "validate", "--out", str(folder), "--force"]
    done = subprocess.run(command, env=QUIET, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 1):  # 1: a run gave nothing, which its rows say
        raise SystemExit("the validation did not run: 'ssb validate' says why.")
    mark.write_text(digest.hexdigest(), "ascii")


def stage(home: Path, report: Path | None = None) -> Path:
    """Copies of the pages, with what only the site has around them."""
    from contents import add_contents
    from reference import write

    source = home / "source"
    made = source / "gallery"
    kept = home / "gallery"  # what examples gave is not made anew while they are the same
    if made.is_dir():
        shutil.rmtree(kept, ignore_errors=True)
        shutil.move(made, kept)
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(DOCS, source, ignore=ONLY_HERE)
    shutil.copytree(DOCS / "gallery", source / "gallery_sources")
    if kept.is_dir():
        there = {path.stem for path in (DOCS / "gallery").glob("plot_*.py")}
        for path in kept.glob("plot_*"):
            if path.name.partition(".")[0] not in there:
                path.unlink()
        shutil.move(kept, made)
    shutil.copy(CHECKOUT / "CHANGELOG.md", source / "changelog.md")
    write(source / "reference", report)
    add_contents(source)
    return source


if __name__ == "__main__":
    sys.exit(main())
