/** "Wrong song?": what a listener says of an answer. */

import type { Entry } from "@/keep/history";
import { offline } from "@/keep/kept";

/** Tells the service where it answered, now or when there is a network, and keeps it here in any case. */
export async function report(entry: Entry): Promise<"wrongSent" | "wrongKept" | "wrongLater"> {
  const { history, reports } = offline();
  const { id, recognitionId, feedbackToken } = entry;
  if (!recognitionId || !feedbackToken) {
    await history.update(id, { wrong: true });
    return "wrongKept";
  }
  const said = { entryId: id, recognitionId, token: feedbackToken };
  // Kept first, so that it is not lost with the page; told also where the browser keeps nothing.
  await reports.add(said).catch(() => undefined);
  const told = await reports.send(said);
  return ({ heard: "wrongSent", refused: "wrongKept", later: "wrongLater" } as const)[told];
}
