"""How often simple pictures that were drawn by themselves are named as near copies of each other.

    OMP_NUM_THREADS=1 python benchmarks/detection/simple_pictures.py [--first SEED] [--sets N]

Each set (a seed) has 150 to 400 pictures of one kind and no copy: icons of one or two flat shapes, waves of one direction
(a third of the sets without noise), soft spots on a ground, scikit-learn's digits, and strokes of ten forms as a hand
writes them. The unit is a set with any pair named. Limits were chosen on seeds below 1000. A set takes about a second.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from duplicates import encoded, own_images
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from governance.measures.intervals import wilson

Rng = np.random.Generator
SIDE = 48
DOWN, ACROSS = np.mgrid[:SIDE, :SIDE] / SIDE


def icons(random: Rng, count: int) -> Iterator[Any]:
    """One or two flat shapes of six colours on a light ground."""
    colours = random.integers(0, 256, (6, 3))
    for _ in range(count):
        image = Image.new("RGB", (4 * SIDE, 4 * SIDE), tuple(random.integers(200, 256, 3).tolist()))
        draw = ImageDraw.Draw(image)
        for _ in range(random.integers(1, 3)):
            colour = tuple(colours[random.integers(6)].tolist())
            (x, y), half = random.uniform(0.3, 0.7, 2) * 4 * SIDE, random.uniform(0.12, 0.3) * 4 * SIDE
            around = (x - half, y - half, x + half, y + half)
            shape = random.integers(5)
            if shape == 0:
                draw.ellipse(around, fill=colour)
            elif shape == 1:
                draw.rectangle(around, fill=colour)
            elif shape == 2:
                draw.polygon([(x, y - half), (x - half, y + half), (x + half, y + half)], fill=colour)
            elif shape == 3:
                draw.ellipse(around, outline=colour, width=int(half / 3))
            else:
                draw.rectangle((x - half, y - half / 3, x + half, y + half / 3), fill=colour)
                draw.rectangle((x - half / 3, y - half, x + half / 3, y + half), fill=colour)
        yield image.resize((SIDE, SIDE), Image.Resampling.BOX)


def waves(random: Rng, count: int) -> Iterator[Any]:
    """Waves of a direction, length, phase and strength of their own."""
    noise = random.choice([0, 5, 12])
    for _ in range(count):
        angle, length, phase = random.uniform(0, np.pi), random.uniform(2, 8), random.uniform(0, 2 * np.pi)
        along = ACROSS * np.cos(angle) + DOWN * np.sin(angle)
        wave = np.sin(2 * np.pi * length * along + phase)
        yield grey(127 + random.uniform(30, 110) * wave + random.normal(0, noise, wave.shape))


def spots(random: Rng, count: int) -> Iterator[Any]:
    """One to three soft spots on a dark ground."""
    noise = random.choice([0, 4, 8])
    for _ in range(count):
        ground = np.full((SIDE, SIDE), 50.0)
        for _ in range(random.integers(1, 4)):
            (x, y), width = random.uniform(0.2, 0.8, 2), random.uniform(0.06, 0.15)
            ground += 150 * np.exp(-((ACROSS - x) ** 2 + (DOWN - y) ** 2) / 2 / width**2)
        yield grey(ground + random.normal(0, noise, ground.shape))


def digits(random: Rng, count: int) -> Iterator[Any]:
    """Some of scikit-learn's digits of 8 x 8 pixels."""
    from sklearn.datasets import load_digits

    every = load_digits().images
    for row in random.choice(len(every), count, replace=False):
        yield grey(every[row] * 15.9)


def strokes(random: Rng, count: int) -> Iterator[Any]:
    """One of ten forms each, its corners moved a little and rounded."""
    forms = [random.uniform(0.15, 0.85, (random.integers(4, 7), 2)) for _ in range(10)]
    for _ in range(count):
        form = forms[random.integers(10)]
        corners = form + random.normal(0, 0.05, form.shape)
        place = np.linspace(0, len(corners) - 1, 60)
        line = np.column_stack([np.interp(place, np.arange(len(corners)), column) for column in corners.T])
        rounded = np.column_stack([np.convolve(np.pad(c, 4, mode="edge"), np.ones(9) / 9, "valid") for c in line.T])
        image = Image.new("L", (112, 112), 0)
        points = [(x, y) for x, y in (rounded * 112).tolist()]
        ImageDraw.Draw(image).line(points, fill=255, width=int(random.integers(7, 13)), joint="curve")
        yield image.resize((28, 28), Image.Resampling.BOX)


KINDS: dict[str, Callable[[Rng, int], Iterator[Any]]] = {
    "icons": icons, "waves": waves, "spots": spots, "digits": digits, "strokes": strokes,
}  # fmt: skip


def grey(values: NDArray[np.float64]) -> Any:
    """A grey picture of `values`, 0 to 255."""
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=2000)
    parser.add_argument("--sets", type=int, default=50)
    asked = parser.parse_args()
    print("\nSimple pictures without copies (unit: a set of 150 to 400) in which any pair was named.\n")
    print("| pictures | sets | with a pair (95 % Wilson) |\n|---|---|---|", flush=True)
    every = 0
    for name, drawn in KINDS.items():
        named = 0
        for seed in range(asked.first, asked.first + asked.sets):
            random = np.random.default_rng(seed)
            made = [encoded(image, "PNG") for image in drawn(random, int(random.integers(150, 400)))]
            named += bool(own_images(made))
        every += named
        print(f"| {name} | {asked.sets} | {told(named, asked.sets)} |", flush=True)
    print(f"| **all** | {asked.sets * len(KINDS)} | {told(every, asked.sets * len(KINDS))} |")


def told(named: int, sets: int) -> str:
    low, high = wilson(named, sets)
    return f"{named} ({100 * low:.1f}% to {100 * high:.1f}%)"


if __name__ == "__main__":
    main()
