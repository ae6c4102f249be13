/** "Wrong song?": what a listener says of an answer. */

import { SonicaProblem } from "@sonica/sdk";
import { sonica } from "@/api/sonica";
import type { Entry } from "@/keep/history";
import { offline } from "@/keep/kept";

/** Tells the service where it answered, now or when there is a network, and keeps it here in any case. */
export async function report(entry: Entry): Promise<"wrongSent" | "wrongKept" | "wrongLater"> {
  const { history, reports } = offline();
  await history.update(entry.id, { wrong: true });
  const { id, recognitionId, feedbackToken } = entry;
  if (!recognitionId || !feedbackToken) return "wrongKept";
  try {
    await sonica().feedback({ id: recognitionId, feedback_token: feedbackToken }, { isRight: false });
    return "wrongSent";
  } catch (error) {
    // What it refuses now it refuses later.
    if (error instanceof SonicaProblem && error.status < 500 && error.status !== 429) return "wrongKept";
    await reports.add({ entryId: id, recognitionId, token: feedbackToken });
    return "wrongLater";
  }
}
