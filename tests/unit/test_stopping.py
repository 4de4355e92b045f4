"""Ctrl-C of which a library makes another error, or nothing, is Ctrl-C again."""

import contextlib
import signal
import threading

import pytest

import ssb_model as ssb
from ssb_model.studies import runs
from ssb_model.system.signals import stop_is_heard


def made_another_error():
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise NotImplementedError("Wrong number or type of arguments") from None


def swallowed():
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("library", [made_another_error, swallowed, signal.default_int_handler])
def test_leaves_as_itself(library):
    handler = signal.getsignal(signal.SIGINT)
    given = (signal.SIGINT, None) if library is signal.default_int_handler else ()
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), stop_is_heard(), stop_is_heard():
            library(*given)
        assert signal.getsignal(signal.SIGINT) is handler


def test_other_errors_stay_what_they_are():
    with pytest.raises(ZeroDivisionError), stop_is_heard():
        1 / 0  # noqa: B018


def test_in_a_thread_nothing_is_touched():
    handler, seen = signal.getsignal(signal.SIGINT), []

    @stop_is_heard()
    def look():
        seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [handler]


def test_a_point_interrupted_is_no_point_that_failed(monkeypatch):
    """A sweep takes errors of a batch for those of its points: not this one."""

    def interrupted(*_):
        made_another_error()

    monkeypatch.setitem(runs.RUNS, "from full", interrupted)
    over = {"stack_pressure": [1e6, 2e6]}
    result = ssb.sweep("NCM811_LPSCl_Si", over, run="from full")
    assert result.stopped
    assert not result.rows
