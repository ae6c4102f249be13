/**
 * A microphone that is open before the press, where the listener allows it: the last seconds are in the memory of the
 * engine's worker, are overwritten all the time, and are heard first once the button is pressed.
 */

import type { Recorder, RecorderOptions } from "@sonica/engine";
import { engine } from "./engine";
import { LONGEST_S } from "./looks";
import { microphone } from "./sources";

/** Seconds that are kept. */
export const BEFORE_S = 3;

export type Hearing = Required<Pick<RecorderOptions, "onPeaks" | "onLevel" | "onEnded">>;

/** What is open: whoever takes it stops both. */
export interface Kept {
  stream: MediaStream;
  /** Begins to hear, from what was kept on. */
  begin(hearing: Hearing): Promise<Recorder>;
  stop(): void;
}

export class Ready {
  readonly #onOpen: (isOpen: boolean) => void;
  #kept: Kept | undefined;
  #isOpening = false;
  /** Whether it is still wanted: else what was opened meanwhile is let go at once. */
  #isWanted = false;

  /** `onOpen` is told whether the microphone is open. */
  constructor(onOpen: (isOpen: boolean) => void) {
    this.#onOpen = onOpen;
  }

  /** Opens the microphone, if nobody has to be asked for it any more. */
  async open(): Promise<void> {
    this.#isWanted = true;
    if (this.#kept || this.#isOpening) return;
    this.#isOpening = true;
    try {
      if (!(await isAllowed()) || !this.#isWanted) return;
      const kept = await keep(() => this.close());
      if (this.#isWanted) {
        this.#kept = kept;
        this.#onOpen(true);
      } else kept.stop();
    } catch {
      // The press will say what is wrong.
    } finally {
      this.#isOpening = false;
    }
  }

  /** Lets the microphone go, and forgets what was kept. */
  close(): void {
    this.take()?.stop();
  }

  /** Hands over what is open; undefined where nothing is. */
  take(): Kept | undefined {
    this.#isWanted = false;
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept) this.#onOpen(false);
    return kept;
  }
}

async function isAllowed(): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: "microphone" as PermissionName });
    return state === "granted";
  } catch {
    return false; // a browser that cannot tell might ask
  }
}

async function keep(onEnded: () => void): Promise<Kept> {
  const stream = await microphone();
  const own = stream.clone();
  let hearing: Hearing | undefined;
  const stop = () => {
    for (const track of [...stream.getTracks(), ...own.getTracks()]) track.stop();
  };
  try {
    const { Recorder } = await import("@sonica/engine");
    const recorder = await Recorder.start(own, await engine(), {
      before: BEFORE_S,
      longest: LONGEST_S,
      onPeaks: (peaks, seconds) => hearing?.onPeaks(peaks, seconds),
      onLevel: (rms) => hearing?.onLevel(rms),
      onEnded: () => (hearing?.onEnded ?? onEnded)(),
    });
    return {
      stream,
      begin: async (by) => {
        hearing = by;
        await recorder.begin();
        return recorder;
      },
      stop: () => {
        stop();
        void recorder.stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}
