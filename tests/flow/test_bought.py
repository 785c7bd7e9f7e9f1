"""Pictures bought in a build: paid once, composited, told; what cannot be had is shown otherwise and flagged. Real processes, no net."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from affiche.adapters.journal import SqliteJournal

ROOT = Path(__file__).resolve().parents[2]
BRIEF = """
affiche: 1
campaign: bought
brand: {name: Verde, colors: ["#0F5C4E", "#F6C667"]}
message: {locale: en-US, headline: Wake up, cta: Find a can}
markets: [{region: US, locales: [en-US]}]
products:
  - {id: yuzu, name: Yuzu, picture: {file: yuzu.png, imagine: true}}
  - {id: bar, name: Garden bar, description: DESCRIPTION, picture: {imagine: true}}
placements: [instagram-square]
budget: {max: "BUDGET", currency: USD}
"""


def campaign(folder: Path, *, budget: str = "1.00", description: str = "plants on a roof") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "yuzu.png").write_bytes((ROOT / "examples/verde/assets/yuzu.png").read_bytes())
    brief = folder / "brief.yaml"
    brief.write_text(BRIEF.replace("BUDGET", budget).replace("DESCRIPTION", description))
    return brief


def affiche(home: Path, *args: object, **settings: str) -> subprocess.Popen[str]:
    env = {**os.environ, "AFFICHE_HOME": str(home), "AFFICHE_PROVIDERS": "simulated", "PYTHONPATH": str(ROOT / "src"), **settings}
    command = [sys.executable, "-c", "from affiche.cli.main import main; main()", *map(str, args)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def built(home: Path, brief: Path, **settings: str) -> dict:
    child = affiche(home, "build", brief, "--out", home / "out", "--json", **settings)
    out, err = child.communicate(timeout=120)
    assert child.returncode in (0, 3), err
    return json.loads(out)


def states(home: Path) -> list[str]:
    journal = SqliteJournal(home)
    try:
        return [call.state for call in journal.calls()]
    finally:
        journal.close()


def jobs(home: Path) -> int:
    """How many calls have a job that can be asked for again."""
    journal = SqliteJournal(home)
    try:
        return sum(bool(call.job) for call in journal.calls())
    finally:
        journal.close()


def bills(home: Path, provider: str) -> list[str]:
    """What the double of `provider` charged, by its own account: the keys of pictures."""
    path = home / "simulated" / provider / "bills.jsonl"
    return [json.loads(line)["key"] for line in path.read_text().splitlines()] if path.exists() else []


def test_pictures_are_bought_once_and_their_origin_and_cost_are_told(tmp_path: Path) -> None:
    brief = campaign(tmp_path / "c")
    first = built(tmp_path / "home", brief)
    by_product = {c["product"]: c for c in first["creatives"]}
    assert by_product["yuzu"]["origins"] | {"backdrop": "generated", "picture": "given"} == by_product["yuzu"]["origins"]
    assert by_product["bar"]["origins"]["picture"] == "generated"
    assert float(first["cost"]["amount"]) > 0
    assert sum(float(c["cost"]["amount"]) for c in first["creatives"]) == pytest.approx(float(first["cost"]["amount"]), abs=1e-5)
    assert any("simulated" in note for note in by_product["bar"]["notes"])
    # What shows a model's pixels says so in the file.
    files = [file for creative in first["creatives"] for file in creative["files"]]
    out = tmp_path / "home" / "out" / "bought"
    assert files
    assert all(b"digitalsourcetype/compositeWithTrainedAlgorithmicMedia<" in (out / file["path"]).read_bytes() for file in files)
    paid = states(tmp_path / "home")
    again = built(tmp_path / "home", brief)
    assert states(tmp_path / "home") == paid, "a second build pays nothing"
    assert again["steps"]["ran"] == 0


def test_another_campaign_with_the_same_wish_pays_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    built(home, campaign(tmp_path / "a"))
    paid = states(home)
    other = campaign(tmp_path / "b")
    other.write_text(other.read_text().replace("campaign: bought", "campaign: other").replace("Wake up", "Good night"))
    built(home, other)
    assert states(home) == paid


def test_pictures_of_the_brands_style_go_along(tmp_path: Path) -> None:
    brief = campaign(tmp_path / "c")
    Image.new("RGB", (2400, 1600), "#cc3311").save(brief.parent / "mood.png")
    (brief.parent / "brand.yaml").write_text("brand: 1\nname: Verde\nvoice: {style: [mood.png]}\n", "utf-8")
    brief.write_text(brief.read_text().replace(re.search("brand: .*", brief.read_text())[0], "brand: {file: brand.yaml}"))
    run = built(tmp_path / "home", brief)
    told = [line for creative in run["creatives"] for line in creative["notes"]]
    assert any("is shown 1 of the brand's style pictures" in line for line in told), told


def test_a_second_provider_is_asked_when_the_operator_wants_it(tmp_path: Path) -> None:
    slow = {"AFFICHE_SIMULATED_LATENCY_S": "3", "AFFICHE_HEDGE_AFTER_S": "1"}
    run = built(tmp_path / "home", campaign(tmp_path / "c"), **slow)
    told = [line for creative in run["creatives"] for line in creative["notes"]]
    assert any("has not answered for 1 s" in line for line in told), told
    assert len(states(tmp_path / "home")) == 4
    assert set(states(tmp_path / "home")) == {"done", "spoilt"}


def test_pictures_under_a_licence_that_is_not_allowed_are_not_bought(tmp_path: Path) -> None:
    child = affiche(tmp_path / "home", "plan", campaign(tmp_path / "c"), "--json", AFFICHE_PROVIDER_LICENCES="Adobe, CC0")
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    plan = json.loads(out)
    assert plan["wishes"] == []
    assert any("gives results under simulated" in problem["message"] for problem in plan["problems"])


def test_without_money_products_are_shown_otherwise_and_flagged(tmp_path: Path) -> None:
    run = built(tmp_path / "home", campaign(tmp_path / "c", budget="0.03"))
    assert len([s for s in states(tmp_path / "home") if s == "done"]) == 1
    flagged = [c for c in run["creatives"] if any(f["code"] == "picture.bought.budget" for f in c["findings"])]
    assert len(flagged) == 1
    assert flagged[0]["status"] == "flagged"
    assert flagged[0]["files"], "it is made, on a studio set or in type"


def test_a_refusal_of_content_is_told_and_asked_of_nobody_else(tmp_path: Path) -> None:
    run = built(tmp_path / "home", campaign(tmp_path / "c", description="simulate a refusal"))
    bar = next(c for c in run["creatives"] if c["product"] == "bar")
    assert "picture.bought.content-blocked" in [f["code"] for f in bar["findings"]]
    journal = SqliteJournal(tmp_path / "home")
    asked = [call.intent.provider for call in journal.calls() if "bar" in call.intent.purpose]
    journal.close()
    assert len(asked) == 1


def resolve(home: Path, call: int, how: str) -> None:
    child = affiche(home, "spend", "resolve", call, how)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 0, err


def _kill_in_a_call(home: Path, brief: Path, name: str) -> None:
    """Builds until a call is written down, and kills the process there."""
    child = affiche(home, "build", brief, "--out", home / "out", AFFICHE_PROVIDER_ORDER=name, AFFICHE_SIMULATED_LATENCY_S="30")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (home / "journal.sqlite").exists() and states(home).count("sent") == 2 and ("grand" not in name or jobs(home) == 2):
            break
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert states(home).count("sent") == 2, "killed while both calls were under way"


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["simulated-steady", "simulated-grand", "simulated-swift"])
def test_a_kill_in_a_paid_call_never_pays_twice(tmp_path: Path, provider: str) -> None:
    home, brief = tmp_path / "home", campaign(tmp_path / "c")
    _kill_in_a_call(home, brief, provider)
    run = built(home, brief, AFFICHE_PROVIDER_ORDER=provider)
    if provider == "simulated-swift":  # neither idempotent nor with jobs: nobody can know
        assert states(home) == ["uncertain", "uncertain"]
        assert all(any(f["code"] == "picture.bought.uncertain" for f in c["findings"]) for c in run["creatives"])
        built(home, brief, AFFICHE_PROVIDER_ORDER=provider)
        assert states(home) == ["uncertain", "uncertain"], "and is not asked again unasked"
        resolve(home, 1, "--free")
        resolve(home, 2, "--billed")
        built(home, brief, AFFICHE_PROVIDER_ORDER=provider)
        assert states(home).count("done") == 2
    else:
        assert states(home) == ["done", "done"], "the same two calls, taken up again"
        assert len(bills(home, provider)) == 2, "and billed once each, by the provider's own account"


@pytest.mark.soak
@pytest.mark.parametrize("provider", ["simulated-steady", "simulated-grand", "simulated-swift"])
def test_twenty_kills_in_paid_calls(tmp_path: Path, provider: str) -> None:
    """Each kill falls into a call under way. Idempotent calls and known jobs are billed once, by the provider's own account; all
    others (also a job whose name had not come back yet) are uncertain, billed once at most, and asked again by nobody."""
    home, chance = tmp_path / "home", random.Random(provider)
    for number in range(20):
        brief = campaign(tmp_path / "c", budget="50.00", description=f"plants on roof number {number}")
        brief.write_text("\n".join(line for line in brief.read_text().splitlines() if "id: yuzu" not in line))
        child = affiche(home, "build", brief, "--out", home / "out", AFFICHE_PROVIDER_ORDER=provider, AFFICHE_SIMULATED_LATENCY_S="30")
        deadline = time.monotonic() + 60
        while "sent" not in (states(home) if (home / "journal.sqlite").exists() else []) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.5))
        child.kill()
        child.communicate()
        assert states(home)[-1] == "sent", "the kill fell into a paid call"
        built(home, brief, AFFICHE_PROVIDER_ORDER=provider)
    ends, paid = states(home), bills(home, provider)
    print(f"{provider}: {len(ends)} calls, {len(paid)} bills, {ends.count('done')} done, {ends.count('uncertain')} uncertain")
    assert len(ends) == 20, "no call was made anew"
    assert len(paid) == len(set(paid)) <= 20, "no key was billed twice"
    if provider == "simulated-swift":
        assert ends == ["uncertain"] * 20
    elif provider == "simulated-grand":
        assert set(ends) <= {"done", "uncertain"} and ends.count("done") >= jobs(home)
    else:
        assert ends == ["done"] * 20 and len(paid) == 20


def test_a_wide_photograph_is_extended_for_a_story_and_keeps_its_own_pixels(tmp_path: Path) -> None:
    home, brief = tmp_path / "home", campaign(tmp_path / "c")
    rng = np.random.default_rng(3)
    hills = np.linspace(200, 90, 450)[:, None, None] + rng.normal(0, 3, (450, 800, 1)) + np.array([0.0, 8.0, 20.0])
    hills[280:] -= 60 + 30 * np.sin(np.arange(800) / 40)[None, :, None]
    Image.fromarray(hills.clip(0, 255).astype(np.uint8)).save(tmp_path / "c/hills.png")
    text = brief.read_text().replace("instagram-square", "instagram-square, instagram-story")
    text = text.replace("{file: yuzu.png, imagine: true}", "{file: hills.png, extend: true}")
    brief.write_text("\n".join(line for line in text.splitlines() if "id: bar" not in line))
    run = built(home, brief)
    story = next(c for c in run["creatives"] if "9x16" in c["placement"])
    square = next(c for c in run["creatives"] if "9x16" not in c["placement"])
    assert (story["origins"]["picture"], story["origins"]["backdrop"]) == ("given", "generated")
    assert "backdrop" not in square["origins"], "a square crop shows enough"
    assert any("extended by a model" in note for note in story["notes"])
    assert float(square["cost"]["amount"]) == 0 < float(story["cost"]["amount"])
    paid = states(home)
    assert paid == ["done"]
    built(home, brief)
    assert states(home) == paid


def test_a_picture_that_exists_is_proposed_before_another_is_paid(tmp_path: Path) -> None:
    home, brief = tmp_path / "home", campaign(tmp_path / "c", description="plants on a roof in soft evening light with a view of the sea")
    brief.write_text("\n".join(line for line in brief.read_text().splitlines() if "id: yuzu" not in line))
    built(home, brief)
    brief.write_text(brief.read_text().replace("soft evening", "warm evening"))
    child = affiche(home, "plan", brief, "--json")
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    proposed = json.loads(out)["alike"]
    assert [(one["product"], one["bought_for"]) for one in proposed] == [("bar", "bar")]
    assert Path(proposed[0]["file"]).exists()
    assert proposed[0]["looks_alike"] > 0.9, "it is what the product shows now"
    paid = states(home)
    used = affiche(home, "pictures", "use", brief, "--product", "bar", "--by", "A. Muster")
    told, err = used.communicate(timeout=60)
    assert used.returncode == 0, err
    assert "bar: the hero bought for bar is used" in told
    out, _ = affiche(home, "plan", brief, "--json").communicate(timeout=60)
    assert (json.loads(out)["paid_calls"], json.loads(out)["cost"]["max"]) == (0, 0), "and the plan says so"
    (bar,) = built(home, brief)["creatives"]
    assert states(home) == paid and float(bar["cost"]["amount"]) == 0, "nothing is bought any more"
    assert bar["origins"]["picture"] == "generated" and any("accepted by A. Muster" in note for note in bar["notes"])
    again = affiche(home, "pictures", "use", brief)
    _, err = again.communicate(timeout=60)
    assert again.returncode == 2 and "no picture is proposed" in err


def mending(folder: Path, picture: str, size: tuple[int, int]) -> Path:
    """A brief with one product whose picture is a can on a blue ground of `size`."""
    brief = campaign(folder)
    can = Image.open(ROOT / "examples/verde/assets/yuzu.png").convert("RGBA")
    can.thumbnail((size[0] * 2 // 3, size[1] * 4 // 5))
    ground = Image.new("RGB", size, (40, 70, 160))
    ground.paste(can, ((size[0] - can.width) // 2, (size[1] - can.height) // 2), can)
    ground.save(folder / "can.png")
    text = brief.read_text().replace("{file: yuzu.png, imagine: true}", f"{{file: can.png, {picture}}}")
    brief.write_text("\n".join(line for line in text.splitlines() if "id: bar" not in line))
    return brief


def test_a_product_that_cannot_be_freed_here_is_freed_by_a_provider_and_keeps_its_own_pixels(tmp_path: Path) -> None:
    home, brief = tmp_path / "home", mending(tmp_path / "c", "cut_out: true", (600, 900))
    run = built(home, brief)
    made = run["creatives"][0]
    assert made["origins"]["picture"] == "given"
    assert any("outline was found by a model" in note for note in made["notes"])
    assert made["set"], "it stands on a studio set now, as a product without ground does"
    assert float(made["cost"]["amount"]) > 0
    assert states(home) == ["done"]
    built(home, brief)
    assert states(home) == ["done"], "paid once"


def test_a_picture_that_is_too_small_is_enlarged_by_a_provider_and_says_so(tmp_path: Path) -> None:
    home, brief = tmp_path / "home", mending(tmp_path / "c", "upscale: true", (360, 360))
    made = built(home, brief)["creatives"][0]
    assert made["origins"]["picture"] == "enlarged"
    assert any("Enlarged 2 times" in note for note in made["notes"])
    assert not any(f["code"].startswith("picture.resolution.blurred") for f in made["findings"])
    unmended = built(tmp_path / "other", brief, AFFICHE_PROVIDER_ORDER="", AFFICHE_PROVIDERS="openai")
    told = [problem for problem in unmended["problems"] if problem["code"] == "picture.not-mended"]
    assert len(told) == 1 and "no provider has a key" in told[0]["message"] and told[0]["severity"] == "warning"
    without = unmended["creatives"][0]
    assert without["origins"]["picture"] == "given"
    assert any(f["code"].startswith("picture.resolution") and f["status"] != "pass" for f in without["findings"])


def test_the_demo_shows_failover_and_cost_of_providers_that_are_asked_over_http(tmp_path: Path) -> None:
    child = affiche(tmp_path / "home", "demo", "--providers", "simulated", "--out", tmp_path / "out", "--only", "locale=en-US")
    out, err = child.communicate(timeout=180)
    assert child.returncode == 0, err
    assert "a simulated outage" in out and "4 calls, 0.09 USD" in out
    home = tmp_path / "out/.simulated"
    assert (len(bills(home, "simulated-swift")), len(bills(home, "simulated-steady"))) == (2, 1)
    assert sorted(states(home)) == ["done", "done", "done", "free"]


def test_a_picture_with_letters_in_it_is_refused_and_another_take_is_bought(tmp_path: Path) -> None:
    brief = campaign(tmp_path / "c", description="simulate letters")
    brief.write_text("\n".join(line for line in brief.read_text().splitlines() if "id: yuzu" not in line))
    home = tmp_path / "home"
    assert built(home, brief, AFFICHE_PROVIDER_ORDER="simulated-steady")["creatives"][0]["origins"]["picture"] == "generated"
    journal = SqliteJournal(home)
    notes = {call.state: call.note for call in journal.calls()}
    journal.close()
    assert set(notes) == {"spoilt", "done"}
    assert "what looks like words in the middle (x " in notes["spoilt"]
    # Where the brief wants words, they are no fault.
    brief.write_text(brief.read_text().replace("imagine: true", "imagine: true, letters: true"))
    built(tmp_path / "other", brief, AFFICHE_PROVIDER_ORDER="simulated-steady")
    assert states(tmp_path / "other") == ["done"]
