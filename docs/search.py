"""Ask the site's own search, in headless Chromium, what people ask: ``python -m docs.search``.

For each question of ``docs/_ext/asked.py`` the place of the right page among the answers is
printed. The site is built before (``python -m docs.build``); ``pip install playwright``.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

DOCS = Path(__file__).resolve().parent
SITE = DOCS.parent / "build" / "manual" / "html"
SHOWN = 10
sys.path.insert(0, str(DOCS / "_ext"))
RESULTS = f"""[...document.querySelectorAll('#search-results li > a')].slice(0, {SHOWN})
    .map(link => link.getAttribute('href'))"""


def main(questions: list[str]) -> int:
    """Ask those given, or all there are; the exit code is 1 if a right page is not the first."""
    from asked import QUESTIONS
    from playwright.sync_api import sync_playwright

    first = 0
    asked = questions or list(QUESTIONS)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--allow-file-access-from-files"],
        )
        page = browser.new_page()
        for words in asked:
            page.goto(f"{(SITE / 'search.html').as_uri()}?q={quote(words)}")
            summary = "document.querySelector('#search-results .search-summary')?.innerText"
            page.wait_for_function(f"/found|did not match/i.test({summary} ?? '')")
            page.wait_for_timeout(100)
            found = [re.sub(r"\.html.*", "", one) for one in page.evaluate(RESULTS)]
            right = QUESTIONS.get(words, "").split()
            place = next((k for k, one in enumerate(found, start=1) if one in right), 0)
            first += place == 1
            print(f"{place or '-':>3}  {words:32s} {', '.join(found[:4])}")
        browser.close()
    print(f"{first} of {len(asked)} right at once")
    return int(first < len(asked))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
