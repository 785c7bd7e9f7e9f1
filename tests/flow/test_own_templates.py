"""A brief with a template of its own: used when it holds the stress cases, refused when it does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from affiche import wire
from affiche.cli.main import run
from affiche.inputs import load_campaign
from affiche.plan.expand import expand
from affiche.plan.model import Plan
from affiche.settings import load

BRIEF = """affiche: 1
campaign: quiet
design: {template: layouts/quiet.yaml}
message: {locale: en-US, headline: Wake up the afternoon}
markets: [{region: US, locales: [en-US]}]
products: [{id: yuzu, name: Yuzu}]
placements: [instagram-square]
"""
CLASSES = ("skyscraper", "tall", "portrait", "square", "wide", "banner")


def layout(headline: str) -> str:
    """A template with one headline in every class."""
    box = f"[{{boxes: [{{headline: {{{headline}}}}}]}}]"
    return "template: 1\nid: quiet\nclasses:\n" + "".join(f"  {name}: {box}\n" for name in CLASSES)


GOOD = "within: content, min: 3u, max: 12u, lines: 6, style: display"
TOO_LARGE = "within: content, min: 40u, max: 50u, lines: 1, style: display"


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    (tmp_path / "layouts").mkdir()
    path = tmp_path / "brief.yaml"
    path.write_text(BRIEF, encoding="utf-8")
    return path


def planned(brief: Path) -> Plan:
    campaign, problems = load_campaign(brief)
    assert campaign is not None, problems
    return expand(wire.materials(campaign, load(), date(2026, 1, 1)))


def test_a_template_that_holds_is_used(brief: Path) -> None:
    (brief.parent / "layouts" / "quiet.yaml").write_text(layout(GOOD), encoding="utf-8")
    plan = planned(brief)
    assert not plan.refused, plan.problems
    assert plan.creatives[0].product.templates["none"].id == "quiet"


def test_a_template_that_does_not_hold_is_refused_with_the_first_fault(brief: Path) -> None:
    (brief.parent / "layouts" / "quiet.yaml").write_text(layout(TOO_LARGE), encoding="utf-8")
    plan = planned(brief)
    assert plan.refused
    problem = next(problem for problem in plan.problems if problem.code == "template.fails")
    assert "headline does not fit" in problem.message
    assert problem.where.line == 3


def test_a_template_that_is_not_there_and_one_that_cannot_be_read_are_refused(brief: Path) -> None:
    assert {problem.code for problem in planned(brief).problems} >= {"template.missing"}
    (brief.parent / "layouts" / "quiet.yaml").write_text("template: 1\nid: quiet\nclases: {}\n", encoding="utf-8")
    plan = planned(brief)
    assert plan.refused
    assert any("clases" in problem.message for problem in plan.problems)


def test_the_author_is_told_the_same_before(brief: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = brief.parent / "layouts" / "quiet.yaml"
    path.write_text(layout(TOO_LARGE), encoding="utf-8")
    assert run(["template", "check", str(path)]) == 2
    assert "overflow" in capsys.readouterr().out
    path.write_text(layout(GOOD), encoding="utf-8")
    assert run(["template", "check", str(path)]) == 0
    assert run(["template", "check", "nope"]) == 2


def test_a_proof_sheet_is_a_picture(tmp_path: Path) -> None:
    out = tmp_path / "proof.png"
    assert run(["template", "proof", "lockup", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
