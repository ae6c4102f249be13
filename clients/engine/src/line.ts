import { EngineError } from "./error.ts";
import type { Asked, Given, Operation, Reply, Report, Request } from "./protocol.ts";
import type { Peak } from "./types.ts";

interface Waiting {
  resolve(value: unknown): void;
  reject(why: EngineError): void;
}

/** The line to the worker: calls and their answers, and the reports of what is heard. */
export class Line {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<number, (report: Report) => void>();
  #last = 0;
  #broken: EngineError | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#take(data);
    worker.onerror = (event) => {
      // Without a message it is the script that could not be had.
      const why = event.message
        ? new EngineError("unknown", `the engine's worker failed: ${event.message}`)
        : new EngineError("assets", "the engine's worker.js could not be loaded");
      event.preventDefault();
      this.end(why);
    };
    worker.onmessageerror = () => this.end(new EngineError("unknown", "a message of the worker was lost"));
  }

  /** A number for an object that the worker is to hold. */
  name(): number {
    this.#last += 1;
    return this.#last;
  }

  /** Asks, and waits for the answer. */
  call<K extends Operation>(op: K, asked: Asked<K>, transfer: Transferable[] = []): Promise<Given<K>> {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.name();
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ op, asked, id } as Request, transfer);
      this.#waiting.set(id, { resolve: (value) => resolve(value as Given<K>), reject });
    });
  }

  /** Tells; that it failed is told by the next call for the same object. */
  tell<K extends Operation>(op: K, asked: Asked<K>, transfer: Transferable[] = []): void {
    if (!this.#broken) this.#worker.postMessage({ op, asked } as Request, transfer);
  }

  /** Hands on the reports about an object; without `listener`, no more. */
  hear(on: number, listener?: (report: Report) => void): void {
    if (listener) this.#listeners.set(on, listener);
    else this.#listeners.delete(on);
  }

  /** Ends the worker; whoever still waits, or asks later, is told why. */
  end(why: EngineError): void {
    if (this.#broken) return;
    this.#broken = why;
    this.#worker.terminate();
    for (const waiting of this.#waiting.values()) waiting.reject(why);
    this.#waiting.clear();
    this.#listeners.clear();
  }

  #take(reply: Reply): void {
    if ("report" in reply) {
      this.#listeners.get(reply.on)?.(reply.report);
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("failure" in reply) waiting?.reject(new EngineError(reply.failure.code, reply.failure.message));
    else waiting?.resolve(reply.value);
  }
}

/** Bytes or samples that may be given away whole: a part of something larger is copied first. */
export function alone<T extends Float32Array | Uint8Array>(view: T): { view: T; transfer: Transferable[] } {
  const whole = view.buffer instanceof ArrayBuffer && view.byteLength === view.buffer.byteLength;
  const own = whole ? view : (view.slice() as T);
  return { view: own, transfer: [own.buffer as ArrayBuffer] };
}

/** Peaks as they cross the border, as objects. */
export function peaksOf(triples: Float32Array): Peak[] {
  const peaks: Peak[] = [];
  for (let i = 0; i + 2 < triples.length; i += 3) {
    const [time = 0, frequency = 0, strength = 0] = triples.subarray(i, i + 3);
    peaks.push({ time, frequency, strength });
  }
  return peaks;
}
