#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox"]
# ///
"""``nox``: tests on the oldest and on the newest dependencies that are allowed; manual, zoo."""

import tomllib
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
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


@nox.session
def docs(session):
    """The manual as a site, every example of the gallery run, warnings as errors."""
    session.install("-e", ".[docs]")
    session.run("python", "-m", "docs.build", *(session.posargs or ["--fresh"]))


@nox.session
def commands(session):
    """Every command of the manual, run as a reader would."""
    session.install("-e", ".[readers,uq]")
    session.run("python", "-m", "docs.commands", *session.posargs)


@nox.session
def zoo(session):
    """The entry for PyBaMM's model zoo, held to the zoo's contract."""
    session.install("-e", ".", "pytest", "pybamm-model-zoo")
    session.run("python", "docs/distribution/check_zoo.py")


@nox.session
def distributions(session):
    """Wheel and source, as an index would take them, and the recipe of the conda package."""
    session.install("build", "twine", "py-rattler-build")
    session.run("python", "-m", "build", "--outdir", "build/dist")
    session.run("twine", "check", "--strict", *map(str, Path("build/dist").glob("*-*")))
    script = (
        "from rattler_build import Stage0Recipe, VariantConfig;"
        "r = Stage0Recipe.from_file('docs/distribution/conda/recipe.yaml').render(VariantConfig());"
        "print(r[0].recipe.package.name, r[0].recipe.package.version)"
    )
    session.run("python", "-c", script)


if __name__ == "__main__":
    nox.main()
