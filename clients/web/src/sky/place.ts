/** Where a peak lies in the picture: the time that is heard goes round like a clock's hand, low notes inside. */

import type { Peak } from "@sonica/engine";

/** Seconds of a round: the longest that one listening lasts. */
export const ROUND_S = 15;
const LOWEST_HZ = 90;
const HIGHEST_HZ = 5_600;
/** Of half the picture's width: the ring that peaks lie in, around the button. */
export const INNER = 0.56;
export const OUTER = 0.95;

export interface Star {
  /** 0 to 1. */
  height: number;
  strength: number;
  time: number;
}

export function place({ time, frequency, strength }: Peak): Star {
  const octaves = Math.log2(Math.max(frequency, LOWEST_HZ) / LOWEST_HZ);
  const height = Math.min(1, octaves / Math.log2(HIGHEST_HZ / LOWEST_HZ));
  return { height, strength, time };
}

/** Where a star is, of half the picture's width from its middle, when a round takes so many seconds. */
export function at({ time, height }: Star, round: number): { x: number; y: number } {
  const angle = angleOf(time, round);
  const radius = INNER + (OUTER - INNER) * height;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

/** The hand at a time: it begins at the top. */
export function angleOf(time: number, round: number): number {
  return (time / round) * 2 * Math.PI - Math.PI / 2;
}

const NEAR_S = 0.7;
const NEAR_HEIGHT = 0.28;
/** Lines from each star, at most: as landmarks pair each peak with a few after it. */
const LINES = 2;

/** Of `stars`, by time, those before `star` that a line leads to: the nearest in time and height. */
export function neighbours(star: Star, stars: readonly Star[]): Star[] {
  const near: { other: Star; distance: number }[] = [];
  for (let i = beginOf(star.time, stars) - 1; i >= 0; i--) {
    const other = stars[i];
    if (!other || star.time - other.time > NEAR_S) break;
    const apart = Math.abs(other.height - star.height);
    if (apart >= NEAR_HEIGHT) continue;
    near.push({ other, distance: (star.time - other.time) / NEAR_S + apart / NEAR_HEIGHT });
  }
  return near
    .sort((a, b) => a.distance - b.distance)
    .slice(0, LINES)
    .map(({ other }) => other);
}

/** How many stars, which are in order, lie before a time. */
function beginOf(time: number, stars: readonly Star[]): number {
  let [from, to] = [0, stars.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((stars[middle]?.time ?? 0) < time) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** A sky for when nothing is heard: always the same, by a small generator. */
export function restingStars(count = 110): Star[] {
  let seed = 20_240_117;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const stars = Array.from({ length: count }, () =>
    place({ time: random() * ROUND_S, frequency: LOWEST_HZ * 2 ** (6 * random()), strength: random() ** 2 }),
  );
  return stars.sort((a, b) => a.time - b.time);
}
