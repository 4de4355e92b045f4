"""``nox``: the tests on the oldest and on the newest dependencies that are allowed."""

import tomllib
from pathlib import Path

import nox

PROJECT = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))


OF_THEIR_TIME = ["pyparsing<3.3"]  # newer ones warn of what an old matplotlib calls


@nox.session
def minimums(session):
    """Every dependency as old as ``pyproject.toml`` allows."""
    named = PROJECT["project"]["dependencies"]
    oldest = [each.split(",")[0].replace(">=", "==") for each in named]
    session.install("-e", ".[dev]", *oldest, *OF_THEIR_TIME)
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session
def newest(session):
    """Every dependency as new as may be, previews left out."""
    session.install("--upgrade", "--upgrade-strategy", "eager", "-e", ".[dev]")
    session.run("pytest", "-n", "2", *session.posargs)
