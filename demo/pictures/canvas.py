"""A camera standing in a street: turns metres on the ground into pixels, holds the brush and the light."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 640, 480
FOCAL, EYE = 470.0, 1.6

Colour = tuple[int, int, int]
Pixels = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Light:
    """Sky from top to horizon, and what is left of each colour on the ground."""

    top: Colour
    low: Colour
    tint: tuple[float, float, float]
    night: bool = False


LIGHTS: dict[str, Light] = {
    "clear": Light((104, 163, 219), (211, 229, 240), (1.0, 0.99, 0.96)),
    "hazy": Light((158, 180, 198), (222, 224, 220), (0.97, 0.96, 0.93)),
    "overcast": Light((150, 158, 166), (201, 203, 203), (0.85, 0.87, 0.9)),
    "evening": Light((96, 116, 166), (243, 196, 148), (0.98, 0.87, 0.77)),
    "rain": Light((118, 127, 136), (170, 176, 180), (0.74, 0.78, 0.83)),
    "snow": Light((176, 184, 194), (222, 226, 230), (0.94, 0.96, 1.0)),
    "night": Light((9, 13, 30), (34, 38, 62), (0.4, 0.42, 0.53), night=True),
}


def shade(colour: Colour, factor: float) -> Colour:
    """A lighter or darker colour."""
    r, g, b = (max(0, min(255, round(v * factor))) for v in colour)
    return r, g, b


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """So much of b in a."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


@lru_cache(maxsize=1)
def _grain() -> npt.NDArray[np.float32]:
    """The sensor's noise, made once; pictures take it from different corners."""
    noise = np.random.default_rng(11).normal(0, 5.0, (HEIGHT + 64, WIDTH + 64, 1)).astype(np.float32)
    return np.repeat(noise, 3, axis=2) * np.array([1.0, 0.85, 1.1], dtype=np.float32)


@lru_cache(maxsize=len(LIGHTS))
def _veil(light: str) -> npt.NDArray[np.float32]:
    """What light and lens leave of each pixel: the tint, a little less in the corners."""
    y, x = np.meshgrid(np.linspace(-1, 1, HEIGHT), np.linspace(-1, 1, WIDTH), indexing="ij")
    corners = (1 - 0.13 * (x**2 + y**2) ** 1.4)[:, :, None]
    veil: npt.NDArray[np.float32] = (corners * np.array(LIGHTS[light].tint)).astype(np.float32)
    return veil


@lru_cache(maxsize=1)
def _halo() -> npt.NDArray[np.float32]:
    """A round glow, 1 in the middle."""
    y, x = np.meshgrid(np.linspace(-1, 1, 160), np.linspace(-1, 1, 160), indexing="ij")
    glow: npt.NDArray[np.float32] = (np.clip(1 - np.sqrt(x**2 + y**2), 0, 1) ** 2.2).astype(np.float32)
    return glow


class Canvas:
    """One picture in the making. X is metres to the right of the camera, Z metres away, height metres above ground."""

    def __init__(self, rng: random.Random, light: str) -> None:
        self.rng = rng
        self.side = 0.0  # metres the camera stands right of the middle of the street
        self.light = LIGHTS[light]
        self.name = light
        self.horizon = rng.uniform(176, 214)
        self.middle = rng.uniform(265, 375)
        self.image = Image.new("RGB", (WIDTH, HEIGHT))
        self.brush = ImageDraw.Draw(self.image)
        self.glows: list[tuple[float, float, float, Colour]] = []
        self._sky()

    def _sky(self) -> None:
        rows = np.linspace(0, 1, HEIGHT)[:, None]
        top, low = np.array(self.light.top), np.array(self.light.low)
        # Painted so that the tint of the ground leaves the sky as it should be.
        column = (top + (low - top) * np.clip(rows * HEIGHT / self.horizon, 0, 1)) / np.array(self.light.tint)
        strip = np.clip(column, 0, 255).astype(np.uint8)[:, None, :]
        self.image.paste(Image.fromarray(strip).resize((WIDTH, HEIGHT)))
        # Clouds have dice of their own: the place below must be the same on another day.
        sky = random.Random(self.rng.random())
        if self.name in ("clear", "hazy", "evening"):
            for _ in range(sky.randint(2, 5)):
                self._cloud(sky, sky.uniform(0, WIDTH), sky.uniform(10, self.horizon * 0.6))

    def _cloud(self, rng: random.Random, x: float, y: float) -> None:
        colour = mix(self.light.low, (255, 255, 255), 0.55)
        for _ in range(7):
            w, h = rng.uniform(30, 80), rng.uniform(7, 15)
            dx, dy = rng.uniform(-60, 60), rng.uniform(-7, 7)
            self.brush.ellipse((x + dx - w, y + dy - h, x + dx + w, y + dy + h), fill=colour)

    def at(self, x: float, z: float, up: float = 0.0) -> tuple[float, float]:
        """Pixel of a point."""
        return self.middle + (x - self.side) * FOCAL / z, self.horizon + (EYE - up) * FOCAL / z

    def scale(self, z: float) -> float:
        """Pixels of one metre so far away."""
        return FOCAL / z

    def ground(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """A flat shape on the ground by its corners (x, z)."""
        self.brush.polygon([self.at(x, z) for x, z in points], fill=colour)

    def blot(
        self, x: float, z: float, radius: float, colour: Colour, rough: float = 0.25, corners: int = 18
    ) -> None:
        """An irregular round patch on the ground."""
        points = []
        for number in range(corners):
            angle = number / corners * 6.2832
            far = radius * self.rng.uniform(1 - rough, 1 + rough)
            points.append((x + far * float(np.cos(angle)), z + far * float(np.sin(angle))))
        self.ground(points, colour)

    def upright(
        self, x: float, z: float, width: float, height: float, colour: Colour, up: float = 0.0
    ) -> None:
        """A flat thing facing the camera: its middle, its size in metres."""
        (left, low), (right, high) = self.at(x - width / 2, z, up), self.at(x + width / 2, z, up + height)
        self.brush.rectangle((left, high, max(right, left + 1), max(low, high + 1)), fill=colour)

    def box(
        self, x: float, z: float, size: tuple[float, float, float], colour: Colour, up: float = 0.0
    ) -> None:
        """A box by the middle of its front foot: width, depth, height in metres."""
        width, depth, height = size
        left, right, back = x - width / 2, x + width / 2, z + depth
        top = [
            self.at(left, z, up + height),
            self.at(right, z, up + height),
            self.at(right, back, up + height),
            self.at(left, back, up + height),
        ]
        self.brush.polygon(top, fill=shade(colour, 1.18))
        edge = left if self.at(left, z)[0] > self.middle else right
        if self.at(left, z)[0] > self.middle or self.at(right, z)[0] < self.middle:
            side = [
                self.at(edge, z, up),
                self.at(edge, back, up),
                self.at(edge, back, up + height),
                self.at(edge, z, up + height),
            ]
            self.brush.polygon(side, fill=shade(colour, 0.68))
        self.upright(x, z, width, height, colour, up)

    def pole(self, x: float, z: float, height: float, colour: Colour, thick: float = 0.12) -> None:
        """An upright post."""
        self.brush.line(
            [self.at(x, z), self.at(x, z, height)], fill=colour, width=max(2, round(self.scale(z) * thick))
        )

    def bar(
        self,
        a: tuple[float, float, float],
        b: tuple[float, float, float],
        colour: Colour,
        thick: float = 0.08,
    ) -> None:
        """A rod between two points (x, z, up)."""
        near = min(a[1], b[1])
        self.brush.line(
            [self.at(*a), self.at(*b)], fill=colour, width=max(1, round(self.scale(near) * thick))
        )

    def ball(
        self, x: float, z: float, radius: float, colour: Colour, up: float = 0.0, flat: float = 1.0
    ) -> None:
        """A round thing facing the camera, its middle `up` metres above ground."""
        px, py = self.at(x, z, up)
        r = max(1.0, radius * self.scale(z))
        self.brush.ellipse((px - r, py - r * flat, px + r, py + r * flat), fill=colour)

    def shadow(self, x: float, z: float, width: float, depth: float) -> None:
        """What a thing takes of the light around its foot."""
        if not self.light.night:
            self.blot(x + 0.1, z, max(width, depth) / 2, (72, 73, 76), 0.08)

    def glow(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Light around a lamp, in pixels; added when the picture is finished."""
        self.glows.append((x, y, radius, colour))

    def finished(self) -> Image.Image:
        """The picture with light, softness, noise and dark corners."""
        pixels = np.array(self.image.filter(ImageFilter.BoxBlur(0.7)), dtype=np.float32)
        pixels *= _veil(self.name)
        for x, y, radius, colour in self.glows:
            _add_glow(pixels, x, y, radius, colour)
        dx, dy = self.rng.randrange(64), self.rng.randrange(64)
        pixels += _grain()[dy : dy + HEIGHT, dx : dx + WIDTH]
        np.clip(pixels, 0, 255, out=pixels)
        return Image.fromarray(pixels.astype(np.uint8))


def _add_glow(pixels: npt.NDArray[np.float32], x: float, y: float, radius: float, colour: Colour) -> None:
    size = max(4, round(radius * 2))
    step = np.linspace(0, 159, size).astype(int)
    patch = _halo()[np.ix_(step, step)][:, :, None] * np.array(colour, dtype=np.float32)
    left, top = round(x - radius), round(y - radius)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + size, WIDTH), min(top + size, HEIGHT)
    if x0 < x1 and y0 < y1:
        pixels[y0:y1, x0:x1] += patch[y0 - top : y1 - top, x0 - left : x1 - left]
