/** A listening over a connection that stays open: the service looks by itself, and says what it is at once. */

import type { Recorder } from "@sonica/engine";
import { Live, LiveLost } from "@sonica/sdk";
import { BASE_URL } from "@/api/sonica";
import { fromLook, fromService, type Heard } from "@/offline/answer";
import { LOOKS } from "./looks";
import { reached } from "./reached";
import { either } from "./signals";

/** Seconds of sound from one frame to the next; all looks lie on this. */
const STEP_S = 0.5;
const END_S = LOOKS[LOOKS.length - 1] ?? 15;

export interface LiveAsking {
  session: string;
  signal: AbortSignal;
  /** What it may be, while it is listened on. */
  onUnsure: (heard: Heard) => void;
}

/** What is heard of a recorder. */
export type Heeded = Pick<Recorder, "seconds" | "frame">;

/** What the service says in the end. Throws LiveLost, SonicaProblem, and what `signal` and the recorder have. */
export async function askLive(recorder: Heeded, { session, signal, onUnsure }: LiveAsking): Promise<Heard> {
  const ends = new AbortController();
  const both = either(signal, ends.signal);
  const frame: Recorder["frame"] = (flags) => recorder.frame(flags);
  const live = new Live({ baseUrl: BASE_URL, session, signal: both, frame });
  const feeding = feed(recorder, live, both).catch((why: unknown) => ends.abort(why));
  try {
    for await (const event of live) {
      if (event.event === "hearing") continue;
      const heard = event.last ? fromService(event.result) : fromLook(event.result);
      if (!heard) break; // whoever answers is not the service
      if (event.last) return heard;
      onUnsure(heard);
    }
    throw new LiveLost(true);
  } finally {
    ends.abort();
    await feeding;
  }
}

/** Has a frame sent for each step, and the last one at the end. Throws Problem (`busy`). */
async function feed(recorder: Pick<Recorder, "seconds">, live: Live, signal: AbortSignal): Promise<void> {
  for (let at = STEP_S; at < END_S; at = (Math.floor(recorder.seconds / STEP_S) + 1) * STEP_S) {
    await reached(recorder, at, signal);
    live.more();
  }
  await reached(recorder, END_S, signal);
  live.finish();
}
