"""The explorer driven in headless Chromium: every control, pins, files, a fit that is stopped.

From the checkout, with `pip install playwright` and Debian's ``chromium``:

    python -m tests.in_browser            # all of it, and how long an answer takes
    python -m tests.in_browser --shots DIR  # pictures of the page at two widths besides
"""

import argparse
import contextlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "ssb_model" / "samples"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DESK, PHONE = {"width": 1366, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 90_000  # ms, on a machine that others use too
PARTS = ("discharge", "losses", "impedance", "rates", "contact")
WATCH = """() => {
  window.seen = {};
  addEventListener('keydown', () => { window.begun = performance.now(); window.seen = {}; }, true);
  for (const part of PARTS) {
    const chart = document.querySelector(`[data-test=${part}]`);
    new MutationObserver(() => requestAnimationFrame(() => {
      if (!(part in window.seen)) window.seen[part] = performance.now() - window.begun;
    })).observe(chart, {attributes: true, attributeFilter: ['data-answer']});
  }
}""".replace("PARTS", str(list(PARTS)))


def browser_path():
    """Of a Chromium, none where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def serving(*arguments, port=8350):
    """The address of an explorer of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "ssb_model", "explore", *arguments]
    command += ["--no-browser", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        line = server.stdout.readline()
        yield re.search(r"http://\S+", line)[0]
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        server.stdout.close()


@contextlib.contextmanager
def visiting(size=DESK):
    """A page in a browser, and what it complained of."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = browser.new_page(viewport=size)
        page.set_default_timeout(PATIENCE)
        yield Visitor(page)
        browser.close()


class Visitor:
    """What a visitor does and sees; ``elsewhere`` are requests that left this machine."""

    def __init__(self, page):
        self.page, self.complaints, self.elsewhere = page, [], []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._heard)

    def _heard(self, request):
        if not re.match(r"http://127\.0\.0\.1:\d+/|ws://127\.0\.0\.1|data:|blob:", request.url):
            self.elsewhere.append(request.url)

    def at(self, name):
        return f"[data-test={name}]"

    def text(self, name):
        return self.page.inner_text(self.at(name))

    def open(self, address):
        self.page.goto(address)
        self.page.wait_for_function("document.querySelector('[data-test=said]')?.innerText")
        self.settled()
        self.page.evaluate(WATCH)

    def settled(self):
        """Until everything that was asked is answered."""
        status = "document.querySelector('[data-test=status]').innerText"
        self.page.wait_for_function(f"['ready', 'refused'].includes({status})")
        self.page.wait_for_timeout(150)

    def press(self, key, times=1, arrow="ArrowRight"):
        """Move a slider by the keyboard; ms from the key to each picture."""
        slider = self.at(f"slider-{key}")
        self.page.focus(f"{slider} [tabindex='0'], {slider}[tabindex='0']")
        took = []
        for _ in range(times):
            self.page.keyboard.press(arrow)
            self.page.wait_for_function("'contact' in window.seen")
            took.append(self.page.evaluate("window.seen"))
            self.settled()
        return took

    def fill(self, name, value):
        box = self.page.locator(self.at(name))
        box = box if box.evaluate("e => e.tagName") == "INPUT" else box.locator("input")
        box.fill(str(value))

    def type(self, key, value):
        self.fill(f"box-{key}", value)
        self.page.wait_for_timeout(400)
        self.settled()

    def click(self, name):
        self.page.click(self.at(name))

    def drop(self, name, *files):
        """Into an uploader, as the file chooser gives them."""
        self.page.set_input_files(f"{self.at(name)} input[type=file]", files)

    def download(self, kind):
        with self.page.expect_download() as waiting:
            self.click(f"save-{kind}")
        return Path(waiting.value.path()).read_bytes()

    def lines(self, part):
        """How many lines a picture has."""
        chart = f"getElement(+document.querySelector('{self.at(part)}').id.slice(1))"
        return self.page.evaluate(f"{chart}.chart.getOption().series.length")


def controls(visitor):
    """The controls of the cell that are shown."""
    script = """() => [...document.querySelectorAll('[data-test^=slider-]')]
        .filter(e => e.offsetParent).map(e => e.dataset.test.slice(7))"""
    return visitor.page.evaluate(script)


def whole(visitor, address):
    """All of it, one after the other; prints what was seen."""
    page, took = visitor.page, []
    for cell in ("NCM811_LPSCl_Si", "NCM523_LPSCl_Graphite"):
        begun = time.monotonic()
        visitor.open(f"{address}?cell={cell}")
        print(f"{cell}: open and whole after {time.monotonic() - begun:.1f} s; moves, ms")
        visitor.open(f"{address}?cell={cell}")
        took = []
        for key in controls(visitor):
            arrow = "ArrowLeft" if key in ("porosity", "separator-thickness") else "ArrowRight"
            moved = visitor.press(key, 3, arrow)
            took += moved
            print(f"  {key:20s}", [round(one["discharge"]) for one in moved])
        for part in PARTS:
            each = [one[part] for one in took if part in one]
            print(f"  {part:20s} median {statistics.median(each):.0f}, worst {max(each):.0f}")
    visitor.open(address)
    keeps_up(visitor)
    visitor.open(address)
    visitor.click("pin")
    visitor.settled()
    visitor.type("pressure", 1)
    assert visitor.lines("discharge") == 2, "a pin lies under what moves"
    print(page.inner_text(".since"))
    visitor.drop("data", SAMPLES / "capacities.csv")
    page.wait_for_function(
        "document.querySelector('[data-test=data-words]').innerText.includes('holds capacities')"
    )
    visitor.settled()
    link = page.url
    said = visitor.text("said")
    visitor.open(link)
    assert visitor.text("said") == said, "a link gives the same screen"
    assert visitor.lines("rates") == 3, "two variants and what was measured"
    for kind in ("svg", "png", "csv", "toml", "py"):
        print(f"  {kind}: {len(visitor.download(kind))} bytes")
    print(visitor.download("py").decode())
    visitor.open(address)
    out_of_a_lab_book(visitor)
    page.click("nav >> text=Least stack pressure")
    visitor.click("least")
    page.wait_for_selector(visitor.at("stop"), state="visible")
    page.wait_for_function(
        "document.querySelector('[data-test=least-words]').innerText.match(/met/)"
    )
    visitor.click("stop")  # the answer of the cell as it stands is there before its interval
    page.wait_for_selector(visitor.at("stop"), state="hidden")
    print(visitor.text("least-headline"), visitor.text("least-words"), sep="\n")
    assert "least=" in page.url, "a link asks the same again"
    assert "MPa" in visitor.text("hold"), "a button says what it sets"
    visitor.click("hold")
    page.wait_for_function("location.search.includes('pressure=')")
    draws_bands(visitor, address)
    assert not nameless(visitor), nameless(visitor)
    fit_and_stop(visitor, address)
    shows_mistakes(visitor, address)
    assert not visitor.elsewhere, visitor.elsewhere
    assert not visitor.complaints, visitor.complaints


def out_of_a_lab_book(visitor):
    """A cell that nobody has a file of, from what was weighed and pressed."""
    page = visitor.page
    page.click("text=Your own cell, from your lab book")
    page.wait_for_selector(visitor.at("lab-make"), state="visible")
    for name, value in {"cathode": 12, "separator": 100, "pressed": 380, "held": 50}.items():
        visitor.fill(f"lab-{name}", value)
    visitor.fill("lab-electrolyte-share", 27)
    visitor.click("lab-make")
    page.wait_for_function(
        "document.querySelector('[data-test=lab-wrong]').innerText.includes('97 wt%')"
    )
    visitor.fill("lab-electrolyte-share", 30)
    visitor.click("lab-make")
    page.wait_for_function("location.search.includes('own')")
    visitor.settled()
    assert "50 MPa" in visitor.text("said")
    print("out of a lab book:", visitor.text("said"))
    visitor.open(page.url)
    filled = page.locator(f"{visitor.at('lab-cathode')}").first
    filled = filled if filled.evaluate("e => e.tagName") == "INPUT" else filled.locator("input")
    assert filled.input_value() == "12", "a link fills the form again"


def draws_bands(visitor, address):
    """By a link; they go when a control moves."""
    visitor.open(f"{address}?bands=20")
    visitor.page.wait_for_selector(visitor.at("stop"), state="hidden", timeout=4 * PATIENCE)
    print(visitor.text("bands-words"))
    assert visitor.lines("discharge") == visitor.lines("rates") == 2, "a band behind each"
    assert b"of draws" in visitor.download("csv")
    visitor.press("pressure")
    assert visitor.lines("discharge") == 1
    assert "bands" not in visitor.page.url


def nameless(visitor):
    """What can have the focus and has no name for a voice to read; icons are letters, not names."""
    script = """() => [...document.querySelectorAll('a, button, input, [tabindex="0"]')]
        .filter(e => e.offsetParent && e.type !== 'file' && !e.ariaLabel
            && !e.closest('label')?.innerText.trim() && !e.labels?.[0]?.innerText.trim()
            && ![e, ...e.querySelectorAll('*')].some(part => !part.closest('.q-icon')
                && [...part.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())))
        .map(e => e.outerHTML.slice(0, 120))"""
    return visitor.page.evaluate(script)


def keeps_up(visitor):
    """Moves faster than answers: what is shown at the end is of the last, and of it alone."""
    slider = visitor.at("slider-pressure")
    visitor.page.focus(f"{slider} [tabindex='0'], {slider}[tabindex='0']")
    for _ in range(25):
        visitor.page.keyboard.press("ArrowRight")
        visitor.page.wait_for_timeout(30)
    visitor.page.wait_for_timeout(500)
    visitor.settled()
    said, url = visitor.text("said"), visitor.page.url
    visitor.open(url)
    assert visitor.text("said") == said, "the last answer is that of the last question"
    print("after 25 moves in a row:", said)


def shows_mistakes(visitor, address):
    """Of a cell that is dropped, at their lines; the page stays as it was. Of a measured file."""
    page = visitor.page
    visitor.open(address)
    before = visitor.text("said")
    with tempfile.TemporaryDirectory() as folder:
        wrong = Path(folder) / "wrong.toml"
        wrong.write_text((SAMPLES / "cell.toml").read_text().replace("um]", "kg]"))
        visitor.drop("own", wrong)
        page.wait_for_selector(".wrong .code")
        told = page.inner_text(".wrong")
        assert "wrong.toml, line " in told, told
        assert visitor.text("said") == before
        nothing = Path(folder) / "nothing.csv"
        nothing.write_bytes(bytes(range(256)) * 50)
        visitor.drop("data", nothing)
        page.wait_for_function(
            "document.querySelector('[data-test=data-words]').innerText.includes('nothing.csv')"
        )
        print(told.splitlines()[0], visitor.text("data-words"))


def fit_and_stop(visitor, address):
    """A fit of a record, stopped after some points; then one that ends."""
    page = visitor.page
    visitor.open(f"{address}")
    visitor.drop("own", SAMPLES / "cell.toml")
    page.wait_for_function("document.querySelector('.said').innerText.length > 0")
    page.wait_for_timeout(4000)
    visitor.settled()
    with tempfile.TemporaryDirectory() as folder:
        rates = Path(folder) / "rates.csv"
        rates.write_text("C-rate,Capacity [mAh/g]\n0.1,160\n0.2,150\n0.5,120\n1,80\n")
        visitor.drop("data", rates)
        page.wait_for_function(
            "document.querySelector('[data-test=data-words]').innerText.includes('rates.csv')"
        )
    visitor.settled()
    for stopped in (True, False):
        visitor.page.fill(f"{visitor.at('vary')} input, input{visitor.at('vary')}", "Diffusion")
        page.wait_for_timeout(500)
        if stopped:
            page.click(".q-menu .q-item >> nth=0")
        page.keyboard.press("Escape")
        visitor.click("fit")
        page.wait_for_selector(visitor.at("stop"), state="visible")
        page.wait_for_function(
            "document.querySelector('[data-test=progress]').innerText.includes('points looked at')"
        )
        if stopped:
            visitor.click("stop")
        page.wait_for_selector(visitor.at("stop"), state="hidden")
        print(visitor.text("progress"), "|", visitor.text("fit-words")[:300])
    visitor.click("show-fit")
    for _ in range(40):  # the page may look settled before it has heard the click
        visitor.settled()
        if visitor.lines("discharge") >= 2:
            break
        page.wait_for_timeout(250)
    assert visitor.lines("discharge") >= 2
    return page.url


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--shots", type=Path, help="folder for pictures of the page")
    given = options.parse_args()
    with serving() as address, visiting() as visitor:
        whole(visitor, address)
        if given.shots:
            given.shots.mkdir(parents=True, exist_ok=True)
            for name, size in (("desk", DESK), ("phone", PHONE)):
                visitor.page.set_viewport_size(size)
                visitor.page.wait_for_timeout(1000)
                visitor.page.screenshot(path=given.shots / f"{name}.png", full_page=True)


if __name__ == "__main__":
    main()
