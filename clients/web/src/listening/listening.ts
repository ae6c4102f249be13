/** One press of the button, from the sound to the answer in the history; knows nothing of pages. */

import type { Peak, Recorder } from "@sonica/engine";
import type { Entry, Source } from "@/keep/history";
import { offline } from "@/keep/kept";
import type { Heard } from "@/offline/answer";
import { askAnyone } from "./ask";
import { engine } from "./engine";
import { isCertain, Loudness, nextLook, shown } from "./looks";
import { Problem, problemOf } from "./problem";
import { decode, microphone, tab } from "./sources";

export type State =
  | { phase: "idle" }
  | { phase: "starting" }
  | { phase: "listening"; seconds: number; isQuiet: boolean; away: Problem | null }
  | { phase: "reading"; name: string }
  | { phase: "answered"; entry: Entry; isSilent: boolean; away: Problem | null }
  | { phase: "failed"; problem: Problem };

export interface Watching {
  onState: (state: State) => void;
  onRound: () => void;
  onPeaks: (peaks: readonly Peak[], seconds: number) => void;
  onLevel: (level: number) => void;
  /** In keep-listening: an answer while it goes on. */
  onEntry: (entry: Entry) => void;
}

/** Longest wait for an answer to one look; then the packs are asked. */
const LOOK_MS = 6_000;
/** While it keeps on listening, between the end of one round and the next. */
const PAUSE_MS = 4_000;
const POLL_MS = 40;
/** Of a file, the excerpts that are asked for one after the other: at these parts of its length. */
const EXCERPTS = [0.4, 0.15, 0.7];
const EXCERPT_S = 15;

export class Listening {
  readonly #watching: Watching;
  #ends: AbortController | undefined;

  constructor(watching: Watching) {
    this.#watching = watching;
  }

  /** Hears the microphone, or a tab; with `keep` one round after the other until `stop`. */
  async listen(source: "microphone" | "tab", keep: () => boolean): Promise<void> {
    await this.#run({ phase: "starting" }, async (signal) => {
      // Both at once: the browser's question takes longer than the engine.
      const [stream] = await Promise.all([source === "tab" ? tab() : microphone(), engine()]);
      signal.addEventListener("abort", () => stopped(stream));
      const awake = keep() ? await stayAwake() : undefined;
      try {
        signal.throwIfAborted(); // while the browser asked
        await this.#rounds(stream, source, keep, signal);
      } finally {
        stopped(stream);
        await awake?.release();
      }
    });
  }

  /** Recognises what is in a file. */
  async file(file: File, source: Source): Promise<void> {
    await this.#run({ phase: "reading", name: file.name }, async (signal) => {
      const [sound, ears] = await Promise.all([decode(file), engine()]);
      const { samples, rate } = sound;
      const asking = askAnyone(() => undefined);
      let best: Heard = { status: "none", others: [] };
      let asked: Uint8Array | undefined;
      const isSilent = !samples.some((sample) => Math.abs(sample) > 1e-4);
      for (const part of isSilent ? [] : excerpts(samples.length / rate)) {
        signal.throwIfAborted();
        const from = Math.floor(part * rate);
        const fingerprinter = ears.fingerprinter(rate);
        fingerprinter.push(samples.slice(from, from + EXCERPT_S * rate));
        const fingerprint = await fingerprinter.finish();
        asked ??= fingerprint;
        const heard = await this.#look(asking, fingerprint, signal);
        if (best.status === "none" || isCertain(heard)) best = heard;
        if (isCertain(best)) break;
      }
      const about = { ...draft(source), fileName: file.name, how: asking.how() };
      const entry = isSilent ? { ...about, ...best } : await kept(about, best, asked ?? NOTHING);
      this.#watching.onState({ phase: "answered", entry, isSilent, away: null });
    });
  }

  /** Ends what goes on; what was heard until then is forgotten. */
  stop(): void {
    this.#ends?.abort();
    this.#ends = undefined;
    this.#watching.onState({ phase: "idle" });
  }

  async #run(begin: State, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#ends?.abort();
    const ends = new AbortController();
    this.#ends = ends;
    this.#watching.onState(begin);
    try {
      await work(ends.signal);
    } catch (error) {
      if (ends.signal.aborted) return;
      const problem = problemOf(error);
      this.#watching.onState(problem ? { phase: "failed", problem } : { phase: "idle" });
    } finally {
      if (this.#ends === ends) this.#ends = undefined;
    }
  }

  async #rounds(
    stream: MediaStream,
    source: Source,
    keep: () => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    let last: Entry | undefined;
    for (;;) {
      // A recorder stops the tracks that it was given.
      const { entry, isSilent, away } = await this.#round(stream.clone(), source, last, signal);
      if (!keep()) {
        this.#watching.onState({ phase: "answered", entry, isSilent, away });
        return;
      }
      if (entry.song && entry.song.songId !== last?.song?.songId) this.#watching.onEntry(entry);
      if (entry.song) last = entry;
      await pause(PAUSE_MS, signal);
      if (stream.getAudioTracks().every((track) => track.readyState === "ended")) throw new Problem("ended");
    }
  }

  async #round(
    stream: MediaStream,
    source: Source,
    last: Entry | undefined,
    signal: AbortSignal,
  ): Promise<{ entry: Entry; isSilent: boolean; away: Problem | null }> {
    const { Recorder } = await import("@sonica/engine");
    const loudness = new Loudness();
    const round = new AbortController();
    const either = AbortSignal.any([signal, round.signal]);
    let away: Problem | null = null;
    let recorder: Recorder | undefined;
    const tell = () => {
      if (either.aborted || !recorder) return;
      const { seconds } = recorder;
      this.#watching.onState({ phase: "listening", seconds, isQuiet: loudness.isQuiet(seconds), away });
    };
    this.#watching.onRound();
    try {
      recorder = await Recorder.start(stream, await engine(), {
        onPeaks: (peaks, seconds) => this.#watching.onPeaks(peaks, seconds),
        onLevel: (rms) => {
          loudness.heard(rms, recorder?.seconds ?? 0);
          this.#watching.onLevel(shown(rms));
          tell();
        },
        onEnded: () => round.abort(new Problem("ended")),
      });
      const asking = askAnyone((why) => {
        away = why;
      });
      const { heard, fingerprint } = await this.#looks(recorder, asking, either);
      const about = { ...draft(source), how: asking.how() };
      const isAgain = heard.song !== undefined && heard.song.songId === last?.song?.songId;
      const isNews = !isAgain && !loudness.isSilent;
      const entry = isNews ? await kept(about, heard, fingerprint) : { ...about, ...heard };
      return { entry, isSilent: loudness.isSilent, away };
    } finally {
      if (recorder) await recorder.stop();
      else stopped(stream);
    }
  }

  async #looks(
    recorder: Recorder,
    asking: ReturnType<typeof askAnyone>,
    signal: AbortSignal,
  ): Promise<{ heard: Heard; fingerprint: Uint8Array }> {
    let looked = 0;
    let heard: Heard = { status: "none", others: [] };
    let fingerprint = NOTHING;
    for (let at = nextLook(0, 0); at !== undefined; at = nextLook(looked, recorder.seconds)) {
      while (recorder.seconds < at) await pause(POLL_MS, signal);
      looked = at;
      fingerprint = new Uint8Array((await recorder.snapshot()).fingerprint);
      heard = await this.#look(asking, fingerprint, signal);
      if (isCertain(heard)) break;
    }
    return { heard, fingerprint };
  }

  async #look(
    asking: ReturnType<typeof askAnyone>,
    fingerprint: Uint8Array,
    signal: AbortSignal,
  ): Promise<Heard> {
    const heard = await asking.look(fingerprint, AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]));
    signal.throwIfAborted();
    return heard;
  }
}

const NOTHING = new Uint8Array();

type Draft = Pick<Entry, "id" | "heardAt" | "source">;

function draft(source: Source): Draft {
  return { id: crypto.randomUUID(), heardAt: Date.now(), source };
}

/**
 * What was heard, in the history. What nobody could name while the service was away is kept with its
 * fingerprint, to be asked for later.
 */
async function kept(
  about: Draft & { how: "service" | "pack"; fileName?: string },
  heard: Heard,
  fingerprint: Uint8Array,
): Promise<Entry> {
  if (about.how === "service" || isCertain(heard)) {
    const entry: Entry = { ...about, ...heard };
    await offline().history.add(entry);
    return entry;
  }
  const entry: Entry = { ...about, how: "queue", status: "waiting", others: [] };
  await offline().history.add(entry);
  await offline().queue.enqueue(fingerprint, entry.id);
  return entry;
}

/** Where excerpts of so long a sound begin, seconds. */
export function excerpts(seconds: number): number[] {
  if (seconds <= EXCERPT_S * 1.5) return [0];
  return EXCERPTS.map((part) => Math.min(part * seconds, seconds - EXCERPT_S));
}

/** A screen that goes dark takes the microphone with it. Not all browsers can be asked, and none must agree. */
async function stayAwake(): Promise<WakeLockSentinel | undefined> {
  return navigator.wakeLock?.request("screen").catch(() => undefined);
}

function stopped(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Throws why, once the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const done = () => {
      signal.removeEventListener("abort", failed);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const failed = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", failed, { once: true });
  });
}
