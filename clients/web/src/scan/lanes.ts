/** Songs that play at the same time beside each other, in rows of so many minutes. */

export interface Span {
  start_s: number;
  end_s: number;
}

/** Seconds of a row at most. */
const ROW_S = 1800;

/** The lane of each song, from 0 on, so that those that play at the same time have different ones. */
export function lanes(songs: readonly Span[]): number[] {
  const ends: number[] = [];
  return songs.map(({ start_s, end_s }) => {
    const free = ends.findIndex((end) => end <= start_s);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = end_s;
    return lane;
  });
}

/** Seconds in which at least one of them plays. */
export function covered(songs: readonly Span[]): number {
  let [total, end] = [0, 0];
  for (const one of songs) {
    total += Math.max(0, one.end_s - Math.max(end, one.start_s));
    end = Math.max(end, one.end_s);
  }
  return total;
}

/** A part of a song in a row: where it begins and how long it is, in shares of the row. */
export interface Bar {
  index: number;
  lane: number;
  at: number;
  width: number;
}

export interface Row {
  start_s: number;
  end_s: number;
  lanes: number;
  bars: Bar[];
}

/** As many rows as `seconds` need, all as long. */
export function rows(songs: readonly Span[], seconds: number): Row[] {
  const count = Math.max(1, Math.ceil(seconds / ROW_S));
  const long = Math.max(seconds, 0.01) / count;
  const where = lanes(songs);
  return Array.from({ length: count }, (_, row) => {
    const [start, end] = [row * long, (row + 1) * long];
    const bars = songs.flatMap(({ start_s, end_s }, index) => {
      const [from, to] = [Math.max(start_s, start), Math.min(end_s, end)];
      return to > from
        ? [{ index, lane: where[index] ?? 0, at: (from - start) / long, width: (to - from) / long }]
        : [];
    });
    return { start_s: start, end_s: end, lanes: 1 + Math.max(0, ...bars.map(({ lane }) => lane)), bars };
  });
}
