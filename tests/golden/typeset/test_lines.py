"""Lines per locale: size, breaks, faces and exact widths of a headline and of running text, as text to be read."""

from __future__ import annotations

import pytest

from affiche.compose.typeset import FitSpec, TextStyle, fit, locales, measure

TAGS = ["en-US", "de-DE", "fr-FR", "pl-PL", "cs-CZ", "tr-TR", "vi-VN", "el-GR", "ru-RU", "ka-GE", "ar-SA", "ar-EG", "fa-IR", "ur-PK",
        "he-IL", "hi-IN", "bn-BD", "ta-IN", "th-TH", "km-KH", "my-MM", "ja-JP", "ko-KR", "zh-CN", "zh-TW"]
HEADLINE = TextStyle(family="Bricolage Grotesque", weight=800, tracking=-0.015)
BODY = TextStyle(family="Manrope", weight=400, use="text")


def dump(tag, text):
    rows = [f"{tag}  {text}"]
    for name, style, spec in (
        ("headline 420x260", HEADLINE, FitSpec(min_px=24, max_px=72, max_lines=4)),
        ("body 300x200", BODY, FitSpec(min_px=14, max_px=24, max_lines=6, balance=False)),
    ):
        width, height = (int(n) for n in name.split()[1].split("x"))
        fitted = fit(measure(text, style, tag), width, height, spec)
        rows.append(f"{name}: {fitted.size_px:g} px, leading {fitted.line_height:.1f}, block {fitted.width:.1f} x {fitted.height:.1f}"
                    f"{', ' + fitted.remedy if fitted.remedy else ''}{', ' + fitted.reason if fitted.reason else ''}")
        rows.append(f"  faces: {' > '.join(fitted.fonts[:3])}")
        rows += [f"  |{line.text.replace(chr(0xA0), '~')}|  {line.width:.1f} at {line.x:.1f}" for line in fitted.lines]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("tag", TAGS)
def test_lines(tag, golden):
    sample = next(info.sample for info in locales() if info.tag == tag)
    golden.text(f"lines/{tag}.txt", dump(tag, sample))
