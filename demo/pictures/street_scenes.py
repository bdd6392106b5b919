"""What is wrong along streets, and the same place put right."""

from __future__ import annotations

from . import settings
from .canvas import Canvas, Colour, shade

STEEL: Colour = (134, 140, 146)


def car(c: Canvas, x: float, z: float, colour: Colour, old: bool = False) -> None:
    """A car seen from behind."""
    c.shadow(x, z + 1, 2.4, 3)
    c.box(x, z, (1.8, 3.6, 0.75), shade(colour, 0.8 if old else 1.0), 0.3)
    c.box(x, z + 0.5, (1.5, 2.0, 0.55), shade(colour, 0.7), 1.02)
    c.upright(x, z, 1.3, 0.42, (58, 66, 76), 1.06)
    for side in (-0.72, 0.72):
        c.upright(x + side, z, 0.26, 0.42, (34, 34, 36), 0.0)
        c.upright(x + side, z, 0.24, 0.16, (190, 46, 42), 0.68)
    c.upright(x, z, 0.5, 0.14, (60, 96, 170), 0.5)
    if old:
        for _ in range(7):
            c.ball(x + c.rng.uniform(-0.8, 0.8), z - 0.01, 0.07, (150, 118, 84), c.rng.uniform(0.4, 1.0))
        for _ in range(12):
            c.bar(
                (x + c.rng.uniform(-1.2, 1.2), z, 0),
                (x + c.rng.uniform(-1.2, 1.2), z, c.rng.uniform(0.15, 0.4)),
                settings.GRASS,
                0.03,
            )


def bike(c: Canvas, x: float, z: float, colour: Colour, fallen: bool = False) -> None:
    """A bicycle or e-bike from the side, standing or on the ground."""
    flat = 0.35 if fallen else 1.0
    up = 0.12 if fallen else 0.33
    for dx in (-0.5, 0.5):
        c.ball(x + dx, z, 0.33, (38, 38, 40), up, flat)
        c.ball(x + dx, z, 0.26, (150, 150, 150), up, flat)
        c.ball(x + dx, z, 0.05, (60, 60, 60), up, flat)
    c.bar((x - 0.5, z, up), (x + 0.1, z, up + 0.35 * flat), colour, 0.07)
    c.bar((x + 0.5, z, up), (x + 0.35, z, up + 0.62 * flat), colour, 0.06)
    c.bar((x - 0.15, z, up + 0.3 * flat), (x + 0.4, z, up + 0.45 * flat), colour, 0.07)
    c.bar((x + 0.22, z, up + 0.66 * flat), (x + 0.46, z, up + 0.62 * flat), (40, 40, 42), 0.05)
    c.bar((x - 0.35, z, up + 0.5 * flat), (x - 0.05, z, up + 0.5 * flat), (40, 40, 42), 0.07)


def _lamp(c: Canvas, x: float, z: float, lit: bool) -> None:
    c.pole(x, z, 7.5, STEEL, 0.14)
    reach = 1.6 if x < 0 else -1.6
    c.bar((x, z, 7.5), (x + reach, z, 7.9), STEEL, 0.1)
    c.bar(
        (x + reach * 0.75, z, 7.84),
        (x + reach * 1.15, z, 7.94),
        (228, 228, 220) if lit else (104, 106, 110),
        0.2,
    )
    if lit and c.light.night:
        px, py = c.at(x + reach, z, 7.85)
        c.glow(px, py, c.scale(z) * 3.2, (255, 214, 150))
        c.glow(*c.at(x + reach, z), c.scale(z) * 5.0, (96, 80, 54))


def lamp_out(c: Canvas, after: bool) -> None:
    settings.street(c)
    for z in (46, 34, 25, 18):
        _lamp(c, 5.1, z, z > 40 or after)
        _lamp(c, -5.1, z + 4, z > 30 or after)


def lamp_fallen(c: Canvas, after: bool) -> None:
    settings.street(c)
    _lamp(c, 5.1, 20, False)
    if after:
        _lamp(c, -5.0, 10, False)
        return
    c.bar((-5.2, 7.2, 0.1), (1.6, 10.5, 0.25), STEEL, 0.2)
    c.bar((1.6, 10.5, 0.25), (2.5, 10.2, 0.2), (216, 216, 210), 0.32)
    c.blot(-5.2, 7.0, 0.4, (120, 98, 80))
    for _ in range(26):
        c.ball(2.4 + c.rng.gauss(0, 0.5), 10 + c.rng.gauss(0, 0.4), 0.05, (230, 232, 234))
    settings.cones(c, -2.2, 6.4, 4, 1.1)


def signal(c: Canvas, after: bool) -> None:
    settings.street(c)
    for number in range(9):
        x = -4.0 + number
        c.ground([(x, 11), (x + 0.5, 11), (x + 0.5, 14), (x, 14)], (226, 224, 218))
    c.pole(3.9, 9, 5.2, STEEL, 0.16)
    c.bar((3.9, 9, 5.1), (0.4, 9, 5.3), STEEL, 0.12)
    lamps: tuple[tuple[Colour, Colour], ...] = (
        ((206, 48, 40), (64, 28, 26)), ((226, 168, 40), (66, 54, 26)), ((60, 200, 90), (26, 60, 36)),
    )  # fmt: skip
    for x in (0.8, 2.4):
        c.upright(x, 8.9, 0.5, 1.4, (36, 38, 40), 4.5)
        for place, (on, off) in enumerate(lamps):
            up, lit = 5.65 - place * 0.44, after and place == 2
            c.ball(x, 8.85, 0.17, on if lit else off, up)
            if lit:
                c.glow(*c.at(x, 8.85, up), 22, (40, 150, 70))
    if not after:
        for x, z in ((-1.4, 17), (1.5, 18), (-1.6, 24), (1.7, 26)):
            car(c, x, z, c.rng.choice(((200, 60, 50), (230, 230, 228), (60, 90, 140))))


def barrier(c: Canvas, after: bool) -> None:
    settings.street(c, 2.4)
    for number in range(12):
        z = 4.5 + number * 1.9
        down = not after and 2 <= number <= 5
        for rail in (0.35, 0.85):
            if down:
                lean = c.rng.uniform(0.4, 1.5)
                c.bar(
                    (0.1 + lean, z, 0.12),
                    (0.4 + lean * c.rng.uniform(0.6, 1.2), z + 1.5, 0.2 + rail * 0.3),
                    (232, 232, 228),
                    0.06,
                )
            else:
                c.bar((0, z, rail), (0, z + 1.9, rail), (232, 232, 228), 0.06)
        if not down:
            c.pole(0, z, 0.95, (236, 236, 232), 0.07)
    if not after:
        for _ in range(20):
            c.ball(c.rng.uniform(0.2, 2.6), c.rng.uniform(8, 14), 0.05, (220, 220, 216))
        settings.cones(c, 0.6, 6.6, 3, 0.9)


def sign(c: Canvas, after: bool) -> None:
    settings.street(c, 3.4)
    if after:
        c.pole(5.0, 8, 3.0, STEEL, 0.1)
        c.upright(5.0, 7.9, 1.5, 0.62, (34, 84, 160), 2.3)
        c.upright(5.0, 7.85, 1.1, 0.12, (238, 240, 242), 2.62)
        c.upright(5.0, 7.85, 0.7, 0.08, (238, 240, 242), 2.45)
        return
    c.bar((5.0, 8, 0), (3.9, 7.6, 2.0), STEEL, 0.1)
    a, b = c.at(4.6, 7.6, 2.1), c.at(3.3, 7.4, 1.5)
    size = c.scale(7.6) * 0.55
    c.brush.polygon(
        [a, b, (b[0] - size * 0.2, b[1] + size), (a[0] - size * 0.2, a[1] + size)], fill=(34, 84, 160)
    )
    for _ in range(9):
        c.ball(
            c.rng.uniform(3.6, 5.4),
            7.3,
            c.rng.uniform(0.25, 0.45),
            shade(settings.LEAF, c.rng.uniform(0.8, 1.2)),
            c.rng.uniform(1.6, 2.6),
        )


def bus_stop(c: Canvas, after: bool) -> None:
    settings.street(c, 4.6)
    for x in (4.9, 7.9):
        c.pole(x, 8, 2.5, (90, 96, 102), 0.09)
    c.box(6.4, 7.6, (3.5, 1.2, 0.12), (70, 110, 150), 2.5)
    c.upright(6.9, 8.4, 1.7, 1.5, (206, 216, 222), 0.7)
    c.upright(6.9, 8.35, 1.5, 1.3, c.rng.choice(((198, 80, 66), (66, 140, 128), (214, 166, 70))), 0.8)
    c.pole(4.6, 7.4, 2.6, STEEL, 0.07)
    c.upright(4.6, 7.35, 0.5, 0.9, (44, 120, 84), 1.7)
    if after:
        c.box(6.2, 8.0, (2.2, 0.4, 0.08), (150, 104, 66), 0.45)
        return
    c.bar((5.2, 8, 0.45), (6.4, 7.8, 0.05), (150, 104, 66), 0.09)
    c.bar((6.6, 8, 0.46), (7.3, 8, 0.46), (150, 104, 66), 0.08)
    c.brush.line([c.at(6.2, 8.3, 2.1), c.at(7.6, 8.3, 0.8)], fill=(240, 244, 246), width=2)
    c.brush.line([c.at(6.9, 8.3, 1.5), c.at(7.7, 8.3, 1.9)], fill=(240, 244, 246), width=1)


def bikes(c: Canvas, after: bool) -> None:
    settings.street(c, 3.6)
    palette: tuple[Colour, ...] = ((236, 186, 44), (64, 142, 208), (70, 176, 112), (206, 84, 60))
    if after:
        for number in range(9):
            bike(c, 5.0 + 0.03 * number, 6 + number * 0.8, palette[number % 2])
        c.ground([(5.9, 4), (6.0, 4), (6.0, 14), (5.9, 14)], (240, 240, 238))
        return
    spots = sorted(
        ((c.rng.uniform(2.6, 6.4), c.rng.uniform(4.6, 11)) for _ in range(15)), key=lambda p: -p[1]
    )
    for x, z in spots:
        bike(c, x, z, c.rng.choice(palette), c.rng.random() < 0.35)


def parking(c: Canvas, after: bool) -> None:
    settings.street(c)
    colours: tuple[Colour, ...] = (
        (222, 222, 220),
        (70, 74, 82),
        (178, 44, 44),
        (52, 86, 132),
        (190, 176, 150),
    )
    if after:
        c.ground([(3.0, 2), (3.14, 2), (3.14, 40), (3.0, 40)], (228, 190, 60))
        car(c, -1.6, 24, colours[0])
        return
    for x, z in ((3.2, 25), (-3.4, 21), (3.3, 16), (-3.3, 12.5), (3.4, 9)):
        car(c, x + c.rng.uniform(-0.2, 0.2), z, c.rng.choice(colours))
    car(c, -5.6, 7.2, c.rng.choice(colours))


def stall(c: Canvas, after: bool) -> None:
    settings.street(c, 3.0)
    if after:
        settings.tree(c, 5.9, 9.5, 6)
        return
    for x, z in ((-5.4, 13), (5.3, 10), (4.7, 6.8)):
        c.shadow(x, z + 0.5, 2, 1.4)
        c.box(x, z, (1.7, 0.9, 0.75), (146, 116, 84))
        for _ in range(34):
            fruit = c.rng.choice(((224, 96, 40), (206, 52, 48), (128, 172, 60), (236, 200, 70)))
            c.ball(x + c.rng.uniform(-0.78, 0.78), z + c.rng.uniform(0, 0.6), 0.08, fruit, 0.82)
        for side in (-0.9, 0.9):
            c.pole(x + side, z + 0.4, 2.2, (200, 200, 196), 0.05)
        stripes: tuple[Colour, ...] = ((208, 62, 54), (240, 236, 228))
        for strip in range(8):
            a, b = x - 1.2 + strip * 0.3, x - 0.9 + strip * 0.3
            c.brush.polygon(
                [
                    c.at(a, z - 0.2, 2.15),
                    c.at(b, z - 0.2, 2.15),
                    c.at(b * 0.9 + x * 0.1, z + 0.8, 2.6),
                    c.at(a * 0.9 + x * 0.1, z + 0.8, 2.6),
                ],
                fill=stripes[strip % 2],
            )
    for _ in range(30):
        c.ball(
            c.rng.uniform(2.8, 5.8),
            c.rng.uniform(5.4, 8.5),
            0.06,
            c.rng.choice(((90, 140, 60), (210, 200, 180))),
        )


def banner(c: Canvas, after: bool) -> None:
    settings.street(c)
    c.pole(-5.0, 9, 7, STEEL, 0.13)
    c.pole(5.0, 9, 7, STEEL, 0.13)
    if after:
        return
    top = [c.at(-5, 9, 4.6), c.at(-1.2, 9, 4.1), c.at(1.6, 9, 3.7), c.at(4.9, 9, 4.5)]
    low = [c.at(4.9, 9, 3.6), c.at(1.9, 9, 2.6), c.at(-0.9, 9, 3.1), c.at(-5, 9, 3.8)]
    c.brush.polygon(top + low, fill=(196, 40, 38))
    for number in range(9):
        x = -4.2 + number * 0.95
        up = 4.05 - 0.1 * (4 - abs(number - 4))
        c.upright(x, 8.95, 0.42, 0.42, (246, 220, 120), up - 0.35)
        c.upright(x, 8.9, 0.14, 0.3, (196, 40, 38), up - 0.3)


def works(c: Canvas, after: bool) -> None:
    settings.street(c)
    for number in range(7):
        z = 5 + number * 2.2
        x = 5.2 if after else 3.2
        down = not after and number in (1, 2)
        if down:
            c.ground([(x - 1.5, z), (x, z), (x + 0.2, z + 2), (x - 1.2, z + 2)], (64, 128, 168))
        else:
            c.brush.polygon(
                [c.at(x, z), c.at(x, z + 2.1), c.at(x, z + 2.1, 2.0), c.at(x, z, 2.0)], fill=(64, 134, 176)
            )
            c.brush.polygon(
                [c.at(x, z, 0.0), c.at(x, z + 2.1, 0.0), c.at(x, z + 2.1, 0.3), c.at(x, z, 0.3)],
                fill=(226, 190, 66),
            )
    c.bar((9, 26, 0), (9, 26, 22), (222, 178, 50), 0.5)
    c.bar((2, 26, 20), (15, 26, 20.5), (222, 178, 50), 0.4)
    if not after:
        for x, z, r in ((2.0, 6, 0.8), (1.3, 9.5, 0.6), (2.3, 12, 0.9)):
            _heap(c, x, z, r, (168, 142, 106))
        for _ in range(60):
            c.ball(c.rng.uniform(-1, 4), c.rng.uniform(4, 14), 0.06, (158, 134, 104))


def _heap(c: Canvas, x: float, z: float, size: float, colour: Colour) -> None:
    for _ in range(26):
        dx = c.rng.gauss(0, size * 0.5)
        up = max(0.05, size * 0.7 - abs(dx) * 0.9) * c.rng.uniform(0.3, 1.0)
        c.ball(
            x + dx,
            z + c.rng.uniform(-0.2, 0.2),
            size * c.rng.uniform(0.14, 0.26),
            shade(colour, c.rng.uniform(0.75, 1.2)),
            up,
            0.8,
        )


def rubble(c: Canvas, after: bool) -> None:
    settings.street(c, 1.4)
    if after:
        return
    c.shadow(3.4, 6.6, 3, 2)
    _heap(c, 3.3, 6.5, 1.3, (176, 152, 128))
    _heap(c, 4.6, 7.6, 1.0, (150, 144, 138))
    for _ in range(9):
        x, z = c.rng.uniform(2.2, 5.2), c.rng.uniform(5.6, 7)
        c.box(x, z, (0.4, 0.25, 0.14), (178, 86, 62), c.rng.uniform(0, 0.4))
    for x in (2.1, 5.4, 4.9):
        c.ball(x, 5.8, 0.34, (206, 200, 186), 0.28, 0.85)
        c.ball(x + 0.05, 5.78, 0.12, (176, 170, 156), 0.56)


def dirty_road(c: Canvas, after: bool) -> None:
    settings.street(c)
    if after:
        c.ground([(-3.6, 2), (3.2, 2), (2.6, 18), (-3.0, 18)], (84, 86, 92))
        return
    for _ in range(26):
        z = c.rng.uniform(2.4, 18)
        c.blot(
            c.rng.uniform(-3.2, 3.2),
            z,
            c.rng.uniform(0.2, 0.8),
            shade((152, 126, 92), c.rng.uniform(0.85, 1.15)),
            0.5,
            10,
        )
    for _ in range(150):
        c.ball(
            c.rng.uniform(-3.8, 3.8),
            c.rng.uniform(2.4, 16),
            0.05,
            shade((140, 112, 78), c.rng.uniform(0.7, 1.3)),
        )


def snow(c: Canvas, after: bool) -> None:
    settings.street(c)
    white = (236, 240, 246)
    c.ground([(-8.4, 1.5), (-4.4, 1.5), (-4.4, 60), (-8.4, 60)], white)
    c.ground([(4.4, 1.5), (8.4, 1.5), (8.4, 60), (4.4, 60)], white)
    if after:
        for z in (4, 6, 9, 13, 18):
            _heap(c, 4.9, z, 0.6, white)
        return
    c.ground([(-4.3, 1.2), (4.3, 1.2), (4.3, 80), (-4.3, 80)], (222, 228, 236))
    for side in (-1.9, -0.7, 0.9, 2.1):
        c.ground([(side, 1.2), (side + 0.34, 1.2), (side + 0.3, 60), (side, 60)], (176, 186, 198))
    for _ in range(14):
        c.blot(c.rng.uniform(-3.6, 3.6), c.rng.uniform(3, 14), c.rng.uniform(0.2, 0.7), (198, 212, 228), 0.3)
    for _ in range(150):
        x, y, r = c.rng.random() * 640, c.rng.random() * 480, c.rng.uniform(0.8, 2.2)
        c.brush.ellipse((x - r, y - r, x + r, y + r), fill=(250, 251, 253))


def flood(c: Canvas, after: bool) -> None:
    settings.street(c)
    if after:
        c.ground([(-4.3, 1.2), (4.3, 1.2), (4.3, 60), (-4.3, 60)], (78, 80, 86))
        for _ in range(7):
            c.blot(
                c.rng.uniform(-3.5, 3.5), c.rng.uniform(4, 14), c.rng.uniform(0.2, 0.6), (120, 130, 142), 0.4
            )
        return
    water = (126, 128, 122)
    c.ground([(-8.4, 2.4), (8.4, 2.2), (8.4, 40), (-8.4, 40)], water)
    car(c, -1.6, 13, (196, 60, 52))
    c.ground([(-3.6, 12.4), (0.6, 12.4), (0.6, 13.2), (-3.6, 13.2)], water)
    for _ in range(70):
        z = c.rng.uniform(2.6, 24)
        x = c.rng.uniform(-7, 7)
        c.bar((x, z, 0), (x + c.rng.uniform(0.2, 0.9), z, 0), shade(water, c.rng.uniform(0.85, 1.25)), 0.03)


def tree_down(c: Canvas, after: bool) -> None:
    settings.street(c)
    if after:
        c.ball(-5.6, 7.4, 0.3, (168, 130, 88), 0.06, 0.5)
        settings.tree(c, 5.6, 8.5, 6)
        return
    c.bar((-5.8, 7.4, 0.2), (1.2, 9.2, 0.6), (94, 74, 56), 0.34)
    for _ in range(44):
        x = c.rng.uniform(-1.6, 3.0)
        c.ball(
            x,
            c.rng.uniform(8.4, 9.6),
            c.rng.uniform(0.3, 0.6),
            shade(settings.LEAF, c.rng.uniform(0.75, 1.3)),
            c.rng.uniform(0.2, 1.6),
        )
    for _ in range(40):
        c.ball(c.rng.uniform(-4, 4), c.rng.uniform(5.5, 8.5), 0.05, shade(settings.LEAF, 1.2))


def smoke(c: Canvas, after: bool) -> None:
    settings.street(c, -4.4)
    c.upright(-6.2, 9, 2.4, 2.5, (92, 66, 50))
    c.upright(-6.2, 8.9, 2.6, 0.6, (188, 58, 46), 2.6)
    for number in range(6):
        c.ball(-7.2 + number * 0.4, 8.85, 0.13, (250, 226, 130), 2.9)
    if after:
        return
    c.box(-4.4, 6.5, (1.1, 0.5, 0.8), (58, 58, 60))
    c.upright(-4.4, 6.45, 1.0, 0.1, (226, 96, 40), 0.76)
    c.glow(*c.at(-4.4, 6.45, 0.85), 60, (130, 60, 20))
    for number in range(46):
        up = 0.9 + number * 0.09
        grey = round(150 + number * 1.6)
        c.ball(
            -4.4 + c.rng.gauss(0.02 * number, 0.1 + up * 0.13),
            6.6,
            0.16 + up * 0.09,
            (grey, grey, grey + 2),
            up,
        )


def noise(c: Canvas, after: bool) -> None:
    settings.street(c, 4.2)
    c.upright(6.4, 10, 3.4, 2.7, (70, 58, 66))
    c.upright(6.4, 9.9, 3.6, 0.7, (122, 60, 148), 2.7)
    c.glow(*c.at(6.4, 9.9, 3.0), 90, (120, 60, 130))
    if after:
        return
    for x, z in ((5.3, 7.4), (3.9, 6.2)):
        c.shadow(x, z + 0.2, 0.9, 0.7)
        c.box(x, z, (0.75, 0.5, 1.45), (34, 34, 38))
        for up, r in ((0.48, 0.29), (1.1, 0.18)):
            c.ball(x, z - 0.02, r, (108, 108, 114), up)
            c.ball(x, z - 0.03, r * 0.5, (44, 44, 48), up)
        px, py = c.at(x - 0.4, z, 1.0)
        for ring in (40, 66, 92):
            c.brush.arc((px - ring, py - ring, px + ring, py + ring), 145, 215, fill=(250, 220, 130), width=5)


SCENES = {
    "lamp_out": lamp_out, "lamp_fallen": lamp_fallen, "signal": signal, "barrier": barrier, "sign": sign,
    "bus_stop": bus_stop, "bikes": bikes, "parking": parking, "stall": stall, "banner": banner, "works": works,
    "rubble": rubble, "dirty_road": dirty_road, "snow": snow, "flood": flood, "tree": tree_down, "smoke": smoke,
    "noise": noise,
}  # fmt: skip
