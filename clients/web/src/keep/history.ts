import type { Changes } from "./changes.ts";
import type { Database } from "./database.ts";

export type Source = "microphone" | "file" | "tab" | "share";

export interface Named {
  songId: string;
  recordingId: string;
  title: string;
  artist: string;
  language: string;
  offset_s: number;
  speed: number;
  pitch: number;
  confidence: number;
}

export interface Entry {
  /** A UUID. */
  id: string;
  /** Milliseconds since 1970. */
  heardAt: number;
  source: Source;
  how: "service" | "pack" | "queue";
  status: "match" | "ambiguous" | "unsure" | "none" | "waiting";
  song?: Named;
  others: Named[];
  fileName?: string;
  recognitionId?: string;
  feedbackToken?: string;
  wrong?: boolean;
  /** Why the service will never answer, as its problems are called (`bad-fingerprint`); `status` is `none` then. */
  failure?: string;
}

export interface History {
  add(entry: Entry): Promise<void>;
  /** Gives the entry as it is then; undefined, and nothing is kept, where it was removed meanwhile. */
  update(id: string, changes: Partial<Omit<Entry, "id">>): Promise<Entry | undefined>;
  get(id: string): Promise<Entry | undefined>;
  /** The newest first; `before`: the last one that is known already. */
  list(options?: { limit?: number; before?: Pick<Entry, "heardAt" | "id"> }): Promise<Entry[]>;
  /** What waits to be sent for it is not sent. */
  remove(id: string): Promise<void>;
  /** What waits to be sent is not sent. */
  clear(): Promise<void>;
  subscribe(listener: () => void): () => void;
}

export interface HistoryNeeds {
  database: Database;
  changes: Changes;
}

export function createHistory({ database, changes }: HistoryNeeds): History {
  return {
    async add(entry) {
      await database.use((connection) => connection.put("history", entry));
      changes.announce("history");
    },

    async update(id, changed) {
      const now = await database.use(async (connection) => {
        const transaction = connection.transaction("history", "readwrite");
        const kept = await transaction.store.get(id);
        const entry = kept && { ...kept, ...changed, id };
        if (entry) await transaction.store.put(entry);
        await transaction.done;
        return entry;
      });
      if (now) changes.announce("history");
      return now;
    },

    get: (id) => database.use((connection) => connection.get("history", id)),

    list: ({ limit = Number.POSITIVE_INFINITY, before } = {}) =>
      database.use(async (connection) => {
        const range = before && IDBKeyRange.upperBound([before.heardAt, before.id], true);
        const index = connection.transaction("history").store.index("heard");
        const found: Entry[] = [];
        let cursor = limit > 0 ? await index.openCursor(range, "prev") : null;
        while (cursor) {
          found.push(cursor.value);
          cursor = found.length < limit ? await cursor.continue() : null;
        }
        return found;
      }),

    async remove(id) {
      await database.use(async (connection) => {
        const transaction = connection.transaction(["history", "queue", "reports"], "readwrite");
        const queue = transaction.objectStore("queue");
        const waiting = await queue.index("entry").getAllKeys(id);
        await Promise.all([
          ...waiting.map((seq) => queue.delete(seq)),
          transaction.objectStore("history").delete(id),
          transaction.objectStore("reports").delete(id),
          transaction.done,
        ]);
      });
      changes.announce("history", "queue");
    },

    async clear() {
      await database.use(async (connection) => {
        const transaction = connection.transaction(["history", "queue", "reports"], "readwrite");
        await Promise.all([
          transaction.objectStore("queue").clear(),
          transaction.objectStore("reports").clear(),
          transaction.objectStore("history").clear(),
          transaction.done,
        ]);
      });
      changes.announce("history", "queue");
    },

    subscribe: (listener) => changes.subscribe("history", listener),
  };
}
