"""The places pictures are taken in: a street, a close look at the ground, a yard, a bank, a park, a stairway."""

from __future__ import annotations

from .canvas import HEIGHT, WIDTH, Canvas, Colour, mix, shade

ASPHALT: Colour = (98, 99, 103)
PAVING: Colour = (172, 163, 150)
KERB: Colour = (196, 193, 186)
GRASS: Colour = (112, 148, 78)
LEAF: Colour = (74, 116, 58)
WALLS: tuple[Colour, ...] = (
    (214, 200, 178), (196, 178, 160), (222, 214, 200), (178, 150, 132), (200, 205, 208), (226, 206, 170),
)  # fmt: skip


def _house(c: Canvas, side: int, near: float, far: float, wall: Colour, height: float) -> None:
    """A row of houses along the street, as one wall in perspective with its windows."""
    x = side * 8.5
    quad = [c.at(x, near), c.at(x, far), c.at(x, far, height), c.at(x, near, height)]
    c.brush.polygon(quad, fill=wall)
    floors = max(2, round(height / 3.2))
    bays = max(2, round((far - near) / 3.0))
    glass = (66, 78, 92) if not c.light.night else (34, 38, 52)
    for floor in range(floors):
        for bay in range(bays):
            a = near + (far - near) * (bay + 0.25) / bays
            b = near + (far - near) * (bay + 0.75) / bays
            low, high = floor * 3.2 + 1.0, floor * 3.2 + 2.5
            if floor == 0:
                low, high = 0.1, 2.6
            window = [c.at(x, a, low), c.at(x, b, low), c.at(x, b, high), c.at(x, a, high)]
            lit = c.light.night and c.rng.random() < 0.4
            tone = (255, 222, 150) if lit else shade(glass, c.rng.uniform(0.8, 1.35))
            c.brush.polygon(window, fill=shade(tone, 1.6) if lit else tone)
    sign = c.rng.choice(((178, 52, 48), (42, 92, 140), (58, 120, 82), (196, 148, 44)))
    strip = [c.at(x, near, 2.7), c.at(x, far, 2.7), c.at(x, far, 3.3), c.at(x, near, 3.3)]
    c.brush.polygon(strip, fill=sign)


def tree(c: Canvas, x: float, z: float, height: float = 6.0, bare: bool = False) -> None:
    """A street tree: trunk and a crown of leaves, or bare branches."""
    c.pole(x, z, height * 0.55, (92, 72, 54), 0.24)
    if bare:
        for lean in (-1.3, -0.6, 0.5, 1.2):
            c.bar((x, z, height * 0.45), (x + lean, z, height * c.rng.uniform(0.75, 1.0)), (98, 78, 60), 0.09)
        return
    for _ in range(11):
        dx, up = c.rng.uniform(-1.3, 1.3), c.rng.uniform(0.55, 1.0) * height
        c.ball(x + dx, z, c.rng.uniform(0.6, 1.15), shade(LEAF, c.rng.uniform(0.75, 1.3)), up)


def street(c: Canvas, side: float = 0.0) -> None:
    """A street with houses, trees, pavements, kerbs and a dashed line, seen from `side` metres right of its middle."""
    c.side = side
    far_wall = mix(c.light.low, (130, 136, 146), 0.5)
    for _ in range(7):
        x, width = c.rng.uniform(-60, 60), c.rng.uniform(8, 22)
        c.upright(x, 90, width, c.rng.uniform(8, 34), shade(far_wall, c.rng.uniform(0.9, 1.1)))
    c.brush.rectangle((0, c.horizon, WIDTH, HEIGHT), fill=PAVING)
    for side in (-1, 1):
        z = 78.0
        while z > 5:
            length = c.rng.uniform(9, 17)
            _house(
                c,
                side,
                max(z - length, 2.2),
                z,
                shade(c.rng.choice(WALLS), c.rng.uniform(0.85, 1.05)),
                c.rng.choice((6.4, 9.6, 12.8, 16.0)),
            )
            z -= length
    c.ground([(-8.4, 1.5), (8.4, 1.5), (8.4, 80), (-8.4, 80)], PAVING)
    for z in (2.0, 2.6, 3.3, 4.2, 5.4, 7.0, 9.5, 13.0, 18.0):
        c.brush.line([c.at(-8.4, z), c.at(8.4, z)], fill=shade(PAVING, 0.9), width=1)
    c.ground([(-4.6, 1.2), (4.6, 1.2), (4.6, 90), (-4.6, 90)], KERB)
    c.ground([(-4.3, 1.2), (4.3, 1.2), (4.3, 90), (-4.3, 90)], ASPHALT)
    for z in (3, 7, 11, 15, 20, 26, 33, 42):
        c.ground([(-0.09, z), (0.09, z), (0.09, z + 2.2), (-0.09, z + 2.2)], (224, 222, 214))
    c.ground([(3.6, 1.2), (3.72, 1.2), (3.72, 90), (3.6, 90)], (214, 212, 204))
    _stains(c)
    for z in (36, 25, 17, 12):
        tree(c, -6.3, z, c.rng.uniform(5, 7))
        tree(c, 6.4, z + 3, c.rng.uniform(5, 7))


def _stains(c: Canvas) -> None:
    for _ in range(9):
        x, z = c.rng.uniform(-4, 4), c.rng.uniform(3, 16)
        c.blot(x, z, c.rng.uniform(0.15, 0.6), shade(ASPHALT, c.rng.uniform(0.9, 1.08)), 0.4, 9)


def floor(c: Canvas, kind: str = "asphalt") -> None:
    """Looking down at the ground a few steps ahead: asphalt, paving or grass, with a kerb at the top."""
    c.horizon, base = -60.0, {"asphalt": ASPHALT, "paving": PAVING, "grass": GRASS}[kind]
    c.brush.rectangle((0, 0, WIDTH, HEIGHT), fill=base)
    if kind == "paving":
        for row in range(26):
            z = 1.3 + row * 0.22 * (1 + row * 0.05)
            c.brush.line([c.at(-6, z), c.at(6, z)], fill=shade(PAVING, 0.84), width=2)
            for column in range(-12, 13):
                x = column * 0.4 + (0.2 if row % 2 else 0)
                c.bar((x, z, 0), (x, z + 0.3, 0), shade(PAVING, 0.86), 0.012)
    texture = 900 if kind == "asphalt" else 300
    for _ in range(texture):
        x, y = c.rng.random() * WIDTH, c.rng.random() * HEIGHT
        c.brush.point((x, y), fill=shade(base, c.rng.uniform(0.75, 1.25)))
    for _ in range(16):
        c.blot(
            c.rng.uniform(-2.5, 2.5),
            c.rng.uniform(1.4, 5),
            c.rng.uniform(0.05, 0.35),
            shade(base, c.rng.uniform(0.93, 1.05)),
            0.45,
            9,
        )
    if kind != "grass":
        c.brush.polygon([c.at(-9, 6.2), c.at(9, 5.6), c.at(9, 9), c.at(-9, 9)], fill=KERB)
        c.brush.polygon([c.at(-9, 6.7), c.at(9, 6.1), c.at(9, 20), c.at(-9, 20)], fill=shade(GRASS, 0.95))


def yard(c: Canvas) -> None:
    """The foot of a block of flats: a wall with windows, an entrance, a path and a strip of grass."""
    wall = c.rng.choice(WALLS)
    c.brush.rectangle((0, 0, WIDTH, c.horizon + 40), fill=wall)
    z = 14.0
    c.brush.rectangle((0, c.at(0, z)[1], WIDTH, HEIGHT), fill=PAVING)
    for storey in range(3):
        for column in range(-5, 6):
            if storey == 0 and column == 0:
                continue
            x, up = column * 2.9, storey * 3.0 + 1.0
            c.upright(x, z, 1.7, 1.5, (235, 234, 228), up)
            lit = c.light.night and c.rng.random() < 0.35
            c.upright(
                x,
                z,
                1.5,
                1.3,
                (255, 226, 160) if lit else shade((74, 88, 102), c.rng.uniform(0.8, 1.3)),
                up + 0.1,
            )
            if c.rng.random() < 0.45:
                c.upright(x + 1.3, z, 0.8, 0.6, (216, 216, 212), up - 0.1)
    c.upright(0, z, 2.6, 2.7, shade(wall, 0.6))
    c.upright(0, z, 1.8, 2.3, (70, 62, 58))
    c.box(0, z - 1.2, (3.4, 1.2, 0.16), (188, 184, 178), 2.7)
    for side in (-1, 1):
        c.ground([(side * 1.6, 13.8), (side * 14, 13.8), (side * 14, 11), (side * 1.6, 11)], GRASS)
        for _ in range(8):
            c.ball(
                side * c.rng.uniform(2, 12),
                c.rng.uniform(11.4, 13),
                c.rng.uniform(0.3, 0.6),
                shade(LEAF, c.rng.uniform(0.8, 1.25)),
                0.35,
            )
    c.ground([(-9, 2), (9, 2), (9, 7.5), (-9, 7.5)], shade(ASPHALT, 1.15))
    for z in (2.4, 3.2, 4.3, 5.8, 8.2, 9.6):
        c.brush.line([c.at(-12, z), c.at(12, z)], fill=shade(PAVING, 0.9), width=1)


def bank(c: Canvas) -> None:
    """A river with its far bank, trees and a railing on our side."""
    c.brush.rectangle((0, c.horizon, WIDTH, HEIGHT), fill=(104, 132, 138))
    for _ in range(9):
        c.upright(
            c.rng.uniform(-60, 60),
            85,
            c.rng.uniform(7, 16),
            c.rng.uniform(6, 30),
            mix(c.light.low, (120, 128, 140), 0.55),
        )
    c.ground([(-90, 55), (90, 55), (90, 75), (-90, 75)], shade(GRASS, 0.9))
    for number in range(26):
        c.ball(-46 + number * 3.6, 56, c.rng.uniform(1.4, 2.4), shade(LEAF, c.rng.uniform(0.7, 1.1)), 1.6)
    for _ in range(60):
        z = c.rng.uniform(6, 50)
        x = c.rng.uniform(-z, z)
        c.bar(
            (x, z, 0),
            (x + c.rng.uniform(0.4, 2), z, 0),
            shade((104, 132, 138), c.rng.uniform(0.85, 1.22)),
            0.05,
        )
    c.ground([(-9, 1.2), (9, 1.2), (9, 4.4), (-9, 4.4)], PAVING)
    for z in (1.6, 2.0, 2.6, 3.4):
        c.brush.line([c.at(-9, z), c.at(9, z)], fill=shade(PAVING, 0.9), width=1)


def railing(c: Canvas, gap: tuple[float, float] | None = None) -> None:
    """Posts and two rails along the water; between the two given places they are missing."""
    steel = (206, 208, 206)
    for number in range(-10, 11):
        x = number * 0.55
        if gap and gap[0] < x < gap[1]:
            continue
        c.pole(x, 4.3, 1.1, steel, 0.05)
    for up in (1.1, 0.6):
        spans = [(-6.0, gap[0]), (gap[1], 6.0)] if gap else [(-6.0, 6.0)]
        for a, b in spans:
            c.bar((a, 4.3, up), (b, 4.3, up), steel, 0.07)


def park(c: Canvas) -> None:
    """Lawn, a winding path, trees."""
    c.brush.rectangle((0, c.horizon, WIDTH, HEIGHT), fill=GRASS)
    for _ in range(16):
        c.ball(
            c.rng.uniform(-50, 50),
            c.rng.uniform(55, 75),
            c.rng.uniform(3, 6),
            shade(LEAF, c.rng.uniform(0.6, 0.95)),
            3,
        )
    c.brush.polygon(
        [c.at(-2.4, 1.5), c.at(2.0, 1.5), c.at(3.2, 9), c.at(9, 30), c.at(7.6, 30), c.at(1.2, 9)],
        fill=(196, 184, 164),
    )
    for _ in range(260):
        z = c.rng.uniform(2.2, 25)
        x, y = c.at(c.rng.uniform(-z, z), z)
        c.brush.line([(x, y), (x + 1, y - 3)], fill=shade(GRASS, c.rng.uniform(0.8, 1.2)), width=1)
    for x, z in ((-6, 16), (5.5, 20), (-9, 26), (-2, 34)):
        tree(c, x, z, c.rng.uniform(6, 8))


def stairway(c: Canvas) -> None:
    """Inside: a landing with two walls, a window, a lift or door at the end."""
    c.horizon = 210.0
    wall = c.rng.choice(((226, 222, 210), (214, 220, 214), (228, 216, 206)))
    c.brush.rectangle((0, 0, WIDTH, HEIGHT), fill=shade(wall, 0.92))
    z = 8.0
    c.brush.polygon(
        [c.at(-1.7, 1.5, 3), c.at(1.7, 1.5, 3), c.at(1.7, z, 3), c.at(-1.7, z, 3)], fill=(238, 238, 234)
    )
    for side in (-1, 1):
        x = side * 1.7
        c.brush.polygon(
            [c.at(x, 1.2), c.at(x, z), c.at(x, z, 3), c.at(x, 1.2, 3)],
            fill=shade(wall, 1.0 if side < 0 else 0.86),
        )
        c.brush.polygon([c.at(x, 1.2), c.at(x, z), c.at(x, z, 1.1), c.at(x, 1.2, 1.1)], fill=(138, 168, 148))
    c.upright(0, z, 3.4, 3, shade(wall, 0.95))
    c.ground([(-1.7, 1.2), (1.7, 1.2), (1.7, z), (-1.7, z)], (158, 152, 146))
    for step in (1.6, 2.2, 3, 4.2, 6):
        c.brush.line([c.at(-1.7, step), c.at(1.7, step)], fill=(138, 132, 128), width=1)
    px, py = c.at(0, 4.5, 2.95)
    c.glow(px, py, 70, (90, 88, 76))


def cones(c: Canvas, x: float, z: float, number: int = 3, gap: float = 0.7) -> None:
    """Traffic cones in a row."""
    for place in range(number):
        here = x + place * gap
        base, size = c.at(here, z), c.scale(z)
        c.brush.polygon(
            [
                (base[0] - 0.16 * size, base[1]),
                (base[0] + 0.16 * size, base[1]),
                (base[0], base[1] - 0.62 * size),
            ],
            fill=(226, 92, 36),
        )
        c.brush.polygon([(base[0] - 0.1 * size, base[1] - 0.22 * size), (base[0] + 0.1 * size, base[1] - 0.22 * size),
                         (base[0] + 0.06 * size, base[1] - 0.36 * size), (base[0] - 0.06 * size, base[1] - 0.36 * size)], fill=(240, 240, 236))  # fmt: skip
