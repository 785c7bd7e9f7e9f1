"""Template files: strict, everything wrong at once, each with its line."""

from affiche.compose.template.read import read_template
from affiche.compose.template.shipped import shipped_ids, shipped_template
from affiche.placement.model import ASPECT_CLASSES

GOOD = """template: 1
id: mini
pictures: [none]
classes:
""" + "".join(
    f"  {name}:\n    - boxes:\n        - headline: {{min: 4u, max: 9u, lines: 2, style: display}}\n" for name in ASPECT_CLASSES
)


def test_a_small_template_reads() -> None:
    template, problems = read_template(GOOD.encode(), file="mini.yaml")
    assert problems == ()
    assert template is not None and set(template.classes) == set(ASPECT_CLASSES)


def test_everything_wrong_is_told_at_once_with_its_place() -> None:
    text = GOOD.replace("{min: 4u,", "{mn: 4u,", 1).replace("lines: 2, style: display", "lines: two, style: displey", 1)
    template, problems = read_template(text.encode(), file="mini.yaml")
    assert template is None
    told = [(p.where.line, p.message) for p in problems]
    assert (7, "unknown property 'mn' of headline") in told
    assert any(line == 7 and "'two' is not a number" in message for line, message in told)
    assert any("mini.yaml:7:" in str(p.where) for p in problems)
    assert any(p.hint == "did you mean 'min'?" for p in problems)


def test_a_missing_aspect_class_is_refused() -> None:
    cut = GOOD[: GOOD.index("  banner:")]
    template, problems = read_template(cut.encode(), file="mini.yaml")
    assert template is None
    assert "banner" in problems[0].message


def test_unknown_kinds_and_roles_get_a_hint() -> None:
    text = GOOD.replace("- headline:", "- headlin:", 1)
    _, problems = read_template(text.encode(), file="mini.yaml")
    assert any("did you mean 'headline'" in p.hint for p in problems)


def test_not_yaml_is_a_problem_not_a_crash() -> None:
    for data in (b"", b"\xff\xfe\x00", b"template: [", b"- 1", b"template: 2\nid: x\nclasses: {}"):
        template, problems = read_template(data, file="x.yaml")
        assert template is None and problems


def test_every_shipped_template_covers_every_class() -> None:
    assert {"stage", "hero", "split", "type"} <= set(shipped_ids())
    for name in shipped_ids():
        template = shipped_template(name)
        assert template.id == name
        assert all(template.classes[kind] for kind in ASPECT_CLASSES)
