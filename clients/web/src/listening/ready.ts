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

/** What tells a browser that the page is used: some, like Chrome, may let it hear nothing before. */
const TOUCHES = ["pointerdown", "keydown"] as const;

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
  /** Ends what is open: there as soon as the microphone is, long before anything is kept of it. */
  #stop: (() => void) | undefined;
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
    if (this.#isOpening) return;
    this.#isOpening = true;
    try {
      if (!(await isAllowed())) return;
      // Before the microphone, so that it is not open while they come.
      const [{ Recorder }, ears] = await Promise.all([import("@sonica/engine"), engine()]);
      // It may be let go and wanted again meanwhile.
      while (this.#isWanted && !this.#kept) {
        await this.#keep((own, options) => Recorder.start(own, ears, options));
      }
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

  /** Hands over what is kept; undefined where nothing is: then what was only opened so far is let go. */
  take(): Kept | undefined {
    this.#isWanted = false;
    const kept = this.#kept;
    if (!kept) this.#stop?.();
    else this.#isGone();
    return kept;
  }

  #isGone(): void {
    this.#kept = undefined;
    this.#stop = undefined;
    this.#onOpen(false);
  }

  /** Keeps nothing where it was let go meanwhile. */
  async #keep(start: (own: MediaStream, options: RecorderOptions) => Promise<Recorder>): Promise<void> {
    const stream = await microphone();
    if (!this.#isWanted) return stopped(stream);
    const own = stream.clone();
    let hearing: Hearing | undefined;
    let recorder: Recorder | undefined;
    const wake = () => recorder?.wake();
    const stop = () => {
      for (const touch of TOUCHES) removeEventListener(touch, wake);
      stopped(stream);
      stopped(own);
      if (this.#stop === stop) this.#isGone();
    };
    this.#stop = stop;
    this.#onOpen(true);
    try {
      recorder = await start(own, {
        before: BEFORE_S,
        longest: LONGEST_S,
        onPeaks: (peaks, seconds) => hearing?.onPeaks(peaks, seconds),
        onLevel: (rms) => hearing?.onLevel(rms),
        onEnded: () => (hearing ? hearing.onEnded() : this.close()),
      });
    } catch (error) {
      if (this.#stop !== stop) return;
      stop();
      throw error;
    }
    if (this.#stop !== stop) {
      void recorder.stop();
      return;
    }
    for (const touch of TOUCHES) addEventListener(touch, wake, { once: true });
    const heard = recorder;
    this.#kept = {
      stream,
      begin: async (by) => {
        hearing = by;
        await heard.begin();
        return heard;
      },
      stop: () => {
        stop();
        void heard.stop();
      },
    };
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

function stopped(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
