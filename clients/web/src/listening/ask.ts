/**
 * Who is asked what is heard: the service, over a connection that stays open (`live.ts`) or by a request for each
 * look, or the packs on this device.
 */

import { LiveLost, SonicaProblem } from "@sonica/sdk";
import { sonica } from "@/api/sonica";
import { fromPack, fromService, type Heard } from "@/offline/answer";
import { engine } from "./engine";
import { askLive, type Heeded } from "./live";
import { onDevice } from "./packs";
import { Problem } from "./problem";
import { either } from "./signals";

/** One listening: all its looks. */
export interface Asking {
  /** What is heard in a fingerprint. Throws Problem (`quota`, `server`) where nobody answers. */
  look(fingerprint: Uint8Array, signal: AbortSignal): Promise<Heard>;
}

/** By the service, all looks of a listening under one session, so that they count as one against its quota. */
export function askService(session: string): Asking {
  return {
    async look(fingerprint, signal) {
      try {
        const answer = fromService(await sonica().recognizeFingerprint(fingerprint, { session, signal }));
        if (!answer) throw new Problem("server");
        return answer;
      } catch (error) {
        const isOver = signal.aborted && !isTimeout(signal.reason);
        throw isOver || error instanceof Problem ? error : notAnswered(error);
      }
    },
  };
}

/** By the packs of this device; nothing is known where there are none. */
export function askPacks(): Asking {
  return {
    async look(fingerprint) {
      const packs = await onDevice();
      if (packs.length === 0) return { status: "none", others: [] };
      const answer = await (await engine()).recognize(
        packs.map(({ pack }) => pack),
        fingerprint,
      );
      return fromPack(answer, (id) =>
        packs.find(({ songs }) => songs.has(String(id)))?.songs.get(String(id)),
      );
    },
  };
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}

function notAnswered(error: unknown): Problem {
  const isQuota = error instanceof SonicaProblem && error.status === 429;
  return isQuota
    ? new Problem("quota", error.retryAfter ?? 60, { cause: error })
    : new Problem("server", 0, { cause: error });
}

/** Seconds for which a service that did not answer is left alone, where it did not say for how long. */
const REST_S = 8;

/** Milliseconds for which no live connection is tried where none could be opened, though the service answered. */
const BLOCKED_MS = 10 * 60_000;
let blockedUntil = 0;

/**
 * The service while it answers; else, and until it is worth asking again, the packs of this device. For one
 * listening, or for as many as follow one another: `begin` begins the next.
 */
export class Anyone implements Asking {
  #session = crypto.randomUUID();
  readonly #packs = askPacks();
  #restsUntil = 0;
  /** Whether no live connection could be opened: if a request is answered then, something on the way lets none through. */
  #isUnopened = false;
  /** Who answered last. */
  how: "service" | "pack" = "service";
  /** Why the service was not asked, or did not answer; null while it does, and where there is no network. */
  away: Problem | null = null;

  begin(): void {
    this.#session = crypto.randomUUID();
  }

  /**
   * What the service says of what is recorded, while it is recorded; undefined where that cannot be had: then what
   * was heard is to be looked at piece by piece. `onUnsure` is told what it may be.
   */
  async live(
    recorder: Heeded,
    onUnsure: (heard: Heard) => void,
    signal: AbortSignal,
  ): Promise<Heard | undefined> {
    if (!this.#isWorthAsking() || Date.now() < blockedUntil) return undefined;
    const lost = new AbortController();
    const leave = () => lost.abort(new LiveLost(true));
    addEventListener("offline", leave);
    try {
      const both = either(signal, lost.signal);
      const heard = await askLive(recorder, { session: this.#session, signal: both, onUnsure });
      this.#answered();
      return heard;
    } catch (error) {
      // Why the service refuses, a look will tell, and for how long.
      const isLost = error instanceof LiveLost || error instanceof SonicaProblem;
      if (signal.aborted || !isLost) throw error;
      this.#isUnopened = error instanceof LiveLost && !error.wasOpen;
      // It was waited for long enough: now the packs are asked, without waiting for a request, too.
      if (error instanceof LiveLost && error.isSilent) this.#left(new Problem("server", 0, { cause: error }));
      return undefined;
    } finally {
      removeEventListener("offline", leave);
    }
  }

  async look(fingerprint: Uint8Array, signal: AbortSignal): Promise<Heard> {
    if (this.#isWorthAsking()) {
      try {
        const heard = await askService(this.#session).look(fingerprint, signal);
        this.#answered();
        if (this.#isUnopened) blockedUntil = Date.now() + BLOCKED_MS;
        return heard;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        this.#isUnopened = false;
        this.#left(error);
      }
    }
    this.how = "pack";
    return this.#packs.look(fingerprint, signal);
  }

  #isWorthAsking(): boolean {
    return navigator.onLine && Date.now() >= this.#restsUntil;
  }

  #left(why: Problem): void {
    this.away = why;
    this.#restsUntil = Date.now() + 1000 * (why.retryAfter || REST_S);
  }

  #answered(): void {
    this.how = "service";
    this.away = null;
  }
}
