"""What is wrong in parks and on the river."""

from __future__ import annotations

from . import settings
from .canvas import Canvas, shade
from .yard_scenes import STEEL, bags, litter


def dog(c: Canvas, after: bool) -> None:
    settings.park(c)
    if after:
        c.pole(2.6, 7, 1.3, STEEL, 0.08)
        c.upright(2.6, 6.9, 0.5, 0.4, (70, 150, 104), 1.0)
        return
    coat = c.rng.choice(((150, 104, 62), (60, 56, 54), (206, 188, 156)))
    x, z = -0.6, 5.0
    c.shadow(x, z, 1.2, 0.5)
    for dx in (-0.36, -0.22, 0.26, 0.4):
        c.bar((x + dx, z, 0), (x + dx, z, 0.4), coat, 0.1)
    c.ball(x, z, 0.46, coat, 0.56, 0.5)
    c.ball(x + 0.52, z, 0.22, coat, 0.84)
    c.ball(x + 0.7, z, 0.11, shade(coat, 0.8), 0.79)
    c.ball(x + 0.44, z, 0.1, shade(coat, 0.7), 1.0)
    c.bar((x - 0.45, z, 0.68), (x - 0.72, z, 0.98), coat, 0.08)
    for _ in range(3):
        c.ball(1.5 + c.rng.uniform(-0.1, 0.1), 4.2, 0.07, (92, 66, 42), c.rng.uniform(0.03, 0.1))


def lawn(c: Canvas, after: bool) -> None:
    settings.park(c)
    if after:
        for _ in range(40):
            x, z = c.rng.uniform(-3.6, -0.4), c.rng.uniform(4, 7)
            c.ball(x, z, 0.09, c.rng.choice(((226, 90, 110), (240, 200, 80), (240, 240, 240))), 0.14)
        return
    c.blot(-1.8, 5.4, 1.6, (168, 138, 100), 0.25, 26)
    c.blot(-1.2, 5.0, 0.8, (146, 118, 84), 0.3, 18)
    litter(c, -1.2, 5.2, 1.4, 40)
    for x in (-2.4, -0.6):
        c.bar((x, 4.8, 0.05), (x + 0.3, 4.8, 0.09), (120, 180, 150), 0.09)


def bench(c: Canvas, after: bool) -> None:
    settings.park(c)
    wood, x, z = (158, 106, 64), -0.8, 5.4
    c.shadow(x, z + 0.3, 2.2, 0.6)
    for side in (-0.8, 0.8):
        c.pole(x + side, z, 0.5, (52, 54, 56), 0.08)
        c.pole(x + side, z + 0.45, 1.0, (52, 54, 56), 0.07)
    for slat, (depth, up) in enumerate(((0.0, 0.5), (0.18, 0.5), (0.36, 0.5), (0.45, 0.72), (0.45, 0.92))):
        if not after and slat in (1, 4):
            c.bar((x - 0.95, z + depth, up), (x - 0.2, z + depth, up), wood, 0.09)
            c.bar((x + 0.1, z + depth - 0.2, up - 0.3), (x + 0.9, z + depth, up), shade(wood, 0.8), 0.09)
            continue
        c.bar((x - 0.98, z + depth, up), (x + 0.98, z + depth, up), shade(wood, 1.0 + slat * 0.03), 0.1)


def fitness(c: Canvas, after: bool) -> None:
    settings.park(c)
    blue, yellow, z = (52, 104, 176), (232, 184, 56), 6.0
    for x in (-2.4, -0.6):
        c.pole(x, z, 1.5, blue, 0.12)
        c.bar((x - 0.5, z, 1.45), (x + 0.5, z, 1.45), yellow, 0.09)
        for dx in (-0.28, 0.28):
            c.bar((x + dx, z, 1.4), (x + dx * 1.2, z, 0.25), yellow, 0.07)
            if after or not (x > -1 and dx > 0):
                c.bar((x + dx * 1.2 - 0.16, z, 0.22), (x + dx * 1.2 + 0.16, z, 0.22), (40, 40, 44), 0.1)
    if not after:
        c.bar((0.1, 5.2, 0.04), (0.6, 5.1, 0.05), (40, 40, 44), 0.1)
        for _ in range(14):
            c.ball(-0.6 + c.rng.uniform(-0.1, 0.1), z - 0.02, 0.04, (140, 84, 50), c.rng.uniform(0.1, 1.4))
    c.pole(2.4, 8, 2.2, blue, 0.12)
    c.pole(4.2, 8, 2.2, blue, 0.12)
    c.bar((2.4, 8, 2.15), (4.2, 8, 2.15), yellow, 0.1)


def person(c: Canvas, after: bool) -> None:
    """An empty bench with a blanket: help was needed here; people are never drawn."""
    bench(c, True)
    if not after:
        c.box(-0.8, 5.35, (1.5, 0.4, 0.2), (120, 96, 130), 0.52)
        bags(c, 0.7, 5.3, 0.3, 3)


def river(c: Canvas, after: bool) -> None:
    settings.bank(c)
    if not after:
        for _ in range(110):
            z = c.rng.uniform(5.2, 18)
            x = c.rng.gauss(-1.5, z * 0.28)
            bit = c.rng.choice(
                ((236, 236, 230), (86, 140, 84), (214, 190, 140), (70, 118, 62), (206, 74, 60))
            )
            c.ball(x, z, c.rng.uniform(0.06, 0.22), bit, 0.02, 0.45)
        c.blot(-2.2, 7.5, 1.5, (84, 116, 66), 0.4, 22)
        c.blot(-2.4, 7.7, 0.9, (98, 136, 72), 0.4, 18)
    settings.railing(c)


def railing(c: Canvas, after: bool) -> None:
    settings.bank(c)
    settings.railing(c, None if after else (-0.8, 1.2))
    if not after:
        c.bar((-0.7, 4.2, 0.9), (0.9, 3.6, 0.05), (206, 208, 206), 0.07)
        settings.cones(c, -0.6, 3.6, 3, 0.8)


SCENES = {
    "dog": dog,
    "lawn": lawn,
    "bench": bench,
    "fitness": fitness,
    "person": person,
    "river": river,
    "railing": railing,
}
