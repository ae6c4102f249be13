/** When a listening is looked at, and what is made of what its looks say. */

import type { Heard } from "@/offline/answer";

/** Seconds heard at each look; the last is the end, with an answer or without. */
export const LOOKS = [1.5, 2.5, 4, 6, 9, 12, 15] as const;

/** Nothing is heard after so many seconds: a little more than the last look, and less than the service refuses. */
export const LONGEST_S = 15.5;

/** The next look, with `heard` seconds heard and `looked` at the last one; undefined after the last. */
export function nextLook(looked: number, heard: number): number | undefined {
  const left = LOOKS.filter((at) => at > looked);
  // A slow network takes longer than the next look: then only the newest of those that are due.
  const due = left.filter((at) => at <= heard);
  return due.at(-1) ?? left[0];
}

/** Whether there is nothing better to be had by listening on. */
export function isCertain({ status }: Heard): boolean {
  return status === "match" || status === "ambiguous";
}

/** Below this it is so quiet that music is not likely, full scale 1 (-54 dB). */
const QUIET = 0.002;
/** Below this there is nothing: a muted microphone gives noise of its last bit at most. */
const SILENT = 0.000_05;
const QUIET_S = 2.5;

/** Tells quiet and silence from the levels that come. */
export class Loudness {
  #loudest = 0;
  #lastLoud = 0;

  heard(rms: number, seconds: number): void {
    this.#loudest = Math.max(this.#loudest, rms);
    if (rms >= QUIET) this.#lastLoud = seconds;
  }

  isQuiet(seconds: number): boolean {
    return seconds - this.#lastLoud >= QUIET_S;
  }

  get isSilent(): boolean {
    return this.#loudest < SILENT;
  }
}

/** How high a level is shown, 0 to 1: -60 dB to -6 dB. */
export function shown(rms: number): number {
  if (rms <= 0) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(rms) + 60) / 54));
}
