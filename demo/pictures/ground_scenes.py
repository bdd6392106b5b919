"""What lies at one's feet: covers, potholes, paving, leaks."""

from __future__ import annotations

import math

from . import settings
from .canvas import Canvas, Colour, shade

IRON: Colour = (74, 74, 78)


def _disc(c: Canvas, x: float, z: float, radius: float, colour: Colour) -> None:
    c.blot(x, z, radius, colour, 0.0, 40)


def _cover(c: Canvas, x: float, z: float, radius: float) -> None:
    _disc(c, x, z, radius * 1.12, shade(IRON, 0.7))
    _disc(c, x, z, radius, IRON)
    _disc(c, x, z, radius * 0.86, shade(IRON, 1.12))
    for number in range(-4, 5):
        d = number * radius / 5.2
        half = math.sqrt(max(0.0, (radius * 0.8) ** 2 - d * d))
        c.bar((x - half, z + d, 0), (x + half, z + d, 0), shade(IRON, 0.8), 0.03)
        c.bar((x + d, z - half, 0), (x + d, z + half, 0), shade(IRON, 0.8), 0.03)


def manhole(c: Canvas, after: bool) -> None:
    settings.floor(c)
    x, z, radius = c.rng.uniform(-0.3, 0.3), 2.7, 0.62
    if after:
        _disc(c, x, z, radius * 1.6, shade(settings.ASPHALT, 0.78))
        _cover(c, x, z, radius)
        return
    _disc(c, x, z, radius * 1.35, shade(settings.ASPHALT, 0.8))
    _disc(c, x, z, radius * 1.1, shade(IRON, 0.8))
    _disc(c, x, z, radius, (16, 15, 16))
    _disc(c, x, z + 0.06, radius * 0.86, (28, 26, 26))
    kind = c.rng.randrange(3)
    if kind == 0:
        _cover(c, x + 0.75, z + 0.3, radius)
    elif kind == 1:
        half = [
            (x + radius * math.cos(a / 10 * math.pi), z + radius * math.sin(a / 10 * math.pi))
            for a in range(11)
        ]
        c.ground([*half, (x - 0.2, z + 0.1), (x + 0.1, z - 0.05)], IRON)
    for _ in range(9):
        angle = c.rng.uniform(0, 6.28)
        a, b = radius * 1.1, radius * c.rng.uniform(1.5, 2.4)
        c.bar(
            (x + a * math.cos(angle), z + a * math.sin(angle), 0),
            (x + b * math.cos(angle + 0.2), z + b * math.sin(angle + 0.2), 0),
            (52, 52, 54),
            0.02,
        )
    if c.rng.random() < 0.5:
        settings.cones(c, x - 1.4, z + 0.9, 2, 2.4)


def drain(c: Canvas, after: bool) -> None:
    settings.floor(c)
    x, z = 0.1, 2.8
    c.ground(
        [(x - 0.7, z - 0.3), (x + 0.7, z - 0.3), (x + 0.7, z + 0.35), (x - 0.7, z + 0.35)], shade(IRON, 0.7)
    )
    for number in range(9):
        a = x - 0.62 + number * 0.15
        c.ground([(a, z - 0.24), (a + 0.07, z - 0.24), (a + 0.07, z + 0.29), (a, z + 0.29)], shade(IRON, 1.3))
    if after:
        return
    c.blot(x, z, 1.3, (92, 98, 102), 0.15)
    for _ in range(70):
        leaf = c.rng.choice(((150, 112, 58), (176, 140, 66), (110, 104, 58), (126, 84, 50), (222, 222, 220)))
        c.blot(x + c.rng.gauss(0, 0.45), z + c.rng.gauss(0, 0.25), c.rng.uniform(0.04, 0.1), leaf, 0.4, 6)


def pothole(c: Canvas, after: bool) -> None:
    settings.floor(c)
    x, z = c.rng.uniform(-0.4, 0.4), c.rng.uniform(2.4, 3.0)
    if after:
        c.ground(
            [(x - 1.1, z - 0.6), (x + 1.0, z - 0.65), (x + 1.1, z + 0.7), (x - 1.0, z + 0.75)], (62, 62, 66)
        )
        for a, b in (((x - 1.1, z - 0.6), (x + 1.0, z - 0.65)), ((x + 1.0, z - 0.65), (x + 1.1, z + 0.7))):
            c.bar((*a, 0), (*b, 0), (46, 46, 48), 0.03)
        return
    c.blot(x, z, 1.05, (112, 108, 102), 0.22, 24)
    c.blot(x, z, 0.86, (70, 66, 62), 0.2, 24)
    c.blot(x + 0.05, z - 0.06, 0.6, (98, 90, 80), 0.25, 20)
    if c.rng.random() < 0.5:
        c.blot(x, z, 0.5, (142, 152, 160), 0.15, 22)
        c.blot(x - 0.1, z + 0.08, 0.22, (186, 196, 204), 0.2, 14)
    for _ in range(90):
        c.blot(
            x + c.rng.gauss(0, 0.6),
            z + c.rng.gauss(0, 0.5),
            c.rng.uniform(0.02, 0.06),
            shade((124, 120, 114), c.rng.uniform(0.7, 1.25)),
            0.4,
            6,
        )
    _cracks(c, x, z, 0.9, 7)


def _cracks(c: Canvas, x: float, z: float, radius: float, number: int) -> None:
    for _ in range(number):
        angle, far = c.rng.uniform(0, 6.28), radius
        a = (x + far * math.cos(angle), z + far * math.sin(angle))
        for _ in range(3):
            angle += c.rng.uniform(-0.5, 0.5)
            b = (a[0] + 0.3 * math.cos(angle), a[1] + 0.3 * math.sin(angle))
            c.bar((*a, 0), (*b, 0), (48, 48, 50), 0.018)
            a = b


def collapse(c: Canvas, after: bool) -> None:
    if after:
        pothole(c, True)
        return
    settings.floor(c)
    x, z = 0.0, 2.9
    c.blot(x, z, 1.5, (150, 124, 92), 0.14, 26)
    c.blot(x, z + 0.04, 1.32, (84, 66, 48), 0.13, 26)
    c.blot(x + 0.06, z + 0.12, 1.0, (34, 28, 24), 0.15, 24)
    _cracks(c, x, z, 1.4, 12)
    settings.cones(c, x - 2.0, z + 1.5, 5, 0.95)


def tactile(c: Canvas, after: bool) -> None:
    settings.floor(c, "paving")
    yellow = (226, 186, 72)
    for row in range(16):
        z = 1.35 + row * 0.3
        for column in (-1, 0):
            broken = not after and (row, column) in {(3, -1), (4, -1), (4, 0), (5, 0), (6, -1)}
            x = column * 0.42
            if broken:
                c.ground([(x, z), (x + 0.4, z), (x + 0.4, z + 0.28), (x, z + 0.28)], (132, 116, 98))
                for _ in range(4):
                    c.blot(
                        x + c.rng.uniform(0, 0.4),
                        z + c.rng.uniform(0, 0.28),
                        0.09,
                        shade(yellow, c.rng.uniform(0.75, 1)),
                        0.5,
                        5,
                    )
                continue
            c.ground(
                [(x, z), (x + 0.4, z), (x + 0.4, z + 0.28), (x, z + 0.28)],
                shade(yellow, c.rng.uniform(0.92, 1.04)),
            )
            for bar in range(4):
                a = x + 0.05 + bar * 0.09
                c.bar((a, z + 0.03, 0), (a, z + 0.25, 0), shade(yellow, 0.82), 0.025)


def kerb(c: Canvas, after: bool) -> None:
    settings.floor(c)
    for number in range(8):
        x = -3.4 + number * 0.9
        loose = not after and number in (3, 4)
        if loose:
            turn = c.rng.uniform(0.2, 0.5)
            c.ground(
                [(x, 2.5), (x + 0.7, 2.5 - turn), (x + 0.85, 2.75 - turn), (x + 0.1, 2.8)],
                shade(settings.KERB, 0.92),
            )
            for _ in range(10):
                c.blot(
                    x + c.rng.uniform(0, 0.9),
                    2.3 + c.rng.uniform(-0.3, 0.4),
                    c.rng.uniform(0.03, 0.09),
                    settings.KERB,
                    0.5,
                    6,
                )
            continue
        c.box(x + 0.43, 3.0, (0.84, 0.3, 0.16), shade(settings.KERB, c.rng.uniform(0.95, 1.02)))
    c.brush.polygon([c.at(-9, 3.4), c.at(9, 3.4), c.at(9, 6), c.at(-9, 6)], fill=settings.PAVING)


def bump(c: Canvas, after: bool) -> None:
    settings.floor(c)
    for number in range(12):
        x = -3.6 + number * 0.6
        if not after and number in (5, 6):
            for dx in (0.1, 0.4):
                c.ball(x + dx, 2.75, 0.03, (190, 190, 190), 0.06)
            continue
        c.box(x + 0.3, 2.6, (0.58, 0.35, 0.09), (226, 186, 50) if number % 2 else (40, 40, 42))


def leak(c: Canvas, after: bool) -> None:
    settings.floor(c)
    x, z = c.rng.uniform(-0.3, 0.3), 3.0
    if after:
        c.ground(
            [(x - 0.9, z - 0.5), (x + 0.9, z - 0.5), (x + 0.9, z + 0.6), (x - 0.9, z + 0.6)], (66, 66, 70)
        )
        return
    foul = c.rng.random() < 0.45
    water = (112, 104, 84) if foul else (136, 150, 162)
    c.blot(x + 0.3, z - 0.9, 1.7, shade(settings.ASPHALT, 0.72), 0.12, 26)
    c.blot(x + 0.2, z - 0.7, 1.15, water, 0.16, 26)
    c.blot(x, z - 0.3, 0.6, shade(water, 1.2), 0.2, 20)
    for _ in range(60):
        up = c.rng.uniform(0, 0.5)
        c.ball(
            x + c.rng.gauss(0, 0.05 + up * 0.3),
            z,
            c.rng.uniform(0.02, 0.06),
            shade(water, c.rng.uniform(1.1, 1.6)),
            up,
        )
    _cracks(c, x, z, 0.4, 7)


def adverts(c: Canvas, after: bool) -> None:
    """A wall seen straight on."""
    wall = c.rng.choice(settings.WALLS)
    c.horizon = 240.0
    c.brush.rectangle((0, 0, 640, 480), fill=wall)
    c.brush.rectangle((0, 400, 640, 480), fill=settings.PAVING)
    for row in range(14):
        y = row * 29.0
        c.brush.line([(0, y), (640, y)], fill=shade(wall, 0.93), width=2)
        for column in range(9):
            joint = column * 80 + (40 if row % 2 else 0)
            c.brush.line([(joint, y), (joint, y + 29)], fill=shade(wall, 0.93), width=2)
    if after:
        for _ in range(6):
            x, y = c.rng.uniform(20, 500), c.rng.uniform(40, 300)
            c.brush.rectangle(
                (x, y, x + c.rng.uniform(60, 150), y + c.rng.uniform(40, 90)), fill=shade(wall, 1.06)
            )
        return
    for _ in range(26):
        x, y, w, h = (
            c.rng.uniform(0, 580),
            c.rng.uniform(20, 320),
            c.rng.uniform(40, 90),
            c.rng.uniform(26, 70),
        )
        paper = c.rng.choice(
            ((244, 242, 236), (250, 226, 120), (236, 150, 160), (170, 210, 240), (226, 66, 56))
        )
        c.brush.rectangle((x, y, x + w, y + h), fill=paper)
        ink = (40, 40, 44) if sum(paper) > 400 else (250, 240, 220)
        for line in range(int(h // 12)):
            c.brush.line(
                [(x + 5, y + 7 + line * 12), (x + w * c.rng.uniform(0.5, 0.92), y + 7 + line * 12)],
                fill=ink,
                width=4 if line == 0 else 2,
            )
    for _ in range(4):
        x, y = c.rng.uniform(30, 460), c.rng.uniform(60, 340)
        for digit in range(9):
            c.brush.arc(
                (x + digit * 14, y, x + digit * 14 + 10, y + 22),
                c.rng.randrange(180),
                300,
                fill=(30, 30, 34),
                width=3,
            )


SCENES = {
    "manhole": manhole, "drain": drain, "pothole": pothole, "collapse": collapse, "tactile": tactile, "kerb": kerb,
    "bump": bump, "leak": leak, "adverts": adverts,
}  # fmt: skip
