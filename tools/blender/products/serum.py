"""A dropper bottle: amber glass, cream label, matte black-brown collar and soft bulb."""

from __future__ import annotations

from pathlib import Path

import packshots
import studio

ASPECT = 0.40
BODY, NECK = 0.185, 0.078
"""Radii of the bottle, which is one unit high."""


def build(label: Path) -> None:
    """Stand the bottle on the origin and light it."""
    glass = packshots.surface("glass", color=(0.62, 0.235, 0.06), Roughness=0.04, IOR=1.5, Transmission_Weight=1.0)
    serum = packshots.surface("serum", color=(0.50, 0.17, 0.035), Roughness=0.25, Coat_Weight=0.0)
    paper = packshots.surface("paper", picture=label, Roughness=0.55, Specular_IOR_Level=0.35)
    brass = packshots.surface("brass", color=(0.80, 0.58, 0.36), Metallic=1.0, Roughness=0.24)
    rubber = packshots.surface("rubber", color=(0.055, 0.036, 0.027), Roughness=0.42)
    packshots.lathe("bottle", packshots.rounded(
        [(0.0, 0.0, 0), (BODY, 0.0, 0.035), (BODY, 0.60, 0.085), (NECK, 0.665, 0.03), (NECK, 0.70, 0)]), glass)
    packshots.lathe("fill", packshots.rounded(
        [(0.0, 0.02, 0), (BODY - 0.014, 0.02, 0.03), (BODY - 0.014, 0.505, 0.004), (0.0, 0.505, 0)]), serum)
    packshots.lathe("label", [(BODY + 0.0012, 0.065), (BODY + 0.0012, 0.475)], paper)
    packshots.lathe("collar", packshots.rounded(
        [(0.0, 0.675, 0), (0.098, 0.675, 0.006), (0.098, 0.785, 0.010), (0.0, 0.785, 0)]), brass)
    packshots.lathe("bulb", packshots.rounded(
        [(0.066, 0.78, 0), (0.066, 0.80, 0.01), (0.060, 0.90, 0.04), (0.056, 0.985, 0.03), (0.03, 1.0, 0.02), (0.0, 1.0, 0)]),
        rubber)
    light()


def light() -> None:
    """Light glass with long strips at the sides and one soft window from the left."""
    middle = (0, 0, 0.5)
    studio.softbox((-0.9, -2.3, 2.9), middle, size=(1.6, 1.4), energy=78, color=(1.0, 0.975, 0.94))
    studio.softbox((-1.35, -0.6, 0.6), middle, size=(0.42, 1.5), energy=14, color=(1.0, 0.97, 0.92))
    studio.softbox((1.4, -0.25, 0.6), middle, size=(0.14, 1.5), energy=7)
    studio.softbox((-0.5, 1.5, 0.7), middle, size=(0.8, 1.5), energy=16, color=(1.0, 0.95, 0.88))
    studio.softbox((0.8, 1.4, 0.7), middle, size=(0.6, 1.5), energy=12, color=(1.0, 0.95, 0.88))
    studio.sky(0.28, (1.0, 0.97, 0.94))
