/** A listening over a connection that stays open: frames go out, and what they are comes back (docs/live.md). */

import type { Recognized } from "./generated";
import { problemTold } from "./problem";

/** An answer while it is listened on: there is nothing yet to say whether it is right. */
export type Perhaps = Omit<Recognized, "id" | "feedback_token">;

/** What the service says. `heard_s`: length of the sound that it says it of; `last`: the end. */
export type LiveEvent =
  | { event: "hearing"; heard_s: number; looked_s: number }
  | { event: "unsure"; heard_s: number; last: false; result: Perhaps }
  | { event: "match" | "unsure" | "none"; heard_s: number; last: true; result: Recognized };

/** `key`: a frame that stands alone. `last`: the sound has ended. */
export interface FrameFlags {
  key: boolean;
  last: boolean;
}

export interface LiveOptions {
  /** As of `createSonica`. */
  baseUrl: string;
  /** Makes the frame of all that was heard so far; it is asked for the next only when this one was sent. */
  frame: (flags: FrameFlags) => Promise<Uint8Array>;
  /** As of `recognizeFingerprint`; who asks on by that says the same. */
  session?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds until a connection that says nothing counts as gone; after the last frame only `limitMs` counts. */
  patienceMs?: number;
  /** Milliseconds without anything new, over all connections, after which it is given up. The last look takes longest. */
  limitMs?: number;
  /** Milliseconds before each further connection of a listening, on average; after the last it is given up. */
  pausesMs?: readonly number[];
}

/** The connection could not be opened, or is gone for good. Each look may still be asked for by itself. */
export class LiveLost extends Error {
  override readonly name = "LiveLost";

  /**
   * `wasOpen`: whether it ever came about; where it did not, something on the way may let none through. `isSilent`:
   * it was waited for as long as `limitMs`, so that asking in another way would most likely be waiting on.
   */
  constructor(
    readonly wasOpen: boolean,
    readonly isSilent = false,
  ) {
    super(wasOpen ? "the connection to the service was lost" : "no connection to the service can be opened");
  }
}

/** Codes of closing (RFC 6455, section 7.4.1) after which the same would come again. */
const FINAL = new Set([1000, 1003, 1007, 1008, 1009, 1010, 1011, 1013]);
/** Frames that may be under way: more are left out, and the next one holds what they would have. */
const MOST_UNANSWERED = 4;
/** So many frames in a row that the service cannot use are a fault that another does not mend. */
const MOST_RESENDS = 5;
/** Milliseconds until it is looked again whether the network has taken a frame: no event tells. */
const DRAIN_MS = 50;
const OPEN = 1;

/**
 * One listening. It connects at once; who has it iterates over what is said, and calls `more` when more was heard.
 *
 * Iterating ends with the event that is the last, or throws: SonicaProblem where the service refuses, LiveLost, what
 * `frame` throws, or the reason of `signal`. Leaving the loop closes the connection.
 */
export class Live implements AsyncIterable<LiveEvent> {
  readonly #options: LiveOptions;
  readonly #pauses: number[];
  #socket: WebSocket | undefined;
  #wasOpen = false;
  /** Of each frame of this connection that nothing was said of yet: whether it is a key frame. */
  #unanswered: boolean[] = [];
  #resends = 0;
  #isWanted = false;
  #needsKey = true;
  #isMaking = false;
  #isFinished = false;
  /** Whether the last frame is sent: then nothing more is, unless it is asked for. */
  #isSent = false;
  /** Of how many seconds something was said. */
  #heardS = 0;
  #told: LiveEvent[] = [];
  #wake: (() => void) | undefined;
  #end: { why?: unknown } | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  /** Runs, whichever connection there is, from when something is due until there is news. */
  #limit: ReturnType<typeof setTimeout> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#pauses = [...(options.pausesMs ?? [250, 500, 1_000, 2_000, 2_000])];
    options.signal?.addEventListener("abort", this.#aborted);
    if (options.signal?.aborted) this.#aborted();
    else this.#connect();
  }

  /** More was heard. Nothing waits in a line: where no frame can go now, a later one holds it all. */
  more(): void {
    this.#isWanted = true;
    this.#pump();
  }

  /** The sound has ended: the frame that follows is the last. */
  finish(): void {
    this.#isFinished = true;
    this.more();
  }

  /** Ends it, whatever is under way. May be called twice. */
  close(): void {
    this.#over({});
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LiveEvent, void, undefined> {
    try {
      for (;;) {
        const event = this.#told.shift();
        if (event) yield event;
        else if (this.#end && "why" in this.#end) throw this.#end.why;
        else if (this.#end) return;
        else
          await new Promise<void>((wake) => {
            this.#wake = wake;
          });
      }
    } finally {
      this.close();
    }
  }

  readonly #aborted = (): void => this.#over({ why: this.#options.signal?.reason });

  #connect(): void {
    let socket: WebSocket;
    try {
      socket = new WebSocket(addressOf(this.#options));
    } catch {
      this.#over({ why: this.#failure() }); // a policy of the page forbids it
      return;
    }
    this.#socket = socket;
    this.#unanswered = [];
    this.#needsKey = true;
    this.#isWanted ||= this.#isSent || this.#wasOpen;
    this.#isSent = false;
    socket.onopen = () => {
      if (socket !== this.#socket) return;
      if (!this.#wasOpen) this.#renewed();
      this.#wasOpen = true;
      this.#watch();
      this.#pump();
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#take(data);
    };
    socket.onclose = ({ code }) => {
      if (socket === this.#socket) this.#lost(FINAL.has(code));
    };
    this.#watch();
  }

  /** Sends a frame, if one is wanted and can go. */
  #pump(): void {
    const socket = this.#socket;
    if (!this.#isWanted || this.#isMaking || this.#isSent || socket?.readyState !== OPEN) return;
    if (this.#unanswered.length >= MOST_UNANSWERED) return; // each answer comes here again
    if (socket.bufferedAmount === 0) void this.#send(socket);
    else {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#pump(), DRAIN_MS);
    }
  }

  async #send(socket: WebSocket): Promise<void> {
    const flags = { key: this.#needsKey, last: this.#isFinished };
    this.#isMaking = true;
    this.#isWanted = false;
    try {
      const frame = await this.#options.frame(flags);
      // On a connection that came meanwhile, a key frame is due.
      if (socket !== this.#socket || socket.readyState !== OPEN) this.#isWanted = true;
      else {
        socket.send(frame as Uint8Array<ArrayBuffer>);
        this.#unanswered.push(flags.key);
        if (flags.key) this.#needsKey = false;
        this.#isSent = flags.last;
        this.#watch();
      }
    } catch (why) {
      this.#over({ why });
    }
    this.#isMaking = false;
    this.#pump();
  }

  #take(data: unknown): void {
    const said = read(data);
    if (said?.event === "problem") {
      this.#over({ why: problemTold(said.problem, said.retry_after) ?? this.#failure() });
    }
    if (said?.event === "hearing" || said?.event === "resend") this.#answered(said.event === "hearing");
    if (isTold(said)) {
      // What is told again after each connection that broke is no news.
      const isAllTaken = said.event === "hearing" && this.#unanswered.length === 0 && !this.#isSent;
      if (isAllTaken || said.heard_s > this.#heardS) this.#renewed();
      this.#heardS = Math.max(this.#heardS, said.heard_s);
      this.#told.push(said);
      if (said.event !== "hearing" && said.last) this.#over({});
      this.#wake?.();
    }
    if (this.#end) return;
    this.#watch();
    this.#pump();
  }

  #answered(isTaken: boolean): void {
    this.#unanswered.shift();
    this.#resends = isTaken ? 0 : this.#resends + 1;
    if (this.#resends > MOST_RESENDS) this.#over({ why: this.#failure() });
    // What was sent before a key frame is refused too, and that key frame mends all of it.
    if (isTaken || this.#unanswered.includes(true)) return;
    this.#needsKey = true;
    this.#isWanted = true;
    this.#isSent = false;
  }

  /** Ends a connection that says nothing while something is due. */
  #watch(): void {
    clearTimeout(this.#watchdog);
    const socket = this.#socket;
    const isDue = socket?.readyState !== OPEN || this.#unanswered.length > 0 || this.#isSent;
    if (this.#end || !isDue) return;
    this.#limit ??= setTimeout(() => {
      this.#over({ why: new LiveLost(this.#wasOpen, true) });
    }, this.#options.limitMs ?? 8_000);
    if (this.#isSent && socket?.readyState === OPEN) return;
    this.#watchdog = setTimeout(() => {
      this.#lost(false);
      socket?.close();
    }, this.#options.patienceMs ?? 4_000);
  }

  #renewed(): void {
    clearTimeout(this.#limit);
    this.#limit = undefined;
  }

  #lost(isFinal: boolean): void {
    this.#socket = undefined;
    clearTimeout(this.#watchdog);
    clearTimeout(this.#timer);
    const pause = this.#pauses.shift();
    // One that never came about is not tried again: to ask for each look is the better way then.
    if (isFinal || !this.#wasOpen || pause === undefined) this.#over({ why: this.#failure() });
    // Not all at once, when a service comes back to many.
    else this.#timer = setTimeout(() => this.#connect(), pause * (0.5 + Math.random()));
  }

  #failure(): LiveLost {
    return new LiveLost(this.#wasOpen);
  }

  #over(end: { why?: unknown }): void {
    if (this.#end) return;
    this.#end = end;
    this.#renewed();
    clearTimeout(this.#watchdog);
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#aborted);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
    this.#wake?.();
  }
}

function addressOf({ baseUrl, session }: LiveOptions): string {
  const url = new URL(`${baseUrl.replace(/\/+$/, "")}/v1/listen`, globalThis.location?.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (session !== undefined) url.searchParams.set("session", session);
  return url.href;
}

type Said = { event: string; [name: string]: unknown };

/** What is said; undefined where it is no object of ours, which a proxy may send. */
function read(data: unknown): Said | undefined {
  try {
    const said: unknown = JSON.parse(String(data));
    return typeof said === "object" && said !== null && "event" in said ? (said as Said) : undefined;
  } catch {
    return undefined;
  }
}

/** Events that are not known yet are passed over. */
function isTold(said: unknown): said is LiveEvent {
  if (typeof said !== "object" || said === null || !("event" in said)) return false;
  const { event } = said;
  if (!("heard_s" in said) || typeof said.heard_s !== "number") return false;
  return event === "hearing" || (["match", "unsure", "none"].includes(String(event)) && "result" in said);
}
