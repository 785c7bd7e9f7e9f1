"""Findings drawn on a picture: where they are, nowhere else, and the same on every run."""

from __future__ import annotations

import numpy as np

from affiche.adapters.paint.findings import overlay_findings
from affiche.values.finding import Finding, FindingStatus
from affiche.values.geometry import Rect


def finding(status: FindingStatus, rect: Rect | None, message: str = "something") -> Finding:
    return Finding(rule="text.size", code="text.size.too-small", status=status, message=message, rect=rect)


def canvas(width: int = 600, height: int = 400) -> np.ndarray:
    return np.full((height, width, 4), 255, np.uint8)


def test_only_what_is_wrong_is_framed_and_the_picture_is_not_touched_elsewhere() -> None:
    before = canvas()
    drawn = overlay_findings(before, [finding("fail", Rect(200, 150, 120, 60)), finding("pass", Rect(400, 300, 50, 50))])
    changed = np.argwhere((drawn != before).any(-1))
    top, left = changed.min(0)
    bottom, right = changed.max(0)
    assert (130 < top < 150, 185 < left < 200, 210 <= bottom < 225, 320 <= right < 335) == (True,) * 4
    assert (before == 255).all()
    inside = drawn[175:195, 225:305]
    assert (inside == 255).all()


def test_statuses_have_their_own_colours_and_passes_are_drawn_on_request() -> None:
    rect = Rect(100, 100, 200, 100)
    colors = {s: tuple(overlay_findings(canvas(), [finding(s, rect)], passes=True)[200:204, 200].min(0)) for s in ("fail", "warn", "pass")}
    assert len(set(colors.values())) == 3


def test_a_frame_at_the_edge_stays_visible_and_tags_do_not_lie_over_each_other() -> None:
    drawn = overlay_findings(canvas(), [finding("fail", Rect(0, 0, 600, 400)), finding("warn", Rect(0, 0, 300, 200))])
    reddish = (drawn[..., 0].astype(int) - drawn[..., 1]) > 100
    assert reddish[:, -4:].any() and reddish[-4:, :].any()
    assert (drawn[:30, :80, :3].min(-1) < 120).sum() > 100


def test_the_legend_makes_the_picture_larger_and_survives_any_text() -> None:
    findings = [finding("fail", None, "午後を、目覚めさせよう。 is too small " * 6)]
    below = overlay_findings(canvas(), findings, legend=True)
    beside = overlay_findings(canvas(160, 600), findings, legend=True)
    assert below.shape[1] == 600 and below.shape[0] > 400
    assert beside.shape[1] > 160 and beside.shape[0] >= 600
    assert (below[:400] == 255).all()
    assert np.array_equal(below, overlay_findings(canvas(), findings, legend=True))
    assert overlay_findings(canvas(), [], legend=True).shape[0] > 400


def test_transparent_pictures_are_shown_over_white() -> None:
    clear = np.zeros((100, 100, 4), np.uint8)
    assert (overlay_findings(clear, []) == 255).all()
