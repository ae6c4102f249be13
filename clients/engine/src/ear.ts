import type { Engine } from "../../../engine/wasm/engine.mjs";
import type { Hearing, Report } from "./protocol.ts";
import { Ring } from "./ring.ts";

/** Peaks are reported from so many seconds ago on: those that still change, and what a busy page may have missed. */
const LIVE_SECONDS = 5;
/** After a pause so long, milliseconds, what is kept is of another moment: the device slept. */
const GAP = 1_000;
/** Reports are at least so far apart, milliseconds: when samples have piled up, one serves for all. */
const PAUSE = 40;

type Fingerprinter = InstanceType<Engine["Fingerprinter"]>;

/** A fingerprinter, what it has heard, and why it could not hear more. */
export class Ear {
  readonly fingerprinter: Fingerprinter;
  readonly #rate: number;
  /** Samples after which no more is taken. */
  readonly #most: number;
  /** While it only waits: what it is to hear first. */
  #before: Ring | undefined;
  /** When something was last kept. */
  #kept = 0;
  #samples = 0;
  #failure: unknown;
  #port: MessagePort | undefined;
  /** Since the last report. */
  #energy = 0;
  #count = 0;
  #reported = 0;

  constructor(
    fingerprinter: Fingerprinter,
    rate: number,
    { longest = Number.POSITIVE_INFINITY, before = 0 }: Hearing = {},
  ) {
    this.fingerprinter = fingerprinter;
    this.#rate = rate;
    this.#most = Math.floor(longest * rate);
    const length = Math.floor(before * rate);
    if (length > 0) this.#before = new Ring(length);
  }

  get seconds(): number {
    return this.#samples / this.#rate;
  }

  /** Takes more samples; who pushes waits for no answer, so a failure is kept for the next one. */
  push(samples: Float32Array): void {
    if (this.#before) {
      this.#forget(this.#before);
      this.#before.push(samples);
      return;
    }
    const left = this.#most - this.#samples;
    const taken = left < samples.length ? samples.subarray(0, Math.max(0, left)) : samples;
    try {
      this.fingerprinter.push(taken);
      this.#samples += taken.length;
    } catch (why) {
      this.#failure ??= why;
    }
  }

  /** Ends the waiting: the last of what came meanwhile is heard first, then all that comes. */
  begin(): void {
    const before = this.#before;
    if (!before) return;
    this.#forget(before);
    this.#before = undefined;
    this.#hear(before.take());
  }

  /** Throws what is kept, once: what was heard before stays, and can still be had. */
  tellFailure(): void {
    const why = this.#failure;
    this.#failure = undefined;
    if (why !== undefined) throw why;
  }

  /** Time, frequency and strength of the peaks at `from` seconds and later. */
  peaks(from: number): Float32Array {
    const peaks = this.fingerprinter.peaks(from);
    const triples = new Float32Array(peaks.length * 3);
    for (const [i, { time, frequency, strength }] of peaks.entries()) {
      triples.set([time, frequency, strength], i * 3);
    }
    return triples;
  }

  /** Takes what comes by the port, and reports on it. */
  listen(port: MessagePort, { peaks }: { peaks: boolean }, report: (report: Report) => void): void {
    this.#port = port;
    port.onmessage = ({ data: samples }: MessageEvent<Float32Array>) => {
      this.#hear(samples);
      if (this.#before) return;
      const now = performance.now();
      if (now - this.#reported < PAUSE) return;
      this.#reported = now;
      report(this.#report(peaks));
    };
  }

  #hear(samples: Float32Array): void {
    this.push(samples);
    if (this.#before) return;
    for (const sample of samples) this.#energy += sample * sample;
    this.#count += samples.length;
  }

  #forget(kept: Ring): void {
    const now = performance.now();
    if (now - this.#kept > GAP) kept.take();
    this.#kept = now;
  }

  #report(peaks: boolean): Report {
    const rms = Math.sqrt(this.#energy / Math.max(this.#count, 1));
    this.#energy = 0;
    this.#count = 0;
    const { seconds } = this;
    if (!peaks || this.#failure !== undefined) return { seconds, rms };
    try {
      return { seconds, rms, peaks: this.peaks(Math.max(seconds - LIVE_SECONDS, 0)) };
    } catch (why) {
      this.#failure = why;
      return { seconds, rms };
    }
  }

  free(): void {
    this.#port?.close();
    this.fingerprinter.free();
  }
}
