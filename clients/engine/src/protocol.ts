// What the page and the worker say to each other. Objects are named by numbers that the page chooses, so
// that it need not wait for one to exist before it goes on.

import type { Answer, Build, FrameFlags, Profile, RecognizeOptions, Recording } from "./types.ts";

/** Every call: what is asked, and what comes back. Those that give nothing are not answered. */
export interface Calls {
  open(asked: { build?: Build | undefined }): Promise<Build>;
  fingerprinter(asked: { on: number; rate: number } & Hearing): void;
  push(asked: { on: number; samples: Float32Array }): void;
  /** Samples come by this port until the object is freed; reports go back with its number. */
  listen(asked: { on: number; port: MessagePort; peaks: boolean }): void;
  /** For one that keeps what was `before`: from here on it hears. */
  begin(asked: { on: number }): void;
  snapshot(asked: { on: number }): { fingerprint: Uint8Array; seconds: number };
  frame(asked: { on: number; flags: FrameFlags }): Uint8Array;
  /** Time, frequency and strength of each. */
  peaks(asked: { on: number; from: number }): Float32Array;
  finish(asked: { on: number }): Uint8Array;
  pack(asked: { on: number; bytes: Uint8Array }): { length: number; profile: Profile };
  recordings(asked: { on: number }): Recording[];
  recognize(asked: { packs: number[]; fingerprint: Uint8Array; options: RecognizeOptions }): Answer;
  free(asked: { on: number }): void;
}

/** How much is heard, seconds: no more than `longest`; until `begin` only the last `before` are kept. */
export interface Hearing {
  longest?: number;
  before?: number;
}

export type Operation = keyof Calls;
export type Asked<K extends Operation> = Parameters<Calls[K]>[0];
export type Given<K extends Operation> = Awaited<ReturnType<Calls[K]>>;

/** `id` is there where an answer is expected. */
export type Request = { [K in Operation]: { op: K; asked: Asked<K>; id?: number } }[Operation];

/** Why a call failed; errors lose their class on the way. */
export interface Failure {
  code: string;
  message: string;
}

/** What is heard, about twenty times a second. */
export interface Report {
  seconds: number;
  rms: number;
  peaks?: Float32Array;
}

export type Reply =
  | { id: number; value: unknown }
  | { id: number; failure: Failure }
  | { on: number; report: Report };
