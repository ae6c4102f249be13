/** "Wrong song?": what a listener says of an answer. */

import { sonica } from "@/api/sonica";
import type { Entry } from "@/keep/history";
import { offline } from "@/keep/kept";

/** Tells the service where it answered, and keeps it here in any case. */
export async function report(entry: Entry): Promise<"wrongSent" | "wrongKept"> {
  await offline().history.update(entry.id, { wrong: true });
  const { recognitionId, feedbackToken } = entry;
  if (!recognitionId || !feedbackToken) return "wrongKept";
  try {
    await sonica().feedback({ id: recognitionId, feedback_token: feedbackToken }, { isRight: false });
    return "wrongSent";
  } catch {
    return "wrongKept";
  }
}
