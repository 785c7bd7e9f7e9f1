"""A low jar: frosted glass over cream, brass lid with a soft edge."""

from __future__ import annotations

from pathlib import Path

import packshots
from products import serum

ASPECT = 1.32
BODY = 0.64
"""Radius of the jar, which is one unit high."""


def build(label: Path) -> None:
    """Stand the jar on the origin and light it."""
    frost = packshots.surface("frost", color=(0.93, 0.87, 0.79), Roughness=0.42, Coat_Weight=0.25, Coat_Roughness=0.3)
    paper = packshots.surface("paper", picture=label, Roughness=0.5, Specular_IOR_Level=0.35)
    brass = packshots.surface("brass", color=(0.80, 0.58, 0.36), Metallic=1.0, Roughness=0.27)
    packshots.lathe("jar", packshots.rounded(
        [(0.0, 0.0, 0), (BODY, 0.0, 0.07), (BODY, 0.665, 0.05), (0.0, 0.665, 0)]), frost)
    packshots.lathe("label", [(BODY + 0.002, 0.105), (BODY + 0.002, 0.605)], paper)
    packshots.lathe("seam", [(0.58, 0.64), (0.58, 0.70)], brass)
    packshots.lathe("lid", packshots.rounded(
        [(0.0, 0.69, 0), (BODY + 0.012, 0.69, 0.012), (BODY + 0.012, 1.0, 0.03), (0.0, 1.0, 0)]), brass)
    serum.light()
