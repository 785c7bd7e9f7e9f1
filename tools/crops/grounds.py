"""Drawn grounds for the crop test set: what stands behind products in real photographs, as simple shapes.

Each returns RGB float32 0..255 of the size asked for. `grounds` in a name of `GROUNDS` promises nothing about calmness:
beach, foliage and street are there to mislead whoever looks for contrast.
"""

from __future__ import annotations

import cv2
import numpy as np


def wash(rng, width, height):
    """A wall with a soft gradient."""
    one, two = rng.uniform(60, 235, 3), rng.uniform(60, 235, 3)
    two = 0.7 * one + 0.3 * two
    t = np.linspace(0, 1, height)[:, None, None] * np.ones((1, width, 1))
    return (one * (1 - t) + two * t).astype(np.float32)


def table(rng, width, height):
    """A wall and a table in front of it."""
    out = wash(rng, width, height)
    edge = round(height * rng.uniform(0.62, 0.8))
    out[edge:] = rng.uniform(90, 220) * np.array([1.0, rng.uniform(0.8, 0.95), rng.uniform(0.6, 0.85)])
    out[edge:] *= np.linspace(0.85, 1.05, height - edge)[:, None, None]
    return cv2.GaussianBlur(out, (0, 0), 1.5)


def beach(rng, width, height):
    """Sky, sea, sand and a striped towel."""
    out = np.empty((height, width, 3), np.float32)
    sea, sand = round(height * rng.uniform(0.3, 0.42)), round(height * rng.uniform(0.52, 0.62))
    out[:sea] = (150, 195, 235)
    out[sea:sand] = (40, 140, 175)
    out[sand:] = (225, 200, 165)
    for _ in range(5):
        at = rng.uniform(0, width), rng.uniform(0, sea * 0.8)
        cv2.ellipse(out, (int(at[0]), int(at[1])), (width // 6, height // 26), 0, 0, 360, (245, 248, 250), -1)
    out = cv2.GaussianBlur(out, (0, 0), 4)
    towel = np.array([[0.0, 0.95], [0.35, 0.74], [1.0, 0.9], [0.8, 1.1], [0.0, 1.2]]) * (width, height)
    cv2.fillPoly(out, [towel.astype(np.int32)], (240, 240, 240))
    for k in range(7):
        cv2.line(
            out,
            (int(width * (0.16 * k - 0.1)), height),
            (int(width * (0.2 + 0.11 * k)), round(height * 0.8)),
            (60, 100, 170),
            4,
        )
    return cv2.GaussianBlur(out, (0, 0), 1.2) + rng.normal(0, 3, out.shape).astype(np.float32)


def bokeh(rng, width, height):
    """Blurred lights in the dark."""
    out = np.zeros((height, width, 3), np.float32) + rng.uniform(15, 45, 3).astype(np.float32)
    for _ in range(34):
        at = int(rng.uniform(0, width)), int(rng.uniform(0, height * 0.8))
        color = np.array([255, rng.uniform(150, 230), rng.uniform(60, 160)]) * rng.uniform(0.4, 1.0)
        spot = np.zeros_like(out)
        cv2.circle(spot, at, int(rng.uniform(0.02, 0.06) * width), color.tolist(), -1)
        out = np.maximum(out, spot * 0.8)
    return cv2.GaussianBlur(out, (0, 0), 2.5)


def foliage(rng, width, height):
    """Leaves all over, some sharp."""
    out = (*np.zeros((height, width, 3), np.float32), 40, 62, 38)
    for k in range(150):
        at = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        green = rng.uniform(0.5, 1.25)
        size = int(width * rng.uniform(0.02, 0.07)), int(width * rng.uniform(0.008, 0.02))
        cv2.ellipse(
            out, at, size, rng.uniform(0, 180), 0, 360, (70 * green, 120 * green, 55 * green), -1, cv2.LINE_AA
        )
        if k == 90:
            out = cv2.GaussianBlur(out, (0, 0), 5)
    return out


def street(rng, width, height):
    """House fronts with lit windows and a pavement."""
    out = wash(rng, width, height)
    x = 0
    while x < width:
        wide = int(width * rng.uniform(0.1, 0.25))
        top = int(height * rng.uniform(0.0, 0.35))
        color = rng.uniform(50, 150) * rng.uniform(0.85, 1.15, 3)
        cv2.rectangle(out, (x, top), (x + wide, int(height * 0.78)), color.tolist(), -1)
        for y in range(top + 8, int(height * 0.72), 18):
            for at in range(x + 5, x + wide - 8, 14):
                lit = rng.random() < 0.3
                cv2.rectangle(
                    out, (at, y), (at + 6, y + 9), (250, 220, 150) if lit else (color * 0.6).tolist(), -1
                )
        x += wide + int(rng.uniform(0, 6))
    out[int(height * 0.78) :] = (120, 116, 112)
    return cv2.GaussianBlur(out, (0, 0), rng.choice([0.8, 2.5, 5.0]))


def tiles(rng, width, height):
    """A tiled kitchen wall over a worktop, a window at one side."""
    out = np.zeros((height, width, 3), np.float32) + rng.uniform(150, 220)
    step = max(18, width // 12)
    for x in range(0, width, step):
        cv2.line(out, (x, 0), (x, height), (120, 118, 115), 1)
    for y in range(0, height, step):
        cv2.line(out, (0, y), (width, y), (120, 118, 115), 1)
    side = rng.choice([0, 1])
    cv2.rectangle(
        out,
        (0 if side else int(width * 0.8), 0),
        (int(width * 0.2) if side else width, height // 2),
        (250, 246, 235),
        -1,
    )
    out[int(height * 0.74) :] = rng.uniform(60, 120) * np.array([1.1, 0.9, 0.7])
    return cv2.GaussianBlur(out, (0, 0), 1.6) + rng.normal(0, 2, out.shape).astype(np.float32)


def planks(rng, width, height):
    """A wooden table from above."""
    out = np.empty((height, width, 3), np.float32)
    grain = cv2.GaussianBlur(
        rng.normal(0, 60, (height, width)).astype(np.float32), (0, 0), sigmaX=22, sigmaY=0.8
    )
    out[:] = np.array([150, 105, 70], np.float32)
    out += grain[..., None] * 1.6
    for y in range(0, height, max(28, height // 6)):
        out[y : y + 2] *= 0.5
    return out


GROUNDS = {g.__name__: g for g in (wash, table, beach, bokeh, foliage, street, tiles, planks)}
