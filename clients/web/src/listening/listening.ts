/** One press of the button, from the sound to the answer in the history; knows nothing of pages. */

import type { Peak, Recorder } from "@sonica/engine";
import type { Entry, Named, Source } from "@/keep/history";
import type { Heard } from "@/offline/answer";
import { Anyone } from "./ask";
import { engine, isEngineLost } from "./engine";
import { draft, isSameSong, keepEntry } from "./entry";
import { isCertain, LONGEST_S, Loudness, nextLook, shown } from "./looks";
import { Problem, problemOf } from "./problem";
import { reached } from "./reached";
import type { Hearing, Kept } from "./ready";
import { either, pause, within } from "./signals";
import { decode, microphone, type Sound, tab } from "./sources";

export type State =
  | { phase: "idle" }
  | { phase: "starting" }
  /** `perhaps`: what it may be, which is not certain yet. */
  | { phase: "listening"; seconds: number; isQuiet: boolean; perhaps: Named | null; away: Problem | null }
  /** Between two rounds, while it keeps on listening. */
  | { phase: "resting" }
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

interface Round {
  heard: Heard;
  fingerprint: Uint8Array;
  isSilent: boolean;
}

/** Longest wait for an answer to one look; then the packs are asked. */
const LOOK_MS = 6_000;
/**
 * While it keeps on listening, between one round and the next: a song that was named goes on for a while, and
 * each round counts against the service's quota.
 */
const AFTER_SONG_MS = 30_000;
const AFTER_NONE_MS = 8_000;
/** Of a file, the excerpts that are asked for one after the other: at these parts of its length. */
const EXCERPTS = [0.4, 0.15, 0.7];
const EXCERPT_S = 15;
/** Nothing in a file is louder than that: it has no sound. */
const SILENT = 1e-4;

export class Listening {
  readonly #watching: Watching;
  #ends: AbortController | undefined;
  /** In this round. */
  #perhaps: Named | null = null;

  constructor(watching: Watching) {
    this.#watching = watching;
  }

  /** Hears the microphone, or a tab; with `keep` one round after the other until `stop`. `kept`: it was kept ready. */
  async listen(source: "microphone" | "tab", keep: () => boolean, kept?: Kept): Promise<void> {
    await this.#run({ phase: "starting" }, async (signal) => {
      // Both at once: the browser's question takes longer than the engine.
      const opening = engine();
      opening.catch(() => undefined);
      const stream = kept?.stream ?? (await (source === "tab" ? tab() : microphone()));
      const stop = () => (kept ? kept.stop() : stopped(stream));
      signal.addEventListener("abort", stop);
      const awake = keep() ? stayAwake() : undefined;
      try {
        signal.throwIfAborted(); // while the browser asked
        await opening;
        await this.#rounds(stream, source, keep, signal, kept);
      } finally {
        stop();
        awake?.();
      }
    });
  }

  /** Recognises what is in a file. */
  async file(file: File, source: Source): Promise<void> {
    await this.#run({ phase: "reading", name: file.name }, async (signal) => {
      if (!globalThis.isSecureContext) throw new Problem("insecure");
      const [sound] = await Promise.all([decode(file), engine()]);
      const asking = new Anyone();
      const { heard, unanswered, isSilent } = await this.#excerpts(sound, asking, signal);
      const about = { ...draft(source), fileName: file.name, how: asking.how };
      const entry = isSilent ? { ...about, ...heard } : await keepEntry(about, heard, unanswered);
      this.#watching.onState({ phase: "answered", entry, isSilent, away: asking.away });
    });
  }

  /** Asks for one excerpt after the other; `unanswered` is the first that the service was not asked for. */
  async #excerpts(
    sound: Sound,
    asking: Anyone,
    signal: AbortSignal,
  ): Promise<{ heard: Heard; unanswered?: Uint8Array; isSilent: boolean }> {
    const ears = await engine();
    const said: { heard: Heard; unanswered?: Uint8Array; isSilent: boolean } = {
      heard: { status: "none", others: [] },
      isSilent: true,
    };
    for (const from of excerpts(sound.seconds)) {
      signal.throwIfAborted();
      const samples = sound.excerpt(from, EXCERPT_S);
      if (!samples.some((sample) => Math.abs(sample) > SILENT)) continue;
      said.isSilent = false;
      const fingerprinter = ears.fingerprinter(sound.rate);
      fingerprinter.push(samples);
      const fingerprint = await fingerprinter.finish();
      const heard = await this.#look(asking, fingerprint, signal);
      if (asking.how === "pack") said.unanswered ??= fingerprint;
      if (said.heard.status === "none" || isCertain(heard)) said.heard = heard;
      if (isCertain(heard)) break;
    }
    return said;
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
      const lost = isEngineLost(error) ? new Problem("engine", 0, { cause: error }) : null;
      if (ends.signal.aborted) return;
      const problem = lost ?? problemOf(error);
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
    kept: Kept | undefined,
  ): Promise<void> {
    const asking = new Anyone();
    let last: Entry | undefined;
    let start = kept?.begin;
    for (;;) {
      const round = await this.#round(start ?? ((...by) => record(stream, ...by)), asking, signal);
      start = undefined;
      if (!keep()) return this.#answer(round, source, asking);
      const entry = await this.#news(round, source, asking, last);
      last = entry ?? last;
      this.#watching.onState({ phase: "resting" });
      await pause(isCertain(round.heard) || entry ? AFTER_SONG_MS : AFTER_NONE_MS, signal);
      if (stream.getAudioTracks().every((track) => track.readyState === "ended")) throw new Problem("ended");
    }
  }

  async #answer({ heard, fingerprint, isSilent }: Round, source: Source, asking: Anyone): Promise<void> {
    const about = { ...draft(source), how: asking.how };
    const unanswered = asking.how === "pack" ? fingerprint : undefined;
    const entry = isSilent ? { ...about, ...heard } : await keepEntry(about, heard, unanswered);
    this.#watching.onState({ phase: "answered", entry, isSilent, away: asking.away });
  }

  /** While it goes on, only songs are kept, each once, and what may become one when there is a network. */
  async #news(
    { heard, fingerprint, isSilent }: Round,
    source: Source,
    asking: Anyone,
    last: Entry | undefined,
  ): Promise<Entry | undefined> {
    const unanswered = asking.how === "pack" && !isSilent ? fingerprint : undefined;
    const isNews = isCertain(heard) ? !isSameSong(heard, last) : unanswered !== undefined;
    if (!isNews) return undefined;
    const entry = await keepEntry({ ...draft(source), how: asking.how }, heard, unanswered);
    if (entry.song) this.#watching.onEntry(entry);
    return entry;
  }

  async #round(
    start: (hearing: Hearing, signal: AbortSignal) => Promise<Recorder>,
    asking: Anyone,
    signal: AbortSignal,
  ): Promise<Round> {
    const loudness = new Loudness();
    const gone = new AbortController();
    const both = either(signal, gone.signal);
    let recorder: Recorder | undefined;
    const end = () => void recorder?.stop();
    both.addEventListener("abort", end);
    asking.begin();
    this.#perhaps = null;
    this.#watching.onRound();
    try {
      const hearing: Hearing = {
        onPeaks: (peaks, seconds) => {
          if (!both.aborted) this.#watching.onPeaks(peaks, seconds);
        },
        onLevel: (rms) => {
          const seconds = recorder?.seconds ?? 0;
          loudness.heard(rms, seconds);
          if (both.aborted) return;
          const isQuiet = loudness.isQuiet(seconds);
          this.#watching.onLevel(shown(rms));
          const [perhaps, away] = [this.#perhaps, asking.away];
          this.#watching.onState({ phase: "listening", seconds, isQuiet, perhaps, away });
        },
        onEnded: () => gone.abort(new Problem("ended")),
      };
      recorder = await start(hearing, both);
      both.throwIfAborted();
      return { ...(await this.#answered(recorder, asking, both)), isSilent: loudness.isSilent };
    } finally {
      both.removeEventListener("abort", end);
      await recorder?.stop();
    }
  }

  /** By a connection that stays open, or look by look where there is none. */
  async #answered(recorder: Recorder, asking: Anyone, signal: AbortSignal): Promise<Omit<Round, "isSilent">> {
    const heard = await asking.live(recorder, (unsure) => this.#mayBe(unsure), signal);
    return heard ? { heard, fingerprint: new Uint8Array() } : this.#looks(recorder, asking, signal);
  }

  #mayBe({ status, others }: Heard): void {
    if (status === "unsure") this.#perhaps = others[0] ?? null;
  }

  async #looks(recorder: Recorder, asking: Anyone, signal: AbortSignal): Promise<Omit<Round, "isSilent">> {
    let looked = 0;
    let heard: Heard = { status: "none", others: [] };
    let fingerprint = new Uint8Array();
    for (let at = nextLook(0, recorder.seconds); at !== undefined; at = nextLook(looked, recorder.seconds)) {
      await reached(recorder, at, signal);
      looked = at;
      fingerprint = new Uint8Array((await recorder.snapshot()).fingerprint);
      heard = await this.#look(asking, fingerprint, signal);
      if (isCertain(heard)) break;
      this.#mayBe(heard);
    }
    return { heard, fingerprint };
  }

  async #look(asking: Anyone, fingerprint: Uint8Array, signal: AbortSignal): Promise<Heard> {
    const heard = await within(LOOK_MS, signal, (limited) => asking.look(fingerprint, limited));
    signal.throwIfAborted();
    return heard;
  }
}

/** A recorder of its own, which stops the tracks that it was given; until it is there, `signal` stops them. */
async function record(stream: MediaStream, hearing: Hearing, signal: AbortSignal): Promise<Recorder> {
  const own = stream.clone();
  signal.addEventListener("abort", () => stopped(own), { once: true });
  try {
    signal.throwIfAborted();
    const { Recorder } = await import("@sonica/engine");
    return await Recorder.start(own, await engine(), { ...hearing, longest: LONGEST_S });
  } catch (error) {
    stopped(own);
    throw error;
  }
}

/** Where excerpts of so long a sound begin, seconds. */
export function excerpts(seconds: number): number[] {
  if (seconds <= EXCERPT_S * 1.5) return [0];
  return EXCERPTS.map((part) => Math.min(part * seconds, seconds - EXCERPT_S));
}

/** A screen that goes dark takes the microphone with it; not all browsers can be asked. Gives what ends it. */
function stayAwake(): () => void {
  let held: WakeLockSentinel | undefined;
  const ask = async () => {
    // A page that is hidden loses it.
    if (document.visibilityState === "visible") held = await navigator.wakeLock?.request("screen");
  };
  const again = () => void ask().catch(() => undefined);
  again();
  document.addEventListener("visibilitychange", again);
  return () => {
    document.removeEventListener("visibilitychange", again);
    void held?.release();
  };
}

function stopped(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
