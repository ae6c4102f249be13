/** The songs in a long recording, line by line, as the service finds them. */

import type { ScanEnd, ScanProgress, ScanSong } from "./generated";
import type { Client } from "./generated/client";
import { problemOf, problemTold } from "./problem";

/** How far it is, a song, or the end, which is the last. */
export type ScanEvent = ScanProgress | ScanSong | ScanEnd;

/** Longest line; one of a song has a tenth of it. */
const MOST_CHARACTERS = 64 << 10;

/** A scan that was broken off before its end, by the network or by the service. */
export class ScanLost extends Error {
  override readonly name = "ScanLost";
}

/** Throws SonicaProblem, ScanLost, and what `fetch` throws. Whoever stops reading, or aborts, ends the scan. */
export async function* scanFingerprint(
  client: Client,
  bytes: Uint8Array,
  signal?: AbortSignal,
): AsyncGenerator<ScanEvent, void, undefined> {
  const { baseUrl = "", fetch: ask = globalThis.fetch } = client.getConfig();
  const response = await ask(`${baseUrl}/v1/scan`, {
    method: "POST",
    headers: { "Content-Type": "application/vnd.sonica.fingerprint" },
    body: bytes as BodyInit,
    ...(signal && { signal }),
  });
  if (!response.ok) throw problemOf(response, await response.json().catch(() => undefined));
  for await (const line of linesOf(response)) {
    const said = told(line);
    yield said;
    if (said.event === "end") return;
  }
  throw new ScanLost("the answer broke off");
}

async function* linesOf(response: Response): AsyncGenerator<string, void, undefined> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new ScanLost("the answer has no body");
  try {
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
      if (rest.length > MOST_CHARACTERS) throw new ScanLost("the answer is no lines of the service");
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the connection ends, and with it the work
  }
}

function told(line: string): ScanEvent {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch (cause) {
    throw new ScanLost("the answer is no lines of the service", { cause });
  }
  if (typeof said !== "object" || said === null || !("event" in said)) {
    throw new ScanLost("the answer is no lines of the service");
  }
  if (said.event === "problem" && "problem" in said) {
    const problem = problemTold(said.problem, "retry_after" in said ? said.retry_after : null);
    throw problem ?? new ScanLost("the service broke it off");
  }
  return said as ScanEvent;
}
