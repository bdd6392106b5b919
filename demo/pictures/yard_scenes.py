"""What is wrong around homes, on pavements and in stairways."""

from __future__ import annotations

from . import settings
from .canvas import Canvas, Colour, shade
from .street_scenes import bike, car

STEEL: Colour = (140, 146, 150)


def bags(c: Canvas, x: float, z: float, spread: float, number: int) -> None:
    """A heap of rubbish bags."""
    c.shadow(x, z + 0.2, spread * 2.4, 1)
    spots = sorted(
        ((c.rng.gauss(x, spread * 0.5), c.rng.uniform(z - 0.5, z + 0.6)) for _ in range(number)),
        key=lambda p: -p[1],
    )
    for px, pz in spots:
        colour = c.rng.choice(((38, 38, 42), (52, 54, 58), (206, 206, 202), (170, 44, 44), (66, 104, 160)))
        r = c.rng.uniform(0.2, 0.36)
        up = max(r * 0.8, spread * 0.55 - abs(px - x) * 0.6) * c.rng.uniform(0.4, 1)
        c.ball(px, pz, r, colour, up, 0.85)
        c.ball(px - r * 0.3, pz, r * 0.35, shade(colour, 1.5), up + r * 0.3, 0.7)
        c.ball(px, pz, r * 0.22, shade(colour, 0.8), up + r * 0.9)


def litter(c: Canvas, x: float, z: float, spread: float, number: int) -> None:
    """Scraps lying about."""
    for _ in range(number):
        bit = c.rng.choice(((236, 236, 230), (206, 70, 60), (86, 140, 190), (214, 190, 140), (120, 160, 90)))
        c.blot(
            c.rng.gauss(x, spread), z + c.rng.gauss(0, spread * 0.5), c.rng.uniform(0.04, 0.12), bit, 0.4, 5
        )


def _bin(c: Canvas, x: float, z: float, colour: Colour, open_lid: bool = False) -> None:
    c.shadow(x, z + 0.3, 0.9, 0.8)
    c.box(x, z, (0.62, 0.6, 0.95), colour)
    c.upright(x, z - 0.01, 0.3, 0.2, (240, 240, 236), 0.5)
    if open_lid:
        c.upright(x, z + 0.6, 0.66, 0.55, shade(colour, 0.8), 0.95)
    else:
        c.box(x, z - 0.03, (0.68, 0.66, 0.08), shade(colour, 0.85), 0.95)


def garbage(c: Canvas, after: bool) -> None:
    settings.yard(c)
    c.box(-4.6, 9, (0.3, 4, 2.0), (188, 176, 160))
    if after:
        c.ground([(-4.2, 4.4), (2.2, 4.4), (2.6, 7.4), (-4.2, 7.4)], (150, 146, 140))
        return
    litter(c, -0.9, 5.4, 1.2, 46)
    bags(c, -0.9, 5.6, 1.5, 24)


def bin_full(c: Canvas, after: bool) -> None:
    settings.yard(c)
    colours: tuple[Colour, ...] = ((62, 106, 178), (72, 138, 82), (186, 60, 54), (110, 112, 116))
    for number, colour in enumerate(colours):
        _bin(c, -2.1 + number * 1.05, 6.2, colour, open_lid=not after)
        if not after:
            for _ in range(4):
                c.ball(
                    -2.1 + number * 1.05 + c.rng.uniform(-0.25, 0.25),
                    6.3,
                    0.22,
                    c.rng.choice(((40, 40, 44), (214, 214, 208))),
                    1.05 + c.rng.uniform(0, 0.25),
                )
    if not after:
        bags(c, -0.3, 5.1, 1.7, 12)
        litter(c, -0.4, 4.8, 1.4, 34)


def furniture(c: Canvas, after: bool) -> None:
    settings.yard(c)
    if after:
        return
    c.shadow(-0.4, 6.4, 3.4, 2)
    c.box(-1.0, 6.6, (2.1, 0.3, 0.85), (150, 92, 62))
    c.box(-1.0, 5.9, (2.1, 0.7, 0.42), (168, 106, 74))
    for side in (-2.0, 0.0):
        c.box(side, 5.9, (0.28, 0.8, 0.62), (140, 84, 58))
    c.brush.polygon(
        [c.at(0.6, 6.4, 0), c.at(1.9, 6.2, 0), c.at(2.2, 6.8, 1.9), c.at(0.9, 7.0, 1.9)], fill=(212, 206, 190)
    )
    for number in range(4):
        c.brush.line(
            [
                c.at(0.7 + number * 0.08, 6.4, 0.4 + number * 0.4),
                c.at(1.98 + number * 0.07, 6.25, 0.4 + number * 0.4),
            ],
            fill=(188, 180, 164),
            width=2,
        )
    c.box(2.9, 6.9, (0.9, 0.5, 1.7), (126, 88, 60))


def clutter(c: Canvas, after: bool) -> None:
    settings.stairway(c)
    c.upright(0.2, 7.95, 1.0, 2.2, (110, 74, 54))
    if after:
        c.upright(-1.2, 7.9, 0.5, 0.5, (206, 52, 46), 1.2)
        return
    for x, z, w, h in (
        (-1.2, 6.6, 0.7, 0.6),
        (1.2, 6.2, 0.8, 0.5),
        (-1.1, 5.2, 0.8, 0.55),
        (1.15, 4.9, 0.6, 0.8),
        (-1.15, 4.0, 0.6, 0.5),
    ):
        c.box(x, z, (w, 0.5, h), (178, 142, 100))
        c.bar((x, z - 0.01, 0), (x, z - 0.01, h), (206, 178, 134), 0.05)
        if c.rng.random() < 0.6:
            c.box(x, z, (w * 0.8, 0.4, h * 0.7), (164, 128, 90), h)
    bike(c, 0.9, 3.6, (60, 120, 170))
    c.ball(-1.2, 3.2, 0.2, (70, 58, 50), 0.2)


def lift(c: Canvas, after: bool) -> None:
    settings.stairway(c)
    c.upright(0, 7.9, 1.7, 2.4, (168, 172, 176))
    gap = 0.02 if after else 0.24
    for side in (-1, 1):
        c.upright(side * (0.38 + gap), 7.85, 0.74, 2.2, (196, 200, 204))
        c.upright(side * (0.38 + gap), 7.84, 0.06, 2.2, (150, 154, 158))
    if not after:
        c.upright(0, 7.83, 0.42, 2.2, (24, 24, 28))
        c.brush.polygon(
            [c.at(-1.0, 5.4, 0.9), c.at(1.0, 5.4, 0.9), c.at(1.0, 5.4, 1.15), c.at(-1.0, 5.4, 1.15)],
            fill=(226, 186, 50),
        )
        for number in range(5):
            a = -0.95 + number * 0.42
            c.brush.polygon(
                [
                    c.at(a, 5.39, 0.9),
                    c.at(a + 0.2, 5.39, 0.9),
                    c.at(a + 0.32, 5.39, 1.15),
                    c.at(a + 0.12, 5.39, 1.15),
                ],
                fill=(40, 40, 42),
            )
        for post in (-1.0, 1.0):
            c.pole(post, 5.4, 1.2, (60, 60, 62), 0.06)
    c.upright(1.2, 7.8, 0.22, 0.5, (120, 122, 126), 1.1)
    c.ball(1.2, 7.78, 0.06, (90, 200, 110) if after else (210, 60, 50), 1.4)


def old_car(c: Canvas, after: bool) -> None:
    settings.yard(c)
    for x in (-2.6, 0.2, 3.0):
        c.ground([(x, 4.6), (x + 0.08, 4.6), (x + 0.08, 7.4), (x, 7.4)], (230, 230, 226))
    if not after:
        car(c, -1.2, 5.6, (150, 148, 140), old=True)


def fire_lane(c: Canvas, after: bool) -> None:
    settings.yard(c)
    c.ground([(-3.2, 3.6), (3.2, 3.6), (3.2, 3.75), (-3.2, 3.75)], (226, 190, 60))
    if not after:
        car(c, -1.3, 5.6, (206, 208, 208))
        car(c, 1.5, 5.2, (90, 40, 44))


def lock(c: Canvas, after: bool) -> None:
    settings.yard(c)
    for x in (-1.4, 1.4):
        c.ground([(x, 3.4), (x + 0.09, 3.4), (x + 0.09, 7.0), (x, 7.0)], (232, 232, 228))
    if after:
        return
    for x in (-2.8, 0.05, 2.9):
        c.bar((x - 0.35, 4.6, 0.02), (x - 0.25, 4.7, 0.5), (206, 52, 44), 0.07)
        c.bar((x + 0.35, 4.6, 0.02), (x + 0.25, 4.7, 0.5), (206, 52, 44), 0.07)
        c.bar((x - 0.25, 4.7, 0.5), (x + 0.25, 4.7, 0.5), (226, 186, 50), 0.08)
        c.box(x, 4.55, (0.8, 0.3, 0.06), (60, 60, 62))


def shed(c: Canvas, after: bool) -> None:
    settings.yard(c)
    if after:
        return
    c.box(-4.2, 9.4, (4.2, 3, 2.3), (88, 134, 172))
    for number in range(14):
        x = -6.2 + number * 0.3
        c.bar((x, 9.35, 0.1), (x, 9.35, 2.25), (72, 114, 150), 0.03)
    c.brush.polygon(
        [c.at(-6.6, 9.1, 2.3), c.at(-1.8, 9.1, 2.3), c.at(-1.8, 12.5, 3.0), c.at(-6.6, 12.5, 3.0)],
        fill=(112, 158, 194),
    )
    c.upright(-3.4, 9.3, 0.9, 1.9, (66, 70, 76))
    for x in (-1.2, -0.6):
        c.box(x, 8.6, (0.5, 0.3, 0.3), (178, 92, 66))


def wires(c: Canvas, after: bool) -> None:
    settings.yard(c)
    bike(c, 3.2, 6.4, (66, 120, 170))
    bike(c, 4.4, 6.8, (180, 60, 60))
    if after:
        c.box(5.8, 8.4, (0.6, 0.3, 1.2), (70, 150, 104), 0.4)
        return
    for start, end in (
        ((1.5, 14, 7.2), (3.2, 6.4, 0.7)),
        ((4.4, 14, 4.2), (4.4, 6.8, 0.6)),
        ((-3, 14, 7.0), (3.0, 6.4, 0.7)),
    ):
        (ax, ay), (bx, by) = c.at(*start), c.at(*end)
        points = []
        for step in range(17):
            t = step / 16
            points.append((ax + (bx - ax) * t, ay + (by - ay) * t + 60 * t * (1 - t) * 2))
        c.brush.line(points, fill=c.rng.choice(((36, 36, 38), (220, 220, 214), (190, 60, 50))), width=3)
    c.box(2.3, 6.2, (0.3, 0.2, 0.07), (236, 236, 230))


def hydrant(c: Canvas, after: bool) -> None:
    settings.street(c, -4.6)
    x, z, red = -5.4, 5.4, (206, 44, 38)
    if not after:
        c.blot(x + 0.5, z - 0.3, 1.0, (94, 96, 100), 0.2)
        c.blot(x + 0.5, z - 0.3, 0.6, (146, 158, 168), 0.2)
    c.ball(x, z, 0.24, shade(red, 0.7), 0.05, 0.4)
    c.upright(x, z, 0.3, 0.7, red, 0.05)
    c.ball(x, z, 0.17, shade(red, 1.1), 0.78)
    for side in (-0.22, 0.22):
        c.upright(x + side, z, 0.16, 0.18, shade(red, 0.85), 0.45)
    if not after:
        for number in range(22):
            c.ball(x + 0.3 + number * 0.014, z - 0.02, 0.025, (190, 208, 222), 0.5 - number * 0.023)
        bike(c, x + 1.1, z + 0.5, (52, 120, 90))


def cabinet(c: Canvas, after: bool) -> None:
    settings.street(c, -5.0)
    x, z = -5.8, 6.0
    c.shadow(x, z + 0.4, 1.4, 0.8)
    c.box(x, z, (1.2, 0.5, 1.5), (150, 168, 158))
    if after:
        c.upright(x, z - 0.01, 0.02, 1.3, (104, 118, 110), 0.1)
        c.upright(x, z - 0.01, 0.34, 0.3, (232, 196, 60), 0.95)
        return
    c.upright(x, z - 0.01, 1.0, 1.3, (52, 56, 58), 0.1)
    for _ in range(16):
        a, b = c.rng.uniform(-0.45, 0.45), c.rng.uniform(-0.45, 0.45)
        c.bar(
            (x + a, z - 0.02, 1.35),
            (x + b, z - 0.02, 0.2),
            c.rng.choice(((200, 60, 50), (60, 110, 180), (220, 190, 70), (210, 210, 206))),
            0.02,
        )
    c.brush.polygon(
        [
            c.at(x + 0.55, z - 0.02, 0.1),
            c.at(x + 1.2, z - 0.7, 0.1),
            c.at(x + 1.2, z - 0.7, 1.42),
            c.at(x + 0.55, z - 0.02, 1.42),
        ],
        fill=(128, 146, 136),
    )


def charger(c: Canvas, after: bool) -> None:
    settings.yard(c)
    for number in range(3):
        x = -1.6 + number * 1.5
        c.box(x, 7.6, (0.42, 0.3, 1.35), (232, 234, 232))
        c.upright(
            x,
            7.58,
            0.28,
            0.24,
            (60, 190, 110) if after else ((40, 42, 44) if number else (206, 60, 50)),
            0.95,
        )
        c.upright(x, 7.58, 0.42, 0.12, (60, 160, 120), 0.1)
        bike(c, x, 6.2, c.rng.choice(((60, 110, 170), (190, 60, 56), (70, 70, 76))))
        if not after:
            c.bar((x + 0.15, 7.5, 0.7), (x + 0.5, 6.8, 0.05), (34, 34, 36), 0.04)


def toilet(c: Canvas, after: bool) -> None:
    settings.street(c, -4.4)
    c.box(-6.8, 9, (3.4, 3, 2.9), (226, 222, 212))
    c.upright(-7.6, 8.95, 0.9, 2.1, (70, 104, 150))
    c.upright(-6.0, 8.95, 0.9, 2.1, (176, 84, 104))
    c.upright(-6.8, 8.95, 3.4, 0.4, (64, 130, 110), 2.5)
    if not after:
        c.blot(-5.6, 6.8, 1.1, (120, 124, 122), 0.25)
        c.blot(-5.4, 6.6, 0.6, (150, 158, 160), 0.25)
        litter(c, -5.4, 6.6, 0.8, 26)
        c.brush.line([c.at(-6.5, 8.9, 1.3), c.at(-5.5, 8.9, 1.3)], fill=(226, 186, 50), width=4)


def board(c: Canvas, after: bool) -> None:
    settings.yard(c)
    for x in (-3.0, 0.6):
        c.pole(x, 8, 2.4, STEEL, 0.1)
    c.upright(-1.2, 7.95, 3.7, 1.5, (160, 44, 40), 0.8)
    c.upright(-1.2, 7.9, 3.4, 1.2, (232, 234, 232), 0.95)
    for number in range(5):
        paper = c.rng.choice(((250, 246, 232), (214, 230, 244), (250, 226, 190)))
        c.upright(-2.5 + number * 0.66, 7.88, 0.52, 0.8, paper, 1.15)
        for line in range(4):
            c.upright(-2.5 + number * 0.66, 7.87, 0.38, 0.03, (120, 120, 124), 1.3 + line * 0.14)
    if not after:
        hit = c.at(-0.6, 7.86, 1.6)
        for _ in range(12):
            end = (hit[0] + c.rng.uniform(-70, 70), hit[1] + c.rng.uniform(-36, 36))
            c.brush.line([hit, end], fill=(252, 253, 254), width=1)
        for _ in range(34):
            c.ball(-0.6 + c.rng.gauss(0, 0.6), 7.2 + c.rng.gauss(0, 0.3), 0.04, (230, 238, 242), 0.02)


def market(c: Canvas, after: bool) -> None:
    settings.stairway(c)
    for side in (-1, 1):
        for z in (6.5, 4.8, 3.4):
            x = side * 1.25
            c.box(x, z, (0.85, 1.0, 0.75), (206, 208, 206))
            for _ in range(26):
                food = c.rng.choice(
                    ((90, 150, 70), (206, 60, 50), (230, 150, 60), (240, 236, 220), (122, 82, 130))
                )
                c.ball(x + c.rng.uniform(-0.38, 0.38), z + c.rng.uniform(0, 0.7), 0.09, food, 0.82)
    for z in (6.6, 4.4):
        px, py = c.at(0, z, 2.3)
        c.brush.ellipse((px - 8, py - 8, px + 8, py + 8), fill=(255, 244, 210))
        c.glow(px, py, 46, (110, 90, 60))
    if not after:
        c.blot(0.0, 3.2, 0.6, (120, 124, 120), 0.25)
        c.blot(0.1, 4.6, 0.5, (124, 130, 128), 0.25)
        litter(c, 0.0, 3.4, 0.45, 60)


def facade(c: Canvas, after: bool) -> None:
    settings.yard(c)
    if after:
        c.box(0, 12, (7, 1.4, 0.14), (88, 150, 110), 2.9)
        return
    for x, up, r in ((-3.4, 6.2, 0.9), (2.6, 7.0, 1.1), (-1.6, 4.2, 0.6)):
        for _ in range(9):
            c.upright(
                x + c.rng.uniform(-r, r),
                13.9,
                c.rng.uniform(0.4, 0.9),
                c.rng.uniform(0.3, 0.7),
                shade((146, 136, 124), c.rng.uniform(0.85, 1.1)),
                up + c.rng.uniform(-r, r),
            )
    for _ in range(46):
        c.blot(
            -2.6 + c.rng.gauss(0, 1.1),
            9.4 + c.rng.gauss(0, 0.5),
            c.rng.uniform(0.05, 0.16),
            (206, 194, 176),
            0.5,
            5,
        )
    c.bar((-5, 8.2, 0.9), (1, 8.2, 0.9), (226, 60, 50), 0.05)
    for x in (-5, -2, 1):
        c.pole(x, 8.2, 1.0, (226, 120, 50), 0.05)


SCENES = {
    "garbage": garbage,
    "bin": bin_full,
    "furniture": furniture,
    "clutter": clutter,
    "lift": lift,
    "old_car": old_car,
    "fire_lane": fire_lane,
    "lock": lock,
    "shed": shed,
    "wires": wires,
    "hydrant": hydrant,
    "cabinet": cabinet,
    "charger": charger,
    "toilet": toilet,
    "board": board,
    "market": market,
    "facade": facade,
}
