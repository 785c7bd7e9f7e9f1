"""`affiche words`: list, approve, export, import, propose, explain, over a model on a local socket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from affiche.cli.main import run
from affiche.write.memory import read_memory
from affiche.write.xliff import Document, Unit, read, render
from tests.contract.kit_writers import Reply, Seen, serving
from tests.flow.kit_words import BRIEF, OPENAI, campaign, knowing, material
from tests.flow.test_words_build import built, by_locale, home, use  # noqa: F401 - a fixture

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run([*arguments]) == code
    return capsys.readouterr().out


def test_approved_texts_are_memory_and_need_no_writer(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    brief = campaign(home)
    with serving(knowing) as double:
        use(double, monkeypatch)
        said(capsys, "words", "draft", str(brief))
        rows = json.loads(said(capsys, "words", "list", str(brief), "--json", "--origin", "model"))
        assert {row["id"] for row in rows} == {f"yuzu/a/{tag}/{role}" for tag in ("de-DE", "fr-FR") for role in ("headline", "body")}
        assert said(capsys, "words", "approve", str(brief), code=2) == "", "approving everything takes --all"
        assert "2 texts approved" in said(capsys, "words", "approve", str(brief), "--locale", "de-DE", "--by", "A. Muster")
    file = home / "translations.yaml"
    memory, problems = read_memory(file.read_bytes(), file=file.name)
    assert not problems and {entry.by for entry in memory.entries} == {"compatible m-1, approved by A. Muster"}
    assert ("Only {price, number, currency} a can.", "de-DE") in memory.exact, "values stay placeholders in the memory"
    monkeypatch.delenv("AFFICHE_WRITER")
    creative = by_locale(built(brief, capsys))
    assert creative["de-DE"]["origins"]["headline"] == "memory" and creative["de-DE"]["words"]["body"] == "Nur 1,99\xa0€ pro Dose."
    assert "written" not in creative["de-DE"] and creative["fr-FR"]["origins"]["headline"] == "source"


def test_a_near_match_is_used_only_instead_of_the_source_and_flagged(home: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    (home / "translations.yaml").write_text(
        "memory: 1\ntexts:\n- {source: Wake up this afternoon, locale: en-US, into: {de-DE: Weck diesen Nachmittag}}\n"
        "- {source: 'Only {other, number, currency} a can.', locale: en-US, into: {de-DE: 'Nur {other, number, currency}'}}\n", "utf-8",
    )
    german = by_locale(built(campaign(home), capsys))["de-DE"]
    assert german["words"]["headline"] == "Weck diesen Nachmittag" and german["origins"]["headline"] == "memory"
    assert german["written"]["headline"]["match"] in range(85, 100)
    assert german["origins"]["body"] == "source", "another placeholder is another text"
    assert "copy.unreviewed.near" in {f["code"] for f in german["findings"]}


def test_a_wrong_memory_is_told_with_its_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    (home / "translations.yaml").write_text("memory: 1\ntexts:\n- {source: Wake, local: en-US, into: {de-DE: Weck}}\n", "utf-8")
    assert run(["build", str(campaign(home)), "--out", str(home / "out")]) == 2
    assert "translations.yaml:3" in capsys.readouterr().err


def test_out_to_translators_and_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    brief = campaign(home)
    built(brief, capsys)
    said(capsys, "words", "export", str(brief), str(home / "x"), "--locale", "fr-FR")
    assert [path.name for path in (home / "x").iterdir()] == ["summer_fr-FR.xlf"]
    document = read((home / "x" / "summer_fr-FR.xlf").read_bytes())
    assert [unit.source for unit in document.units] == ["Wake up the afternoon", "Only {price, number, currency} a can."]
    raw = (home / "x" / "summer_fr-FR.xlf").read_text("utf-8")
    assert '<note category="slot">headline</note>' in raw and '<note category="placements">ratio.1x1</note>' in raw
    assert '<note category="screenshot">summer/yuzu/1x1/' in raw

    done = [Unit(id=unit.id, source=unit.source, target=text, state="reviewed")
            for unit, text in zip(document.units, ["Réveillez l’après-midi", "Seulement 1,99 €"], strict=True)]
    path = home / "done.xlf"
    path.write_bytes(render(Document(campaign="summer", source_locale="en-US", target_locale="fr-FR", units=tuple(done))))
    answer = json.loads(said(capsys, "words", "import", str(brief), str(path), "--json", code=2))
    assert answer["taken"] == 1 and [p["code"] for p in answer["problems"]] == ["words.rejected"]
    french = by_locale(built(brief, capsys))["fr-FR"]
    assert french["origins"]["headline"] == "memory" and french["origins"]["body"] == "source"


def test_a_text_that_does_not_fit_gets_a_shorter_wording(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    long = "Nachmittagserweckungsvergnügen für alle, die um vier Uhr müde sind und trotzdem weitermachen wollen, mit ganz viel Sprudel darin"
    brief = campaign(home, BRIEF.replace('ratios: ["1:1"]', 'placements: ["iab-banner-320x50"]').replace("  - {region: FR, locales: [fr-FR]}\n", "")
                     .replace("products:", f'copy: {{de-DE: {{headline: "{long}", body: Kurz}}}}\nproducts:'))

    def shortening(seen: Seen) -> Reply:
        rows = material(seen)["texts"]
        assert all(row["max_characters"] < len(long) for row in rows.values())
        return Reply(body=OPENAI.good({"texts": dict.fromkeys(rows, "Wach")}))

    with serving(shortening) as double:
        use(double, monkeypatch)
        placements = json.loads(said(capsys, "placements", "--json"))
        brief.write_text(brief.read_text("utf-8").replace("iab-banner-320x50", next(p["id"] for p in placements if "320x50" in p["id"])), "utf-8")
        german = by_locale(built(brief, capsys))["de-DE"]
        assert len(double.seen) == 1 and german["words"]["headline_short"] == "Wach" and german["origins"]["headline_short"] == "model"
        assert german["status"] == "flagged", [f for f in german["findings"] if f["status"] == "fail"]
        built(brief, capsys)
        assert len(double.seen) == 1


def test_proposals_are_asked_once_and_checked(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    def proposing(seen: Seen) -> Reply:
        data, wanted = material(seen), json.dumps(seen.body["response_format"])
        if "alternatives" in wanted:
            answer: dict[str, object] = {"alternatives": [{"idea": "question", "text": "Tired at four?"}, {"idea": "number", "text": "100 % awake"}]}
        elif "scene" in wanted:
            answer = {"scene": "A quiet kitchen at four in the afternoon."}
        else:
            answer = {"texts": {id: f"Plain {id}" for id in data.get("texts", data.get("findings", {}))}}
        return Reply(body=OPENAI.good(answer))

    brief = campaign(home, BRIEF + "audience: Office workers\n")
    with serving(proposing) as double:
        use(double, monkeypatch)
        for _ in range(2):
            rows = json.loads(said(capsys, "words", "propose", str(brief), "--count", "2", "--json"))["rows"]
            assert [(row["idea"], bool(row["flaws"])) for row in rows] == [("question", False), ("number", True)]
        assert len(double.seen) == 1
        rows = json.loads(said(capsys, "words", "propose", str(brief), "--task", "audience", "--json"))["rows"]
        assert rows[0]["role"] == "headline" and rows[0]["text"] == "Plain headline"
        assert "kitchen" in said(capsys, "words", "propose", str(brief), "--task", "scene")
        assert said(capsys, "words", "propose", str(brief), "--task", "sing", code=2) == ""
        asked = len(double.seen)
        monkeypatch.setenv("AFFICHE_WRITER", "none")
        file = by_locale(built(brief, capsys))["de-DE"]["files"][0]["path"]
        monkeypatch.setenv("AFFICHE_WRITER", "compatible:little")
        assert "Plain 1" in said(capsys, "words", "explain", file) and len(double.seen) == asked + 1


def test_style_pictures_go_only_to_writers_that_see(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    import cv2
    import numpy as np

    cv2.imwrite(str(home / "mood.png"), np.full((40, 60, 3), 200, np.uint8))
    (home / "brand.yaml").write_text("brand: 1\nname: Verde\nvoice: {style: [mood.png]}\n", "utf-8")
    brief = campaign(home, BRIEF.replace('brand: {name: Verde, colors: ["#0f5c4e"], forbidden_by: {de: [Wunder]}}', "brand: brand.yaml"))
    with serving(lambda seen: Reply(body=OPENAI.good({"scene": "A quiet kitchen."}))) as double:
        use(double, monkeypatch)
        said(capsys, "words", "propose", str(brief), "--task", "scene")
        assert "data:image/jpeg;base64," in json.dumps(double.seen[0].body)


def test_forbidden_words_are_told_before_anything_is_built(home: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    brief = campaign(home, BRIEF.replace("products:", "copy: {de-DE: {headline: Ein Wunder am Nachmittag}}\nproducts:"))
    told = json.loads(said(capsys, "plan", str(brief), "--json"))["problems"]
    assert [problem["code"] for problem in told if problem["severity"] == "warning"] == ["words.forbidden"]
    assert "“Wunder”" in told[-1]["message"]
