"""The translation memory: what is written reads back, exact before near, near only when nothing that counts differs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.write.entries import Entry, TranslationMemory
from affiche.write.memory import read_memory, render

_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff\u2028\u2029\x85"), min_size=1, max_size=40)
_ENTRIES = st.builds(Entry, source=_TEXT, source_locale=st.just("en-US"), locale=st.sampled_from(["de-DE", "ja-JP", "ar"]), text=_TEXT,
                     by=st.sampled_from(["", "xliff, final"]), on=st.sampled_from(["", "2026-11-25"]))


@given(st.lists(_ENTRIES, max_size=5))
def test_what_is_written_reads_back(entries: list[Entry]) -> None:
    memory = TranslationMemory().with_entries(entries)
    again, problems = read_memory(render(memory).encode(), file="translations.yaml")
    assert not [problem for problem in problems if problem.severity == "error"]
    assert again.entries == memory.entries


def test_the_file_is_plain_sorted_and_diffs_by_text() -> None:
    memory = TranslationMemory().with_entries([
        Entry(source="Wake up", source_locale="en-US", locale="fr-FR", text="Debout"),
        Entry(source="Wake up", source_locale="en-US", locale="de-DE", text="Wach auf", by="xliff, final", on="2026-11-25"),
    ])
    assert render(memory).splitlines()[1:] == [
        "memory: 1", "texts:", "- source: Wake up", "  locale: en-US", "  into:", "    de-DE:", "      text: Wach auf", "      by: xliff, final",
        "      'on': '2026-11-25'", "    fr-FR: Debout",
    ]
    later = memory.with_entries([Entry(source="Wake up", source_locale="en-US", locale="fr-FR", text="Réveille-toi")])
    assert later.exact[("Wake up", "fr-FR")] == "Réveille-toi" and len(later.entries) == 2


@pytest.mark.parametrize(
    ("source", "near"),
    [
        ("Save 20 % on each can now", True), ("SAVE 20 % ON EVERY CAN NOW!", True), ("Save 20 % on every can now", False),
        ("Save 30 % on every can now", False), ("Buy a can", False), ("Save 20 % on every can {when}", False),
    ],
)  # fmt: skip
def test_near_matches(source: str, near: bool) -> None:
    memory = TranslationMemory().with_entries([Entry(source="Save 20 % on every can now", source_locale="en-US", locale="de", text="x")])
    found = memory.near(source, "de-AT")
    assert (found is not None) == near and (found is None or 85 <= found.percent < 100)
    assert memory.near(source, "fr-FR") is None


@pytest.mark.parametrize("text", ["memory: 2", "memory: 1\ntexts: [{source: a, locale: en, into: {de: ''}}]", "memory: 1\nwhat: 3", "- 1", ":"])
def test_wrong_files_are_told(text: str) -> None:
    memory, problems = read_memory(text.encode(), file="translations.yaml")
    assert not memory.entries and any(problem.severity == "error" for problem in problems)
