"""Props and people, drawn: what stands beside the subject and competes with it, and a face that is the subject."""

from __future__ import annotations

import cv2
import numpy as np


def fruit(rng, side):
    """A halved orange or a plain ball, RGBA uint8 side x side."""
    out = np.zeros((side, side, 4), np.uint8)
    middle, radius = side // 2, int(side * 0.46)
    color = np.array([rng.uniform(200, 245), rng.uniform(90, 190), rng.uniform(20, 60)])
    cv2.circle(out, (middle, middle), radius, (*color.tolist(), 255), -1, cv2.LINE_AA)
    cv2.circle(
        out,
        (middle, middle),
        int(radius * 0.86),
        (*np.minimum(255, color * 1.15).tolist(), 255),
        -1,
        cv2.LINE_AA,
    )
    for angle in np.linspace(0, np.pi, 6)[:-1]:
        across = np.array([np.cos(angle), np.sin(angle)]) * radius * 0.85
        ends = [tuple(int(v) for v in middle + sign * across) for sign in (-1, 1)]
        cv2.line(out, *ends, (250, 225, 180, 255), max(1, side // 40), cv2.LINE_AA)
    return out


def sprig(rng, side):
    """A twig with leaves."""
    out = np.zeros((side, side, 4), np.uint8)
    cv2.line(
        out,
        (side // 8, side - 4),
        (side - side // 6, side // 6),
        (80, 90, 50, 255),
        max(2, side // 40),
        cv2.LINE_AA,
    )
    for k in range(7):
        at = side // 8 + k * side // 9, side - 6 - k * side // 9
        green = rng.uniform(0.7, 1.2)
        angle = 20 if k % 2 else -95
        cv2.ellipse(
            out,
            at,
            (side // 7, side // 18),
            angle,
            0,
            360,
            (60 * green, 125 * green, 55 * green, 255),
            -1,
            cv2.LINE_AA,
        )
    return out


def stone(rng, side):
    """A pebble."""
    out = np.zeros((side, side, 4), np.uint8)
    grey = rng.uniform(70, 190)
    cv2.ellipse(
        out,
        (side // 2, side // 2),
        (int(side * 0.46), int(side * 0.28)),
        0,
        0,
        360,
        (grey, grey, grey * 0.96, 255),
        -1,
        cv2.LINE_AA,
    )
    cv2.ellipse(
        out,
        (side // 2, int(side * 0.44)),
        (int(side * 0.36), int(side * 0.15)),
        0,
        0,
        360,
        (grey * 1.15, grey * 1.15, grey * 1.1, 255),
        -1,
        cv2.LINE_AA,
    )
    return out


PROPS = (fruit, sprig, stone)


def person(rng, side):
    """Head and shoulders from the front: enough of a face for a Haar cascade. RGBA; the face is the middle third."""
    out = np.zeros((side, side, 4), np.float32)
    skin = np.array([(236, 192, 166), (198, 140, 105), (120, 78, 56)][rng.integers(3)], np.float32)
    hair = np.array([(50, 36, 28), (120, 84, 48), (24, 22, 24)][rng.integers(3)], np.float32)
    cloth = rng.uniform(40, 210, 3)
    unit = side / 100

    def oval(x, y, rx, ry, color, angle=0.0):
        center, axes = (int(x * unit * 8), int(y * unit * 8)), (int(rx * unit * 8), int(ry * unit * 8))
        cv2.ellipse(
            out, center, axes, angle, 0, 360, (*np.asarray(color, float).tolist(), 255.0), -1, cv2.LINE_AA, 3
        )

    oval(50, 100, 36, 26, cloth)
    oval(50, 68, 8.5, 14, skin * 0.82)
    oval(50, 38, 22.5, 27, hair)
    oval(50, 43, 18, 23, skin)
    oval(50, 25, 18, 8, hair)
    for x in (42.5, 57.5):
        oval(x, 40, 5.4, 3.6, skin * 0.72)
        oval(x, 34.6, 5.6, 1.3, hair)
        oval(x, 40, 3.6, 1.8, (245, 243, 240))
        oval(x, 40, 1.8, 1.8, (40, 30, 26))
        oval(x + (5 if x > 50 else -5), 50, 5, 5, skin * 0.95)
    oval(50, 46, 1.6, 6, skin * 1.06)
    oval(50, 52, 3.6, 1.6, skin * 0.72)
    oval(50, 58, 6.4, 2.2, (170, 80, 80))
    oval(50, 57.4, 6.2, 0.6, (90, 40, 40))
    soft = cv2.GaussianBlur(out, (0, 0), max(0.6, side / 260))
    return np.clip(soft, 0, 255).astype(np.uint8)
