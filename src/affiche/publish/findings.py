"""findings.csv: one row for each finding that is not a pass, for people with spreadsheets.

A cell that a spreadsheet would take for a formula gets a leading apostrophe (OWASP, "CSV Injection"): texts in findings
come from briefs, and briefs come from anywhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from affiche.publish.model import PublishedCreative

NAME = "findings.csv"
_COLUMNS = (
    "status", "rule", "code", "product", "locale", "placement", "variant",
    "message", "measured", "limit", "hint", "x", "y", "width", "height", "file",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(creatives: Iterable[PublishedCreative]) -> bytes:
    """The table as UTF-8 with a byte order mark (Excel needs it to read other scripts) and CRLF (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for creative in sorted(creatives, key=lambda c: c.identity):
        writer.writerows(_rows(creative))
    return out.getvalue().encode("utf-8-sig", "backslashreplace")


def _rows(creative: PublishedCreative) -> Iterator[list[str]]:
    path = creative.files[0].path if creative.files else ""
    for finding in creative.findings:
        if finding.status == "pass":
            continue
        rect = [""] * 4 if finding.rect is None else [format(v, ".0f") for v in finding.rect.as_tuple()]
        texts = [
            finding.status, finding.rule, finding.code,
            creative.product, creative.locale, creative.placement, creative.variant,
            finding.message, finding.measured, finding.limit, finding.hint,
        ]  # fmt: skip
        # Coordinates are numbers, also negative ones: nothing to defuse in them.
        yield [*map(defused, texts), *rect, defused(path)]


def defused(text: str) -> str:
    """`text` so that no spreadsheet computes it."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS) else text
