"""The content digest tells every change of a finding, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from affiche.adapters.blobs import MemoryBlobs
from affiche.publish.manifest import content_digest, creative_lines
from affiche.publish.model import PublishedCreative
from affiche.render.record import findings
from affiche.values.finding import Finding
from affiche.values.geometry import Rect

from .campaigns import FINE, LOW, creative, run_of


def content(*creatives: PublishedCreative) -> str:
    return content_digest(creative_lines(creatives), run_of(*creatives), "page")


def each(*found: Finding) -> tuple[PublishedCreative, ...]:
    """A creative for each finding; their status does not tell which it is."""
    blobs = MemoryBlobs()
    made = [creative(blobs, locale=locale) for locale in ("de-DE", "en-US", "fr-FR")]
    return tuple(replace(one, findings=(finding,)) for one, finding in zip(made, found, strict=False))


def test_equal_findings_may_be_one_object_or_two() -> None:
    assert content(*each(LOW, LOW)) == content(*each(LOW, replace(LOW)))


def test_findings_belong_to_their_creative() -> None:
    orders = list(product((LOW, FINE), repeat=3))
    assert len({content(*each(*order)) for order in orders}) == len(orders)


def test_every_field_of_a_finding_counts() -> None:
    others = [replace(LOW, measured="3.8:1"), replace(LOW, hint=""), replace(LOW, rect=Rect(10, 12, 40, 9)), replace(LOW, rect=None)]
    assert len({content(*each(LOW, other)) for other in [LOW, *others]}) == 5


def test_recorded_findings_share_a_value_only_when_they_are_written_alike() -> None:
    whole, real = LOW.as_dict(), LOW.as_dict()
    whole["rect"], real["rect"] = [10, 12, 40, 8], [10.0, 12.0, 40.0, 8.0]
    known: dict[bytes, Finding] = {}
    first, again, other = (findings({"findings": [row]}, known)[0] for row in (whole, dict(whole), real))
    assert first is again
    assert first is not other
    assert [f.as_dict() for f in (first, other)] == [whole, real]
