import type { Entry } from "@/keep/history";

/** What is said of an answer: a text of `answer.*`. */
export function saidOf(entry: Entry, isSilent = false): Entry["status"] | "silence" | "refused" {
  if (isSilent) return "silence";
  return entry.failure ? "refused" : entry.status;
}
