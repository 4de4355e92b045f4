"""What Windows has not, hidden: the package runs, and two runs in one folder are kept apart."""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest

from ssb_model.parameters.library import data_folder

HIDDEN = """
import os, shutil, signal, subprocess, sys, tempfile, types
import fcntl as real

REFUSED = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "posix", "syslog"}


class Refuses:
    def find_spec(self, name, path=None, target=None):
        if name in REFUSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def locking(held, mode, count):
    if mode != 2:
        raise OSError(22, "only LK_NBLCK is played")
    try:
        real.flock(held, real.LOCK_EX | real.LOCK_NB)
    except BlockingIOError:
        raise PermissionError(13, "Permission denied") from None


def guarded(call, refuse):
    def guard(path, *given, **named):
        if refuse(path):
            raise PermissionError(13, "Permission denied", str(path))
        return call(path, *given, **named)

    return guard


def is_open(path):
    return any(
        os.path.samefile(path, f"/proc/self/fd/{number}")
        for number in os.listdir("/proc/self/fd")
        if os.path.exists(path) and os.path.exists(f"/proc/self/fd/{number}")
    )


sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2)
for name in REFUSED:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Refuses())
for name in ("pthread_sigmask", "pthread_kill", "sigwait", "SIGHUP", "SIGKILL", "SIGUSR1"):
    delattr(signal, name)
for name in [one for one in vars(os) if one.startswith("O_")]:
    if name not in ("O_RDONLY", "O_WRONLY", "O_RDWR", "O_CREAT", "O_EXCL", "O_TRUNC", "O_APPEND"):
        delattr(os, name)
for name in ("fork", "forkpty", "killpg", "setsid", "getpgid", "mkfifo"):
    delattr(os, name)
import multiprocessing.resource_tracker  # looks once for what signals can do

shutil._use_fd_functions = False
os.open = guarded(os.open, os.path.isdir)
os.unlink = guarded(os.unlink, is_open)
"""
TWO = """
import sys, threading

from ssb_model.system.saving import save_result

def saves(word):
    for _ in range(20):
        files = {name: word.encode() for name in (f"run.{word}.csv", "run.both.csv")}
        save_result(sys.argv[1], "run", {"word": word}, files)

print("ready", flush=True)
sys.stdin.readline()
both = [threading.Thread(target=saves, args=(sys.argv[2],)) for _ in range(2)]
for one in both:
    one.start()
for one in both:
    one.join()
"""
HOLDS = """
import sys
from pathlib import Path

from ssb_model.system.locks import Lock

lock = Lock(Path(sys.argv[1]) / ".discharge.lock")
print("holds", flush=True)
sys.stdin.readline()
lock.release()
print("let go", flush=True)
sys.stdin.readline()
"""
SWEEP = """
import sys

import ssb_model as ssb

if __name__ == "__main__":
    cell = ssb.load_cell("NCM811_LPSCl_Si").with_options({"mesh": "draft"})
    over = {"stack_pressure": [1e6, 5e6]}
    kept = {"workers": 2, "journal": sys.argv[1] + ".sqlite"}
    result = ssb.sweep(cell, over, run="from full", c_rate=3.0, **kept)
    assert not result.failed, result.stopped
    result.save(sys.argv[1])
"""


@pytest.fixture(scope="module")
def windows(tmp_path_factory):
    """Starts Python with the hidden parts hidden, in it and in every process it starts."""
    folder = tmp_path_factory.mktemp("hidden")
    (folder / "sitecustomize.py").write_text(HIDDEN)

    def start(*command):
        return subprocess.Popen(
            [sys.executable, *map(str, command)],
            env={**os.environ, "PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def told(process):
    """Exit code and words of a process at its end."""
    with process:
        out, err = process.communicate()
    return process.returncode, out, err


def test_they_are_hidden(windows):
    script = """
        import importlib, os, signal, subprocess, sys

        for name in ("fcntl", "resource", "pwd"):
            try:
                importlib.import_module(name)
            except ModuleNotFoundError:
                continue
            raise AssertionError(name)
        assert not hasattr(signal, "SIGHUP") and not hasattr(os, "fork")
        print(subprocess.run([sys.executable, "-c", "import fcntl"]).returncode)
    """
    code, out, err = told(windows("-c", textwrap.dedent(script)))
    assert (code, out) == (0, "1\n")
    assert "No module named 'fcntl'" in err


def test_every_module_is_imported(windows):
    script = """
        import importlib, pkgutil, ssb_model
        for one in pkgutil.walk_packages(ssb_model.__path__, "ssb_model."):
            if not one.name.endswith("__main__"):
                importlib.import_module(one.name)
    """
    assert told(windows("-c", textwrap.dedent(script))) == (0, "", "")


def test_the_shell_saves_and_goes_on(windows, tmp_path):
    """A cycle with its journal, gone on with; no lock is left behind."""
    command = ["cycle", "NCM811_LPSCl_Si", "--c-rate", "3", "--option", "mesh=draft"]
    for cycles in ("1", "2"):
        run = windows("-m", "ssb_model", *command, "--cycles", cycles, "--out", tmp_path)
        code, _, err = told(run)
        assert code == 0, err
    saved = json.loads((tmp_path / "cycle.json").read_text())
    assert [row["Cycle"] for row in saved["rows"]] == [1, 2]
    there = {path.name for path in tmp_path.iterdir()}
    assert there == {*saved["files"], "cycle.sqlite"}


def test_a_sweep_with_workers(windows, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SWEEP)
    code, _, err = told(windows(script, tmp_path / "run"))
    assert code == 0, err
    rows = json.loads((tmp_path / "run" / "sweep.json").read_text())["rows"]
    assert [row["Stack pressure [MPa]"] for row in rows] == [1, 5]


def test_a_folder_in_use(windows, tmp_path):
    """Another process's lock is respected, given back, and lost with a process that is killed."""
    command = ["-m", "ssb_model", "discharge", "NCM811_LPSCl_Si", "--c-rate", "-3"]
    command += ["--out", tmp_path]
    holder = windows("-c", HOLDS, tmp_path)
    assert holder.stdout.readline() == "holds\n"
    code, _, err = told(windows(*command))
    assert code == 2
    assert err.startswith(f"ssb: another 'ssb discharge' writes to {tmp_path}: wait")
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "let go\n"
    assert not list(tmp_path.iterdir())
    holder.kill()
    told(holder)
    killed = windows("-c", HOLDS, tmp_path)
    assert killed.stdout.readline() == "holds\n"
    killed.kill()
    told(killed)
    code, _, err = told(windows(*command))
    assert code == 2
    assert "another" not in err
    assert not list(tmp_path.glob(".*"))


def test_two_that_save_into_one_folder(windows, tmp_path):
    """Threads of two processes: the last one has it whole."""
    both = [windows("-c", TWO, tmp_path, word) for word in ("old", "new")]
    for one in both:
        assert one.stdout.readline() == "ready\n"
    for one in both:
        one.stdin.write("\n")
        one.stdin.flush()
    for one in both:
        code, _, err = told(one)
        assert code == 0, err
    listed = json.loads((tmp_path / "run.json").read_text())
    assert {path.name for path in tmp_path.iterdir()} == set(listed["files"])
    for name in set(listed["files"]) - {"run.json"}:
        assert (tmp_path / name).read_text() == listed["word"]


def test_letters_the_screen_has_not(windows, monkeypatch, tmp_path):
    """As where the screen is sent to a file in the letters of one country."""
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    cell = tmp_path / "mine.toml"
    text = (data_folder() / "cells" / "NCM811_LPSCl_Si.toml").read_text(encoding="utf-8")
    text = re.sub('title = ".*"', 'title = "NCM811, 放电, 5 Ω"', text, count=1)
    cell.write_text(text, encoding="utf-8")
    code, out, err = told(windows("-m", "ssb_model", "show", cell))
    assert (code, err) == (0, "")
    assert r"NCM811, \u653e\u7535, 5 \u03a9" in out


def test_ctrl_c_waits_where_signals_cannot_be_blocked(windows):
    script = """
        import signal
        from ssb_model.system.signals import no_interrupt
        before = signal.getsignal(signal.SIGINT)
        try:
            with no_interrupt():
                signal.raise_signal(signal.SIGINT)
                print("waited")
        except KeyboardInterrupt:
            print("heard")
        assert signal.getsignal(signal.SIGINT) is before
    """
    assert told(windows("-c", textwrap.dedent(script))) == (0, "waited\nheard\n", "")
