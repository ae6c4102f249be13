/** Where things lie. */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(import.meta.dirname, "..", "..", "..");
export const BIN = path.join(ROOT, ".venv", "bin");
export const OUT = path.join(ROOT, "clients", "web", "out");
/** What is composed for the tests, and stays from one run to the next. */
export const SOUNDS = path.join(ROOT, "build", "e2e", "sounds");
export const LOGS = path.join(ROOT, "build", "e2e", "logs");
export const RESULTS = path.join(ROOT, "build", "e2e", "results");

export type SoundName = "clean" | "noisy" | "faster" | "local" | "unknown" | "silence";

export function wav(name: SoundName): string {
  return path.join(SOUNDS, `${name}.wav`);
}

export interface SongNames {
  /** In both scripts, as the service has it. */
  title: string;
  devanagari: string;
  latin: string;
  artist: string;
  language: string;
}

/** The one of most sounds, the one that no pack has, and the one that nobody knows. */
export function songs(): Record<"heard" | "local" | "unknown", SongNames> {
  return JSON.parse(readFileSync(path.join(SOUNDS, "songs.json"), "utf8"));
}

export function chromium(): string {
  const known = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"];
  const found = known.find((place) => place && existsSync(place));
  if (!found) throw new Error("there is no Chromium: install chromium, or say where it is in CHROMIUM");
  return found;
}
