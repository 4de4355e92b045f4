"""A page, served and visited: skipped where NiceGUI, Playwright or a Chromium is missing.

``python -m tests.in_browser`` does all of it.
"""

import urllib.error
import urllib.request

import pytest

from tests.in_browser import browser_path, serving, visiting

pytest.importorskip("nicegui")


@pytest.fixture(scope="module")
def address():
    with serving() as address:
        yield address


def status(address, method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, method=method, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_the_server_answers_this_machine_alone(address):
    assert address.startswith("http://127.0.0.1:")
    assert status(address) == 200
    assert status(address, Host="evil.example") == 403
    assert status(address, Origin="http://evil.example") == 403
    assert status(address, "POST", Content_Length=str(10**9)) == 413
    assert status(f"{address}?cell=/etc/passwd") == 200  # the page says what is wrong


@pytest.mark.skipif(browser_path() is None, reason="no Chromium")
def test_a_visitor_moves_pins_and_comes_back_by_the_link(address):
    pytest.importorskip("playwright")
    with visiting() as visitor:
        visitor.open(address)
        whole = visitor.text("said")
        assert "mAh/g" in whole
        assert "5 MPa" in whole
        visitor.click("pin")
        visitor.press("pressure", arrow="ArrowLeft")
        moved = visitor.text("said")
        assert moved != whole
        assert visitor.lines("discharge") == 2
        assert "Since the pin: stack pressure from 5 to" in visitor.page.inner_text(".since")
        visitor.open(visitor.page.url)
        assert visitor.text("said") == moved
        assert visitor.lines("discharge") == 2
        assert "pin 1: 0.1C, 5 MPa" in visitor.page.inner_text(".pin")
        visitor.page.goto(f"{address}?cell=/etc/passwd")
        visitor.page.wait_for_selector(visitor.at("wrong"))
        assert "no cell named" in visitor.text("wrong")
        assert not visitor.complaints
        assert not visitor.elsewhere
