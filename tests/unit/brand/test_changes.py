"""What differs between two brand files."""

from affiche.brand.changes import Change, changes

BEFORE = b"brand: 1\nname: Verde\ncolors: {primary: '#0F5C4E', ink: '#000000'}\ntype: {text: Manrope}\nwords: {forbidden: {de: [Wunder]}}\n"
AFTER = b"# new\nbrand: 1\nname: Verde\ncolors:\n  primary: '#112233'\n  paper: '#FFFFFF'\ntype: {text: {family: Manrope, weight: 500}}\nwords: {forbidden: {de: [Wunder, billig]}}\n"


def test_fields_that_say_something_else_are_told_with_both_values():
    assert set(changes(BEFORE, AFTER)) == {
        Change(field="colors.primary", before="#0F5C4E", after="#112233"),
        Change(field="colors.ink", before="#000000", after=""),
        Change(field="colors.paper", before="", after="#FFFFFF"),
        Change(field="type.text.weight", before="", after="500"),
        Change(field="words.forbidden.de", before="Wunder", after="Wunder, billig"),
    }


def test_comments_and_layout_are_no_change():
    assert changes(BEFORE, b"# same\n" + BEFORE.replace(b"{primary: '#0F5C4E', ink: '#000000'}", b"\n  ink: '#000000'\n  primary: '#0F5C4E'")) == ()
