"""Preview: a few creatives of a brief, drawn in this process and again whenever a file changes. Nothing is stored.

`Previewer.state` looks at the files' times, draws what is new and gives what the page shows. Pictures stay decoded as long
as their files stay the same, so that a change in words or template is on the page in a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from affiche.compose.compose import compose
from affiche.compose.request import ComposeRequest
from affiche.errors import AfficheError, AssetError
from affiche.imagine.prepare import Prepared
from affiche.plan.model import Creative, CreativeId, PictureStep, Plan
from affiche.plan.request import request_of
from affiche.ports import Codec, Painter, PictureInfo, Pixels
from affiche.render.prepare import pictured
from affiche.values.digest import Digest
from affiche.values.frame import Frame, SlotFit
from affiche.values.geometry import Size
from affiche.values.problem import Problem

#: How many creatives are shown.
SHOWN = 3
#: Painted bases that are kept, the last used: about 8 MB each.
_BASES = 6
_QUALITY = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One drawn creative: what it is, its JPEG, what there is to say about its words, and how each text fits."""

    title: str
    creative: CreativeId
    size: Size
    data: bytes
    notes: tuple[str, ...]
    fits: tuple[SlotFit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the page shows: `version` rises with every change; `problems` is text when the brief cannot be drawn."""

    version: int
    shots: tuple[Shot, ...] = ()
    problems: str = ""


@dataclass(slots=True)
class Previewer:
    """Draws `SHOWN` creatives of the plan that `plan` gives, when a file in `watch` has changed."""

    plan: Callable[[], Plan]
    watch: Callable[[], Sequence[Path]]
    painter: Painter
    codec: Codec
    #: Makes the brand's own fonts known to this process.
    ready: Callable[[Plan], None]
    _seen: Mapping[Path, float] | None = None
    _state: State = field(default_factory=lambda: State(version=0))
    _pictures: dict[Digest, Prepared] = field(default_factory=dict)
    _bases: dict[tuple[Size, Digest], Pixels] = field(default_factory=dict)

    def state(self) -> State:
        """The present state; drawn again only when a file has changed since the last call."""
        now = self._times()
        if now != self._seen:
            self._seen = now
            self._state = self._drawn(self._state.version + 1)
        return self._state

    def shots(self, plan: Plan) -> tuple[Shot, ...]:
        """A few creatives of `plan`, drawn now. Raises AssetError, PaintError."""
        self.ready(plan)
        return tuple(self._shot(plan, creative) for creative in spread(plan.creatives))

    def _times(self) -> dict[Path, float]:
        return {path: path.stat().st_mtime for path in self.watch() if path.is_file()}

    def _drawn(self, version: int) -> State:
        try:
            plan = self.plan()
            return State(version=version, shots=self.shots(plan))
        except AfficheError as error:
            problems: tuple[Problem, ...] = getattr(error, "problems", ())
            said = [f"{problem.where}: {problem.message}\n    {problem.hint}".rstrip() for problem in problems]
            return State(version=version, problems="\n".join(filter(None, [error.public, error.hint, *said])))

    def drawn(self, request: ComposeRequest, shown: Iterable[Prepared] = ()) -> tuple[Frame, Pixels]:
        """One frame and its pixels; `shown` are the pictures in it. Raises PaintError."""
        frame, loaded = compose(request), _Loaded({one.info.digest: one.pixels for one in shown})
        return frame, self.painter.overlay(frame, self._base(frame, loaded), loaded)

    def _base(self, frame: Frame, loaded: _Loaded) -> Pixels:
        """The painted base: kept, because words that change leave it as it is."""
        key = (frame.size, frame.base_digest)
        found = self._bases.pop(key, None)
        self._bases[key] = self.painter.base(frame, loaded) if found is None else found
        while len(self._bases) > _BASES:
            self._bases.pop(next(iter(self._bases)))
        return self._bases[key]

    def _shot(self, plan: Plan, creative: Creative) -> Shot:
        placed = {step.key: step for step in plan.pictures}  # these know where a picture of a model lies
        made = {step.key: self.prepared(placed.get(step.key, step)) for step in plan.pictures_of(creative)}
        infos: dict[Digest, PictureInfo] = {key: one.info for key, one in made.items()}
        frame, pixels = self.drawn(request_of(plan.part, creative, infos), made.values())
        failing = tuple(f"{fit.slot}: {fit.remedy}" for fit in frame.fits if not fit.fits or fit.remedy)
        data = self.codec.encode(pixels, format="jpeg", quality=_QUALITY, chroma="444")
        notes = (*failing, *frame.decisions)
        return Shot(title=str(creative.id), creative=creative.id, size=frame.size, data=data, notes=notes, fits=frame.fits)

    def prepared(self, step: PictureStep) -> Prepared:
        """A picture ready to draw; kept until its file changes. Raises AssetError."""
        if step.problem:
            raise AssetError(f"{step.name} {step.problem}")
        if step.key not in self._pictures:
            self._pictures[step.key], _ = pictured(step, self.codec)
        return self._pictures[step.key]


def spread(creatives: Sequence[Creative]) -> tuple[Creative, ...]:
    """Up to `SHOWN` creatives that differ as much as they can: in placement first, then in locale, then in product."""
    chosen: list[Creative] = []
    while len(chosen) < min(SHOWN, len(creatives)):
        chosen.append(max((c for c in creatives if c not in chosen), key=lambda c: _news(c, chosen)))
    return tuple(chosen)


def _news(creative: Creative, chosen: Sequence[Creative]) -> tuple[bool, bool, bool]:
    """Whether placement, locale and product are not among the chosen yet."""
    ids = [one.id for one in chosen]
    return (
        creative.id.placement not in {id.placement for id in ids},
        creative.id.locale not in {id.locale for id in ids},
        creative.id.product not in {id.product for id in ids},
    )


class _Loaded:
    """Prepared pixels by digest."""

    def __init__(self, pixels: Mapping[Digest, Pixels]) -> None:
        self._pixels = pixels

    def load(self, picture: Digest) -> Pixels:
        return self._pixels[picture]

    def load_vector(self, picture: Digest, size: Size) -> Pixels:  # noqa: ARG002 - the signature is the port's
        return self._pixels[picture]
