"""What crops keep of the subject, on pictures whose subject is known: the default may not get worse.

Figures of `python -m crops.score` when the default was chosen (docs/decisions/0005-what-a-crop-keeps.md) are the floors.
"""

import numpy as np
import pytest

from crops import score


@pytest.fixture(scope="module")
def own():
    return score.own()


@pytest.fixture(scope="module")
def by_default(own):
    return score.scores(own, score.default)


def test_there_are_many_small_pictures(own):
    assert len(own) >= 40
    assert all((score.DATA / p.name).stat().st_size <= 15_000 and max(p.pixels.shape) == 320 for p in own)


def test_the_default_keeps_the_subject(by_default):
    assert by_default.mean() > 0.97, f"share of the subject kept by default: {by_default.mean():.4f}"
    assert (by_default >= score.GOOD).mean() > 0.89


def test_the_default_beats_the_centre(own, by_default):
    centre = score.scores(own, score.centre)
    assert by_default.mean() > centre.mean() + 0.03
    # Tall crops of wide pictures are where the centre loses the subject.
    tall = list(score.SHAPES).index("9:16")
    assert by_default[:, tall].mean() > centre[:, tall].mean() + 0.1


def test_a_picture_is_hardly_ever_worse_off_than_with_the_centre(own, by_default):
    lost = score.scores(own, score.centre) - by_default
    assert (lost > 0.1).sum() <= 1, [own[n].name for n in np.flatnonzero((lost > 0.1).any(axis=1))]


def test_a_given_point_is_never_overruled(own):
    assert score.scores(own, score.given).min() > 0.95


@pytest.mark.soak
def test_photographs_keep_their_subject(corpus):
    folder = corpus / "pictures"
    if not folder.is_dir():
        pytest.skip(f"NOT RUN: there are no test pictures at {folder}")
    pictures = score.corpus(folder)
    assert score.scores(pictures, score.default).mean() > 0.986
