import { expect, it } from "vitest";
import { crossing, inside, nearest, nearestCorner, outside, squareMetres } from "./shapes";

const SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]];
const BOW_TIE = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]];

it("finds where a boundary crosses itself", () => {
  expect(crossing(SQUARE)).toBeNull();
  expect(crossing(BOW_TIE)).toEqual([0.5, 0.5]);
});

it("knows what lies in an area, and what in its hole", () => {
  const hole = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6], [0.4, 0.4]];
  expect(inside([0.5, 0.5], [SQUARE])).toBe(true);
  expect(inside([0.5, 0.5], [SQUARE, hole])).toBe(false);
  expect(inside([2, 2], [SQUARE])).toBe(false);
});

it("names the corner that leaves the area around, and lets those on its edge be", () => {
  expect(outside([[0, 0], [1, 0], [0.5, 0.5], [0, 0]], [[SQUARE]])).toBeNull();
  expect(outside([[0, 0], [1.5, 0], [0.5, 0.5], [0, 0]], [[SQUARE]])).toEqual([1.5, 0]);
});

it("snaps to the nearest side and the nearest corner", () => {
  expect(nearest([0.5, 1.2], [SQUARE])).toEqual([0.5, 1]);
  expect(nearestCorner([0.9, 1.2], [SQUARE])).toEqual([1, 1]);
  expect(nearest([0, 0], [])).toBeNull();
});

it("measures an area of a hundred metres by a hundred", () => {
  const side = 100 / 111_320;
  const up = 100 / 110_574;
  expect(squareMetres([[0, 0], [side, 0], [side, up], [0, up], [0, 0]])).toBeCloseTo(10_000, -2);
});
