/** A file becomes a fingerprint here, and that a time line at the service: of its sound nothing leaves the page. */

import type { ScanSong } from "@sonica/sdk";
import { sonica } from "@/api/sonica";
import { engine } from "@/listening/engine";
import { Problem } from "@/listening/problem";
import { decode, type Sound } from "@/listening/sources";
import { LARGEST_BYTES, longestMinutes, type ScanProblem, scanProblemOf } from "./problem";

/** Hz: what the engine hears ends at 4 kHz, and an hour in stereo is half a gigabyte. */
const RATE = 16_000;
/** Seconds that are handed over at once: a few milliseconds of the page's time. */
const BLOCK_S = 10;

export type Phase = "decoding" | "fingerprinting" | "searching" | "done" | "failed";

/** `part`: of the phase, 0 to 1; `seconds`: of the file, 0 until they are known. */
export interface Scan {
  phase: Phase;
  file: string;
  part: number;
  seconds: number;
  songs: readonly ScanSong[];
  problem?: ScanProblem;
}

/** Scans a file; `tell` hears how it goes, to the end or to what went wrong, and no more once it is aborted. */
export async function scanFile(file: File, tell: (scan: Scan) => void, signal: AbortSignal): Promise<void> {
  let scan: Scan = { phase: "decoding", file: file.name, part: 0, seconds: 0, songs: [] };
  const now = (change: Partial<Scan>) => {
    scan = { ...scan, ...change };
    if (!signal.aborted) tell(scan);
  };
  now({});
  try {
    if (!navigator.onLine) throw new TypeError("there is no network");
    const sound = await soundOf(file);
    signal.throwIfAborted();
    now({ phase: "fingerprinting", seconds: sound.seconds });
    const fingerprint = await fingerprintOf(sound, (part) => now({ part }), signal);
    now({ phase: "searching", part: 0 });
    for await (const said of sonica().scan(fingerprint, { signal })) {
      if (said.event === "progress") now({ part: said.done_s / Math.max(said.of_s, 0.01) });
      if (said.event === "song") now({ songs: [...scan.songs, said] });
      if (said.event === "end") now({ phase: "done", part: 1, seconds: said.of_s });
    }
  } catch (error) {
    now({ phase: "failed", problem: scanProblemOf(error) });
  }
}

async function soundOf(file: File): Promise<Sound> {
  const minutes = longestMinutes();
  const sound = await decode(file, { bytes: LARGEST_BYTES, minutes, rate: RATE });
  // Some files do not say beforehand how long they are.
  if (sound.seconds > minutes * 60) throw new Problem("tooLarge");
  return sound;
}

async function fingerprintOf(
  sound: Sound,
  onPart: (part: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const fingerprinter = (await engine()).fingerprinter(sound.rate);
  try {
    for (let at = 0; at < sound.seconds; at += BLOCK_S) {
      fingerprinter.push(sound.excerpt(at, BLOCK_S));
      // Waits until that is heard, so that no more than one block is on its way.
      await fingerprinter.peaks(Number.MAX_VALUE);
      signal.throwIfAborted();
      onPart(Math.min(1, (at + BLOCK_S) / sound.seconds));
    }
    return await fingerprinter.finish();
  } finally {
    fingerprinter.free();
  }
}
