"""Render studio sets: `python render_sets.py arch [--class square] [--out DIR] [--scale 0.4] [--samples 20]`.

Role: the recipe from scene to shipped files. Needs the `bpy` module (GPL) in an environment of its own; nothing of
Affiche imports it. Scenes: `scenes/`; what a shipped set holds: `export.py`; how it looks tinted: `tint.py`.
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
import time
from pathlib import Path

import export
import studio
from framing import CLASSES

SETS = Path(__file__).resolve().parents[2] / "src" / "affiche" / "compose" / "sets"


def main() -> None:
    """Render every asked class of one set and write its `set.yaml`."""
    asked = _arguments()
    scene = importlib.import_module(f"scenes.{asked.set}")
    folder = asked.out / asked.set
    folder.mkdir(parents=True, exist_ok=True)
    fresh = {}
    for aspect in asked.aspects or CLASSES:
        started = time.monotonic()
        fresh[aspect] = _render_class(scene, aspect, folder, asked)
        export.write_yaml(scene, asked.set, folder, fresh)
        print(f"{asked.set} {aspect}: {time.monotonic() - started:.0f} s", flush=True)


def _render_class(scene: object, aspect: str, folder: Path, asked: argparse.Namespace) -> dict[str, object]:
    framing = getattr(scene, "FRAMINGS", CLASSES)[aspect]
    studio.new_studio(framing, samples=asked.samples, scale=asked.scale)
    scene.build(framing, aspect)
    with tempfile.TemporaryDirectory() as scratch:
        light, masks = Path(scratch) / "light.exr", Path(scratch) / "masks.exr"
        studio.render(light, masks)
        return export.write_class(scene, aspect, framing, (light, masks), folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set")
    parser.add_argument("--class", dest="aspects", action="append", choices=list(CLASSES))
    parser.add_argument("--out", type=Path, default=SETS)
    parser.add_argument("--samples", type=int, default=20)
    parser.add_argument("--scale", type=float, default=1.0, help="below 1 for a quick look")
    return parser.parse_args()


if __name__ == "__main__":
    main()
