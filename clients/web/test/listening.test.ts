import { expect, test } from "vitest";
import { change, clock } from "../src/design/mark.ts";
import { LOOKS, Loudness, nextLook, shown } from "../src/listening/looks.ts";
import { at, neighbours, OUTER, place, ROUND_S, restingStars, type Star } from "../src/sky/place.ts";

test("looks come in their order, and a slow one is followed by the newest that is due", () => {
  const seen: number[] = [];
  for (let look = nextLook(0, 0); look !== undefined; look = nextLook(look, look)) seen.push(look);
  expect(seen).toEqual([...LOOKS]);
  expect(nextLook(1.5, 4.2)).toBe(4);
  expect(nextLook(6, 40)).toBe(15);
  expect(nextLook(15, 40)).toBeUndefined();
});

test("quiet is told after a while, and ends with the next sound; silence is only of nothing at all", () => {
  const loudness = new Loudness();
  loudness.heard(0, 1);
  expect(loudness.isQuiet(1)).toBe(false);
  loudness.heard(0.000_01, 3);
  expect(loudness.isQuiet(3)).toBe(true);
  expect(loudness.isSilent).toBe(true);
  loudness.heard(0.1, 4);
  expect(loudness.isQuiet(5)).toBe(false);
  expect(loudness.isSilent).toBe(false);
});

test("levels are shown between nothing and all", () => {
  expect(shown(0)).toBe(0);
  expect(shown(1e-9)).toBe(0);
  expect(shown(2)).toBe(1);
  expect(shown(Number.NaN)).toBeNaN();
  expect(shown(0.05)).toBeGreaterThan(shown(0.01));
});

test("a change is told where a listener would notice it", () => {
  expect(change(1.01, 0.1)).toEqual({});
  expect(change(1.15, 12 * Math.log2(1.15))).toEqual({ speed: 1.15 });
  expect(change(0.85, 0)).toEqual({ speed: 0.85, pitch: undefined } as object);
  expect(change(1, -2)).toEqual({ pitch: -2 });
  expect(change(1.2, -1)).toEqual({ speed: 1.2, pitch: -1 });
});

test("places are told as clocks tell them", () => {
  expect([0, 59.9, 60, 187, 3_725, -3].map(clock)).toEqual([
    "0:00",
    "0:59",
    "1:00",
    "3:07",
    "1:02:05",
    "0:00",
  ]);
});

test("stars lie in the ring, the first at the top", () => {
  const star = place({ time: 0, frequency: 20_000, strength: 1 });
  expect(star.height).toBe(1);
  const { x, y } = at(star, ROUND_S);
  expect(x).toBeCloseTo(0);
  expect(y).toBeCloseTo(-OUTER);
  expect(place({ time: 3, frequency: 0, strength: 0 }).height).toBe(0);
});

test("lines lead to the two nearest stars before, and no further than they may", () => {
  const stars: Star[] = [0.1, 0.5, 0.55, 0.6].map((height, i) => ({ time: i * 0.1, height, strength: 1 }));
  const [first, second, third, fourth] = stars as [Star, Star, Star, Star];
  expect(neighbours(fourth, [first, second, third])).toEqual([third, second]);
  expect(neighbours({ time: 9, height: 0.6, strength: 1 }, stars)).toEqual([]);
  expect(neighbours(first, [])).toEqual([]);
});

test("the sky at rest is always the same", () => {
  expect(restingStars()).toEqual(restingStars());
});
