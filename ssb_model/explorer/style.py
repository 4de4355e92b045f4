"""How the page looks: one column on a phone, two on a desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

CSS = """
.nicegui-content { padding: 0; }
.explorer { display: grid; gap: 12px; padding: 12px; width: 100%; max-width: 1500px;
  margin: 0 auto; grid-template-columns: 340px minmax(0, 1fr);
  grid-template-areas: "side top" "side first" "side rest"; align-items: start;
  grid-template-rows: auto auto 1fr; }
.explorer > * { min-width: 0; }
.top { grid-area: top; } .first { grid-area: first; }
.side { grid-area: side; } .rest { grid-area: rest; }
.name { font-weight: 600; font-size: 1.1rem; }
.status { color: #555; font-size: .85rem; margin-left: auto; }
.go { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: .85rem; }
.go a { color: #00598a; } .panel { scroll-margin-top: 12px; }
.said { font-size: 1rem; min-height: 1.5em; } .since { color: #0b4f7c; }
.mind { color: #7a4a00; font-size: .9rem; }
.wrong { gap: 4px; color: #a3121f; } .wrong .code { font-family: monospace; font-size: .85rem;
  background: #fbeaea; padding: 2px 6px; overflow-wrap: anywhere; }
.picture { margin: 0; border: 1px solid #ddd; border-radius: 6px; padding: 8px; }
.caption { font-weight: 600; font-size: .9rem; color: #333; }
.stale .chart { opacity: .35; }
.chart { width: 100%; height: 300px; } .first .chart { height: 340px; }
.grid2 { display: grid; gap: 12px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.panel { border: 1px solid #ddd; border-radius: 6px; padding: 10px; margin-top: 12px;
  display: flex; flex-direction: column; gap: 6px; width: 100%; }
.side .panel:first-child { margin-top: 0; }
.panel h2 { font-size: .95rem; font-weight: 600; margin: 0; line-height: 1.4; }
.group { font-size: .8rem; font-weight: 600; color: #555; margin-top: 6px; }
.control { display: grid; grid-template-columns: 168px minmax(0, 1fr); gap: 12px;
  align-items: center; width: 100%; }
.fields { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 8px;
  width: 100%; }
.fields .q-field--with-bottom { padding-bottom: 0; }
.lab-book .q-expansion-item__content > div { padding: 4px 0; gap: 8px; }
.lab-book .q-item { padding: 4px 0; font-weight: 600; }
.opens .q-item { padding: 2px 0; min-height: 0; color: #00598a; font-size: .85rem; }
.opens .q-expansion-item__content > div { padding: 4px 0; }
.words dt { font-weight: 600; } .words dd { margin: 0 0 4px; } .words { margin: 0; }
.words { columns: 2 300px; }
.words dd { break-before: avoid; }
.tip { font-size: .8rem; white-space: pre-wrap; }
.drawn { max-height: 320px; overflow: auto; font-size: .8rem; width: 100%; }
.drawn th, .drawn td { text-align: left; padding: 2px 10px 2px 0; vertical-align: top; }
.drawn th { position: sticky; top: 0; background: #fff; } .drawn td { overflow-wrap: anywhere; }
.told { white-space: pre-wrap; font-family: monospace; font-size: .8rem; overflow-wrap: anywhere; }
.told.wide { white-space: pre; overflow-wrap: normal; overflow-x: auto; }
.note { color: #555; font-size: .85rem; overflow-wrap: anywhere; }
.pin { display: flex; gap: 6px; align-items: center; width: 100%; font-size: .85rem; }
.pin .words { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.swatch { width: 18px; height: 4px; border-radius: 2px; flex: none; }
.q-uploader { width: 100%; max-height: none; } .q-uploader__list { display: none; }
.q-uploader__subtitle { display: none; } .q-uploader__header { background: #eef3f8; color: #223; }
.q-uploader__title { white-space: normal; font-size: .85rem; }
.explorer .q-btn { padding: 4px 10px; } .explorer .q-btn--round { padding: 4px; }
@media (max-width: 900px) {
  .explorer { display: flex; flex-direction: column; align-items: stretch; padding: 8px; }
  .top { order: 1; } .first { order: 2; } .side { order: 3; } .rest { order: 4; }
  .first { position: sticky; top: 0; z-index: 5; background: #fff; }
  .grid2 { grid-template-columns: minmax(0, 1fr); }
  .first.loose { position: static; }
  .chart { height: 280px; } .first .chart { height: 230px; }
}
"""
NAMES = """<script>
// What has the focus carries the name: of a slider that is its track, of an upload its button.
const told = ["aria-label", "aria-valuetext", "aria-valuemin", "aria-valuemax", "aria-valuenow"];
const say = (e, name, value) => {
  if (value !== null && e.getAttribute(name) !== value) e.setAttribute(name, value);
};
const nameAll = () => {
  for (const slider of document.querySelectorAll(".q-slider")) {
    const track = slider.querySelector("[tabindex]");
    if (!track) continue;
    for (const name of told) say(track, name, slider.getAttribute(name));
    say(track, "role", "slider");
    say(slider, "role", "group");
  }
  for (const upload of document.querySelectorAll(".q-uploader")) {
    const words = upload.querySelector(".q-uploader__title").innerText;
    for (const one of upload.querySelectorAll(".q-btn")) say(one, "aria-label", words);
  }
};
// On a narrow screen the discharge stays in sight while the controls move, and no longer.
addEventListener("load", () => setTimeout(() => {
  const [first, rest] = [".first", ".rest"].map(one => document.querySelector(one));
  if (rest) new IntersectionObserver(([seen]) =>
    first.classList.toggle("loose", seen.isIntersecting || seen.boundingClientRect.top < 0)
  ).observe(rest);
}, 500));
new MutationObserver(nameAll).observe(document.body,
  {childList: true, subtree: true, attributes: true, attributeFilter: told});
</script>"""


def add() -> None:
    """To the page that is being built."""
    ui.add_css(CSS)
    ui.add_body_html(NAMES)
    ui.query("html").props('lang="en"')


def panel(title: str, key: str = ""):
    """A box with a heading; one with a ``key`` can be gone to by that."""
    box = ui.element("section").classes("panel").props(f'aria-label="{title}"')
    if key:
        box.props(f'id="{key}"')
    with box:
        ui.html(f"<h2>{title}</h2>", sanitize=False)
    return box


def tip(words: str = "") -> ui.tooltip:
    """What a pointer that rests on the element around is told; none while there are no words."""
    one = ui.tooltip(words).props('delay=350 max-width="340px"').classes("tip")
    one.bind_visibility_from(one, "text", bool)
    return one


def opens(title: str, test: str) -> ui.expansion:
    """A line that opens what is below it."""
    box = ui.expansion(title).classes("w-full opens")
    return box.props(f'dense data-test="{test}"')


def button(words: str, do: Callable, test: str, kind: str = "outline") -> ui.button:
    """A button, known by the name ``test``."""
    return ui.button(words, on_click=do).props(f'{kind} dense no-caps data-test="{test}"')


def choice(words: str, choices: Any, first: Any, test: str, wide: str = "w-full", **how: Any):
    """One of several, known by the name ``test``."""
    one = ui.select(choices, value=first, label=words, **how)
    return one.props(f'outlined dense data-test="{test}"').classes(wide)


def drop(words: str, most: int, refused: str, props: str, **how: Any) -> ui.upload:
    """Where files of at most so many bytes are dropped, each read at once."""
    box = ui.upload(
        label=words,
        auto_upload=True,
        max_file_size=most,
        on_rejected=lambda: ui.notify(refused, type="negative"),
        **how,
    )
    return box.props(f"flat bordered {props}")
