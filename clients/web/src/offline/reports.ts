/** What listeners say of answers ("Wrong song?"), kept until the service has heard it. */

import type { Changes } from "../keep/changes.ts";
import type { Database, Report } from "../keep/database.ts";
import { problemOf } from "./http.ts";

/** Posts one; rejects where no answer came. */
export type Tell = (report: Report) => Promise<Response>;

export interface Reports {
  /** Keeps it; it is sent with what else waits. */
  add(report: Report): Promise<void>;
  /** Sends what waits, and gives how many still do. More than one at once does no harm: the service takes the last. */
  deliver(tell: Tell): Promise<number>;
}

export function createReports(needs: {
  database: Database;
  changes: Changes;
  requestSync?: () => Promise<void>;
}): Reports {
  const { database, changes, requestSync } = needs;
  return {
    async add(report) {
      await database.use((connection) => connection.put("reports", report));
      changes.announce("queue");
      requestSync?.().catch(() => undefined);
    },
    async deliver(tell) {
      for (const report of await database.use((connection) => connection.getAll("reports"))) {
        if (!(await isSettled(tell, report))) break; // the next would fare no better
        await database.use((connection) => connection.delete("reports", report.entryId));
      }
      return database.use((connection) => connection.count("reports"));
    },
  };
}

/** Whether it was heard, or never will be: the service forgets what it answered. */
async function isSettled(tell: Tell, report: Report): Promise<boolean> {
  const response = await tell(report).catch(() => undefined);
  if (!response || response.ok) return response !== undefined;
  const isBusy = response.status >= 500 || response.status === 408 || response.status === 429;
  // Networks that ask for a login refuse in their own words.
  return !isBusy && (await problemOf(response)) !== undefined;
}
