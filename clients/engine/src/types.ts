// What the engine answers. The same as in engine/wasm/engine.mjs, said again so that who uses this package
// needs no types of JavaScript files; worker.ts compiles only while the two agree.

/** A number; a bigint from 2⁵³ on. */
export type Id = number | bigint;

/** Which of the engine's builds: with 128-bit SIMD, or without. */
export type Build = "simd128" | "plain";

/** How much of each recording a pack holds. */
export type Profile = "full" | "lite";

export interface Peak {
  /** Seconds from the first sample. */
  time: number;
  /** Hz. */
  frequency: number;
  /** 0 to 1: 1 for the strongest of those around it, a sixteenth for the weakest that are kept. */
  strength: number;
}

export interface Recording {
  recordingId: Id;
  songId: Id;
  title: string;
  artist: string;
  language: string;
  /** Seconds. */
  duration: number;
}

export interface Hit {
  recordingId: Id;
  songId: Id;
  /** Place in the recording where the query's first sample would lie, seconds; below 0 if it began earlier. */
  offset: number;
  /** Tempo of the query relative to the recording. */
  speed: number;
  /** Change of pitch, semitones. */
  pitch: number;
  /** The verifier's score, log odds. */
  score: number;
  /** 0 to 1. */
  confidence: number;
  /** What the verifier saw. */
  features: number[];
}

export interface Answer {
  status: "match" | "unsure" | "none";
  /** How many of the first hits share the part that was heard; more than one: ambiguous. */
  shared: number;
  /** How many hypotheses of speed, tempo and pitch were tried. */
  hypotheses: number;
  /** How many postings were read. */
  postings: number;
  /** One a song: the shared ones first, then by score. Present also where the status is `none`. */
  hits: Hit[];
}

export interface RecognizeOptions {
  /** The most hits to give (but all of the shared). */
  limit?: number;
  /** Whether every hypothesis is tried even when the first are certain. */
  exhaustive?: boolean;
}

export interface FrameFlags {
  /** Whole, for a receiver that lost one; the first always is. */
  key?: boolean;
  /** The sound has ended. */
  last?: boolean;
}
