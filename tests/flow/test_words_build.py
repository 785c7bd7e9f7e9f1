"""Words from a model through the whole story: plan says what they cost, build asks once, a second build asks nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from affiche.cli.main import run
from tests.contract.kit_writers import Double, Reply, Seen, serving
from tests.flow.kit_words import BRIEF, KNOWN, OPENAI, campaign, knowing, material

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AFFICHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AFFICHE_JOBS", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def use(double: Double, monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    monkeypatch.setenv("AFFICHE_WRITER", "compatible:little")
    monkeypatch.setenv("AFFICHE_WRITER_URL", f"{double.url}/v1")
    for name, value in settings.items():
        monkeypatch.setenv(f"AFFICHE_{name}", value)


def built(brief: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    code = run(["build", str(brief), "--out", str(brief.parent / "out"), "--json"])
    assert code in (0, 3)
    return json.loads(capsys.readouterr().out)


def by_locale(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {creative["locale"]: creative for creative in report["creatives"]}


def test_a_build_asks_once_and_the_next_one_asks_nothing(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    brief = campaign(home)
    with serving(knowing) as double:
        use(double, monkeypatch)
        assert run(["plan", str(brief), "--json"]) == 0
        planned = json.loads(capsys.readouterr().out)["words"]
        assert not double.seen, "planning asked"
        assert {(row["role"], row["locale"]) for row in planned["texts"]} == {(r, t) for r in ("headline", "body") for t in ("de-DE", "fr-FR")}
        assert planned["calls"] == 2 and planned["writer"] == "compatible:little"

        first = by_locale(built(brief, capsys))
        assert len(double.seen) == 2
        assert first["de-DE"]["words"]["headline"] == "Weck den Nachmittag"
        assert first["de-DE"]["words"]["body"] == "Nur 1,99\xa0€ pro Dose."
        assert first["de-DE"]["origins"] == {"headline": "model", "body": "model", "cta": "phrasebook", "name": "given"}
        assert first["de-DE"]["written"]["headline"]["model"] == "compatible m-1"
        assert first["en-US"]["words"]["body"] == "Only €1.99 a can." and "written" not in first["en-US"]
        assert {f["code"] for f in first["de-DE"]["findings"] if f["status"] == "warn"} >= {"copy.unreviewed.unread"}

        second = by_locale(built(brief, capsys))
        assert len(double.seen) == 2, "a second build asked again"
        assert all(creative["reused"] for creative in second.values())
        assert run(["plan", str(brief), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["words"]["texts"] == []


def test_a_changed_headline_asks_for_a_headline_only(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(knowing) as double:
        use(double, monkeypatch)
        built(campaign(home), capsys)
        asked = len(double.seen)
        monkeypatch.setitem(KNOWN, ("de", "Start the evening"), "Starte den Abend")
        monkeypatch.setitem(KNOWN, ("fr", "Start the evening"), "Lancez la soirée")
        built(campaign(home, BRIEF.replace("Wake up the afternoon", "Start the evening")), capsys)
        new = [material(seen) for seen in double.seen[asked:]]
    assert [list(data["texts"]) for data in new] == [["headline"], ["headline"]]
    german = next(data for data in new if data["target_locale"] == "de-DE")
    assert german["settled"]["body"].startswith("Nur "), "the final texts of the ad go along"


def test_without_a_writer_nothing_is_asked_and_the_source_stands(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    creative = by_locale(built(campaign(home), capsys))["de-DE"]
    assert creative["origins"]["headline"] == "source" and creative["origins"]["cta"] == "phrasebook"
    assert "copy.untranslated.source" in {f["code"] for f in creative["findings"]}


def test_flaws_are_sent_back_twice_and_then_flagged(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def careless(seen: Seen) -> Reply:
        """Loses the placeholder every time; mends the forbidden word when it is told."""
        rows = material(seen)["texts"]
        german = {"headline": "Ein Wunder am Nachmittag", "body": "Nur 1,99 pro Dose."}
        mended = {"headline": "Weck den Nachmittag", "body": "Nur zwei Euro pro Dose."}
        return Reply(body=OPENAI.good({"texts": {id: (mended if "complaints" in row else german)[id] for id, row in rows.items()}}))

    brief = campaign(home, BRIEF.replace("  - {region: FR, locales: [fr-FR]}\n", ""))
    with serving(careless) as double:
        use(double, monkeypatch)
        creative = by_locale(built(brief, capsys))["de-DE"]
        told = [material(seen)["texts"] for seen in double.seen]
        assert [sorted(rows) for rows in told] == [["body", "headline"], ["body", "headline"], ["body"]]
        assert told[1]["headline"]["complaints"] == ["“Wunder” is forbidden"]
        assert creative["words"]["headline"] == "Weck den Nachmittag"
        assert creative["origins"]["body"] == "source", "a text without its placeholder must never be set"
        codes = {f["code"] for f in creative["findings"] if f["status"] == "warn"}
        assert {"copy.untranslated.source", "copy.unreviewed.rejected"} <= codes
        built(brief, capsys)
        assert len(double.seen) == 3, "a rejected text was asked for again"


def test_one_failing_locale_costs_the_others_nothing(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def torn(seen: Seen) -> Reply:
        if material(seen)["target_locale"] == "fr-FR":
            return Reply(400, {"error": {"message": "no", "type": "invalid_request_error", "code": "content_filter"}})
        return knowing(seen)

    brief = campaign(home)
    with serving(torn) as double:
        use(double, monkeypatch)
        creatives = by_locale(built(brief, capsys))
        assert creatives["de-DE"]["origins"]["headline"] == "model" and creatives["fr-FR"]["origins"]["headline"] == "source"
        assert len(double.seen) == 2, "refused content was sent again"


def test_a_lost_answer_is_not_paid_twice(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    brief = campaign(home, BRIEF.replace("  - {region: FR, locales: [fr-FR]}\n", ""))
    with serving(Reply(body={}, fault="reset")) as double:
        use(double, monkeypatch)
        assert run(["build", str(brief), "--out", str(home / "out")]) == 0
        assert "stay as they are" in capsys.readouterr().err
        double.say(knowing)
        assert by_locale(built(brief, capsys))["de-DE"]["origins"]["headline"] == "source"
        assert len(double.seen) == 1, "a call that may have been billed was made again by itself"
        assert run(["words", "draft", str(brief), "--again"]) == 0
        assert by_locale(built(brief, capsys))["de-DE"]["origins"]["headline"] == "model"
        assert len(double.seen) == 2


def test_the_budget_holds_before_anything_is_sent(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def brief(budget: str) -> Path:
        return campaign(home, BRIEF + f"budget: {{max: {budget}}}\n")

    with serving(knowing) as double:
        use(double, monkeypatch)
        monkeypatch.setenv("AFFICHE_WRITER", "openai:gpt-6.1-sol")
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        assert run(["plan", str(brief("0.0001")), "--json"]) == 0
        cost = json.loads(capsys.readouterr().out)["words"]["cost"]
        assert cost["known"] and 0.0001 < cost["min"] < cost["max"] < 0.2
        assert by_locale(built(brief("0.0001"), capsys))["de-DE"]["origins"]["headline"] == "source"
        assert not double.seen
        creatives = by_locale(built(brief("5.00"), capsys))
        assert creatives["de-DE"]["origins"]["headline"] == "model" and len(double.seen) == 2
        spent = float(creatives["de-DE"]["written"]["headline"]["cost"])
        assert spent == pytest.approx((120 * 2 + 30 * 10) / 1e6 / 2), "tokens as reported, at the catalog's price, shared by two texts"


def test_a_model_without_a_price_is_not_asked_within_a_budget(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(knowing) as double:
        use(double, monkeypatch)
        monkeypatch.setenv("AFFICHE_WRITER", "openai:some-new-model")
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        brief = campaign(home, BRIEF + "budget: {max: 5.00}\n")
        assert by_locale(built(brief, capsys))["de-DE"]["origins"]["headline"] == "source"
        assert not double.seen


def test_too_many_requests_wait_as_long_as_the_provider_says(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    brief = campaign(home, BRIEF.replace("  - {region: FR, locales: [fr-FR]}\n", ""))
    with serving(OPENAI.limited("0.05"), OPENAI.limited("0.05"), knowing) as double:
        use(double, monkeypatch)
        assert by_locale(built(brief, capsys))["de-DE"]["origins"]["headline"] == "model"
        assert len(double.seen) == 3


def test_questions_at_once_are_limited(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    tags = ["de-DE", "de-AT", "de-CH", "fr-FR", "fr-BE", "fr-CH"]
    brief = campaign(home, BRIEF.replace("[de-DE]", f"[{', '.join(tags[:3])}]").replace("[fr-FR]", f"[{', '.join(tags[3:])}]"))

    def slow(seen: Seen) -> Reply:
        import time

        time.sleep(0.05)
        return knowing(seen)

    with serving(slow) as double:
        use(double, monkeypatch, WRITER_CALLS="2")
        built(brief, capsys)
        assert len(double.seen) == 6 and double.most == 2


def test_scores_and_extras_when_the_brief_asks(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked = "writing: {judge: true, back_translation: true, alt: true, captions: true}\n"
    brief = campaign(home, BRIEF.replace("  - {region: FR, locales: [fr-FR]}\n", "") + asked)
    with serving(knowing) as double:
        use(double, monkeypatch)
        german = by_locale(built(brief, capsys))["de-DE"]
        # one for the words, one judge, one back-translation, and two extras for each of two locales
        assert len(double.seen) == 7
        assert german["written"]["headline"]["judge"] == 62 and german["written"]["headline"]["back"] == 100
        assert german["written"]["headline"]["back_text"] == "Wake up the afternoon"
        assert german["extras"]["alt"].startswith("Eine Anzeige für Yuzu") and german["extras"]["hashtags"] == ["#Verde", "#Yuzu"]
        assert "copy.unreviewed.judge" in {f["code"] for f in german["findings"]}
        manifest = json.loads((home / "out" / "summer" / "manifest.json").read_text("utf-8"))
        assert next(c for c in manifest["creatives"] if c["locale"] == "de-DE")["extras"] == german["extras"]
        built(brief, capsys)
        assert len(double.seen) == 7


def test_a_second_writer_stands_in_and_the_first_is_left_alone(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    tags = ["de-DE", "de-AT", "de-CH", "fr-FR"]
    brief = campaign(home, BRIEF.replace("[de-DE]", f"[{', '.join(tags[:3])}]"))
    with serving(Reply(status=503, body={})) as down, serving(knowing) as up:
        use(up, monkeypatch, WRITER="compatible:grand, compatible:little", WRITER_URL=f"{down.url}/v1, {up.url}/v1", WRITER_CALLS="1")
        first = by_locale(built(brief, capsys))
        assert {first[tag]["origins"]["headline"] for tag in tags} == {"model"}
        assert (len(down.seen), len(up.seen)) == (4, 4)
        built(brief, capsys)
        assert (len(down.seen), len(up.seen)) == (4, 4), "nothing is asked, or paid, twice"
        # Another question of another build: the first writer is left alone.
        brief.write_text(brief.read_text().replace("Wake up the afternoon", "Good night"))
        assert run(["build", str(brief), "--out", str(home / "out")]) == 0
        assert "compatible:little stood in for compatible:grand" in capsys.readouterr().err
        assert len(down.seen) == 4 and len(up.seen) > 4
        assert run(["providers"]) == 0
        assert "words compatible:grand: left alone for" in capsys.readouterr().err
    use(up, monkeypatch, WRITER="compatible:grand, compatible:little")
    assert run(["words", "draft", str(campaign(home / "other", BRIEF.replace("Wake up", "Get up"))), "--again"]) == 2
    assert "writer_url has 1 addresses for 2 writers" in capsys.readouterr().err


def test_copy_in_a_neighbours_language_is_sent_back(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    brief = campaign(home, BRIEF.replace("  - {region: FR, locales: [fr-FR]}\n", "").replace("[de-DE]", "[pt-BR]").replace("region: DE", "region: BR"))
    price = "{price, number, currency}"
    spanish = {"headline": "Despierta la tarde con nosotros", "body": f"Solamente {price} cada lata, en todas las tiendas."}
    portuguese = {"headline": "Desperte a tarde com a gente", "body": f"Apenas {price} cada lata, em todas as lojas."}

    def learning(seen: Seen) -> Reply:
        asked = material(seen)["texts"]
        told = [complaint for row in asked.values() for complaint in row.get("complaints", [])]
        learnt = any("reads as Spanish, not as Portuguese" in what for what in told)
        return Reply(body=OPENAI.good({"texts": {id: (portuguese if learnt else spanish)[id] for id in asked}}))

    with serving(learning) as double:
        use(double, monkeypatch)
        words = by_locale(built(brief, capsys))["pt-BR"]["words"]
        assert words["headline"] == portuguese["headline"] and "em todas as lojas" in words["body"]
        assert len(double.seen) == 2, "sent back once, with the complaint"
