/** What this browser keeps, put together once for the page. The service worker puts together its own. */

import { createQueue, type Queue, SYNC_TAG } from "@/offline/queue";
import { type Changes, createChanges } from "./changes";
import { type Database, openDatabase } from "./database";
import { createHistory, type History } from "./history";

export const BASE = process.env.NEXT_PUBLIC_SONICA_API ?? "";

interface Kept {
  needs: { database: Database; changes: Changes };
  history: History;
  queue: Queue;
}

let kept: Kept | undefined;

/** Pages are exported where there is no browser, so nothing is opened before it is used. */
function all(): Kept {
  if (!kept) {
    const needs = { database: openDatabase(), changes: createChanges() };
    kept = {
      needs,
      history: createHistory(needs),
      queue: createQueue({ ...needs, locks: navigator.locks, requestSync }),
    };
  }
  return kept;
}

/** What else is kept shares the connection. */
export const needs = () => all().needs;
export const history = lazily("history");
export const queue = lazily("queue");

function lazily<Name extends keyof Kept>(name: Name): Kept[Name] {
  return new Proxy({} as Kept[Name], {
    get: (_, property) => all()[name][property as keyof Kept[Name]],
  });
}

/** Sends one that waits; the queue decides what its answer means. */
export function post(fingerprint: Uint8Array<ArrayBuffer>, idempotencyKey: string): Promise<Response> {
  const headers = { "Content-Type": "application/vnd.sonica.fingerprint", "Idempotency-Key": idempotencyKey };
  return fetch(`${BASE}/v1/recognize`, { method: "POST", body: fingerprint, headers, cache: "no-store" });
}

interface Syncing {
  sync?: { register(tag: string): Promise<void> };
}

/** Asks the browser to wake the service worker when there is a network; not all can. */
async function requestSync(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration()) as Syncing | undefined;
  await registration?.sync?.register(SYNC_TAG);
}
