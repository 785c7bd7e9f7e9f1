"""A low jar: frosted glass over cream, brass lid with a soft edge."""

from __future__ import annotations

from pathlib import Path

import packshots
from products import serum

ASPECT = 0.90
BODY = 0.43
"""Radius of the jar, which is one unit high."""


def build(label: Path) -> None:
    """Stand the jar on the origin and light it."""
    frost = packshots.surface("frost", color=(0.93, 0.87, 0.79), Roughness=0.42, Coat_Weight=0.25, Coat_Roughness=0.3)
    paper = packshots.surface("paper", picture=label, Roughness=0.5, Specular_IOR_Level=0.35)
    brass = packshots.surface("brass", color=(0.80, 0.58, 0.36), Metallic=1.0, Roughness=0.27)
    cap = packshots.surface("cap", color=(0.80, 0.58, 0.36), Metallic=1.0, Roughness=0.55)
    packshots.lathe("jar", packshots.rounded(
        [(0.0, 0.0, 0), (BODY, 0.0, 0.06), (BODY, 0.70, 0.04), (0.0, 0.70, 0)]), frost)
    packshots.lathe("label", [(BODY + 0.0015, 0.12), (BODY + 0.0015, 0.61)], paper)
    packshots.lathe("neck", [(0.39, 0.69), (0.39, 0.73)], brass)
    packshots.lathe("lid", packshots.rounded(
        [(0.0, 0.72, 0), (BODY + 0.008, 0.72, 0.010), (BODY + 0.008, 1.0, 0.02), (BODY - 0.02, 1.0, 0)]), brass)
    packshots.lathe("top", [(BODY - 0.02, 1.0), (0.0, 1.001)], cap)
    serum.light()
