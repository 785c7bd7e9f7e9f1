"""The HTML: sections with rows of pictures at the size in which people see them, a click away from full size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

#: (what it is, path relative to the page)
Shown = tuple[str, str]

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; background: #e4e4e2; color: #222 }
h2 { margin: 3rem 0 .5rem } nav a { margin-right: 1rem }
.row { display: flex; flex-wrap: wrap; gap: 14px; align-items: flex-start; margin-bottom: 18px }
figure { margin: 0 } figcaption { font-size: 12px; color: #666 }
img { display: block; max-width: 360px; max-height: 480px } .wide img { max-width: 100%; max-height: none }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and rows of pictures."""

    title: str
    rows: Sequence[Sequence[Shown]]


def page(sections: Sequence[Section], campaigns: Sequence[Shown]) -> str:
    """The whole document."""
    links = " ".join(f'<a href="#s{number}">{escape(s.title.split(":")[0])}</a>' for number, s in enumerate(sections))
    built = " ".join(f'<a href="{escape(path)}">{escape(what)}</a>' for what, path in campaigns)
    body = "\n".join(_section(number, section) for number, section in enumerate(sections))
    head = f"<!doctype html><meta charset=utf-8><title>Affiche: everything at a glance</title><style>{_STYLE}</style>"
    return f"{head}<h1>Everything at a glance</h1><nav>{links}</nav><nav>Campaigns: {built}</nav>{body}"


def _section(number: int, section: Section) -> str:
    return f'<h2 id="s{number}">{escape(section.title)}</h2>' + "\n".join(map(_row, section.rows))


def _row(row: Sequence[Shown]) -> str:
    return f'<div class="row{" wide" if len(row) == 1 else ""}">{"".join(map(_figure, row))}</div>'


def _figure(shown: Shown) -> str:
    what, path = (escape(text) for text in shown)
    return f'<figure><a href="{path}"><img loading="lazy" src="{path}" alt="{what}"></a><figcaption>{what}</figcaption></figure>'
