"""Writes inside-frame.json: positions about the edges of frames, and whether they lie on the frame.

The area of a frame's pixels, worked out in exact fractions: the first pixel's centre is 0 and a
pixel reaches half of one to each side; its left and upper edges belong to it, the others do not.
From anywhere: python make_inside_frame.py
"""

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

SIZES = [(832, 480), (224, 160), (1, 1)]
HALF = Fraction(1, 2)
# Exact in float32 too, so that both languages read the same number.
STEP = Fraction(1, 64)


def about(length: int) -> list[Fraction]:
    edges = [-HALF, Fraction(0), Fraction(length - 1), length - HALF, Fraction(length)]
    near = {edge + k * STEP for edge in edges for k in (-1, 0, 1)}
    return sorted(near | {Fraction(length, 2), Fraction(-1000), Fraction(1000)})


def on(value: Fraction, length: int) -> bool:
    """Whether the pixel that holds the value is one of the frame's."""
    return 0 <= (value + HALF).__floor__() < length


def main() -> None:
    cases = []
    for width, height in SIZES:
        middle = (Fraction(width - 1, 2), Fraction(height - 1, 2))
        points = [(x, middle[1]) for x in about(width)] + [(middle[0], y) for y in about(height)]
        corners = product((-HALF, width - HALF), (-HALF, height - HALF))
        rows = [
            {"x": float(x), "y": float(y), "inside": on(x, width) and on(y, height)}
            for x, y in [*points, *corners]
        ]
        cases.append({"width": width, "height": height, "points": rows})
    text = json.dumps(cases)
    Path(__file__).with_name("inside-frame.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
