/** What was heard, in the history. */

import type { Entry, Source } from "@/keep/history";
import { offline } from "@/keep/kept";
import type { Heard } from "@/offline/answer";
import { isCertain } from "./looks";

export type Draft = Pick<Entry, "id" | "heardAt" | "source">;

export function draft(source: Source): Draft {
  return { id: crypto.randomUUID(), heardAt: Date.now(), source };
}

/** Whether it is the song of an entry, or one of those that share what was heard. */
export function isSameSong({ song }: Heard, entry: Entry | undefined): boolean {
  const known = entry?.song ? [entry.song, ...(entry.status === "ambiguous" ? entry.others : [])] : [];
  return song !== undefined && known.some(({ songId }) => songId === song.songId);
}

/**
 * Keeps what was heard. Where nobody could name it and the service was not asked, its fingerprint is kept, too, to
 * be asked for later: `unanswered`. An answer is shown also where the browser keeps nothing.
 */
export async function keepEntry(
  about: Draft & { how: "service" | "pack"; fileName?: string },
  heard: Heard,
  unanswered: Uint8Array | undefined,
): Promise<Entry> {
  const { history, queue } = offline();
  const answered: Entry = { ...about, ...heard };
  if (unanswered === undefined || isCertain(heard)) {
    await history.add(answered).catch(() => undefined);
    return answered;
  }
  const waiting: Entry = { ...about, how: "queue", status: "waiting", others: [] };
  return queue.enqueue(unanswered, waiting).then(
    () => waiting,
    () => answered,
  );
}
