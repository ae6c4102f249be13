/**
 * Who is asked what a fingerprint is: the service, or the packs on this device.
 *
 * Each look at a listening is a whole fingerprint so far, by a request of its own. `Asking` is the seam: one
 * that keeps a connection open and sends only what is new can take its place.
 */

import { SonicaProblem } from "@sonica/sdk";
import { sonica } from "@/api/sonica";
import { fromPack, fromService, type Heard } from "@/offline/answer";
import { engine } from "./engine";
import { onDevice } from "./packs";
import { Problem } from "./problem";

/** One listening: all its looks. */
export interface Asking {
  /** What is heard in a fingerprint. Throws Problem (`quota`, `server`) where nobody answers. */
  look(fingerprint: Uint8Array, signal: AbortSignal): Promise<Heard>;
}

/** By the service, each look under one session, so that they count as one against its quota. */
export function askService(): Asking {
  const session = crypto.randomUUID();
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

/**
 * The service while it answers; else, and until it is worth asking again, the packs of this device. For one
 * listening, or for as many as follow one another: `begin` begins the next.
 */
export class Anyone implements Asking {
  #service = askService();
  readonly #packs = askPacks();
  #restsUntil = 0;
  /** Who answered last. */
  how: "service" | "pack" = "service";
  /** Why the service was not asked, or did not answer; null while it does, and where there is no network. */
  away: Problem | null = null;

  begin(): void {
    this.#service = askService();
  }

  async look(fingerprint: Uint8Array, signal: AbortSignal): Promise<Heard> {
    if (navigator.onLine && Date.now() >= this.#restsUntil) {
      try {
        const heard = await this.#service.look(fingerprint, signal);
        this.how = "service";
        this.away = null;
        return heard;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        this.away = error;
        this.#restsUntil = Date.now() + 1000 * (error.retryAfter || REST_S);
      }
    }
    this.how = "pack";
    return this.#packs.look(fingerprint, signal);
  }
}
