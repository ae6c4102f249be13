/** What listeners say of answers ("Wrong song?"), kept until the service has heard it. */

import type { Changes } from "../keep/changes.ts";
import type { Database, Report } from "../keep/database.ts";
import { problemOf } from "./http.ts";

/** Posts one; rejects where no answer came. */
export type Tell = (report: Report) => Promise<Response>;

/** `refused`: the service will never take it, since it forgets what it answered. */
export type Told = "heard" | "refused" | "later";

export interface Reports {
  /** Marks the entry as wrong and keeps the report, both or neither; neither where the entry was removed. */
  add(report: Report): Promise<void>;
  /** Sends one, and keeps it no longer once it was heard or refused. */
  send(report: Report): Promise<Told>;
  /** Sends what waits, and gives how many still do. More than one at once: the service holds what is said last. */
  deliver(): Promise<number>;
}

export function createReports(needs: {
  database: Database;
  changes: Changes;
  tell: Tell;
  requestSync?: () => Promise<void>;
}): Reports {
  const { database, changes, tell, requestSync } = needs;

  async function send(report: Report): Promise<Told> {
    const told = await tell(report).then(toldBy, () => "later" as const);
    if (told !== "later") await database.use((connection) => connection.delete("reports", report.entryId));
    return told;
  }

  return {
    async add(report) {
      await database.use(async (connection) => {
        const transaction = connection.transaction(["history", "reports"], "readwrite");
        const history = transaction.objectStore("history");
        const entry = await history.get(report.entryId);
        if (entry) {
          await history.put({ ...entry, wrong: true });
          await transaction.objectStore("reports").put(report);
        }
        await transaction.done;
      });
      changes.announce("history", "queue");
      requestSync?.().catch(() => undefined);
    },
    send,
    async deliver() {
      // One that the service fails over does not hold up the others.
      for (const report of await database.use((connection) => connection.getAll("reports")))
        await send(report);
      return database.use((connection) => connection.count("reports"));
    },
  };
}

async function toldBy(response: Response): Promise<Told> {
  if (response.ok) return "heard";
  if (response.status >= 500 || response.status === 408 || response.status === 429) return "later";
  // Networks that ask for a login refuse in their own words.
  return (await problemOf(response)) ? "refused" : "later";
}
