import { type Changes, createChanges } from "../keep/changes.ts";
import { type Database, openDatabase } from "../keep/database.ts";
import { createHistory, type History } from "../keep/history.ts";
import { createQueue, type Delivered, type Queue, SYNC_TAG } from "./queue.ts";
import { createReports, type Reports } from "./reports.ts";
import { recognizeBy, tellBy } from "./service.ts";

/**
 * What is kept in the browser, put together for a page or the service worker. One is enough for each. Packs are
 * apart (`mine.ts`): the page that listens comes without.
 */
export interface Offline {
  database: Database;
  changes: Changes;
  history: History;
  queue: Queue;
  reports: Reports;
  /** Posts what waits, with the browser's fetch and clock. */
  deliver(): Promise<Delivered>;
  close(): void;
}

interface Sync {
  register(tag: string): Promise<void>;
}

/** `registration`: the worker's own; a page's is looked up. `base`: where the service is. */
export function openOffline({
  registration,
  base = "",
}: {
  registration?: object;
  base?: string;
} = {}): Offline {
  const database = openDatabase();
  const changes = createChanges();
  const { locks } = navigator;
  const history = createHistory({ database, changes });

  async function requestSync(): Promise<void> {
    // Not `ready`, which never comes where there is no worker.
    // What waits is to outlast a full disk.
    void navigator.storage?.persist?.().catch(() => undefined);
    const own = registration ?? (await navigator.serviceWorker?.getRegistration());
    if (own && "sync" in own) await (own.sync as Sync).register(SYNC_TAG);
  }

  const queue = createQueue({ database, changes, locks, requestSync });
  const fetcher: typeof fetch = (...request) => fetch(...request);
  const recognize = recognizeBy(fetcher, base);
  const reports = createReports({ database, changes, requestSync, tell: tellBy(fetcher, base) });

  async function deliver(): Promise<Delivered> {
    const delivered = await queue.deliver({ recognize, now: Date.now });
    const left = await reports.deliver();
    return { ...delivered, left: delivered.left + left };
  }

  return {
    database,
    changes,
    history,
    queue,
    reports,
    deliver,
    close() {
      changes.close();
      database.close();
    },
  };
}
