/** What this browser keeps, put together once for the page. The service worker puts together its own. */

import { createPacks, type Packs } from "@/offline/packs";
import { createQueue, type Queue, SYNC_TAG } from "@/offline/queue";
import { createChanges } from "./changes";
import { openDatabase } from "./database";
import { createHistory, type History } from "./history";

const BASE = process.env.NEXT_PUBLIC_SONICA_API ?? "";

interface Kept {
  history: History;
  queue: Queue;
  packs: Packs;
}

let kept: Kept | undefined;

/** Pages are exported where there is no browser, so nothing is opened before it is used. */
function all(): Kept {
  if (!kept) {
    const needs = { database: openDatabase(), changes: createChanges() };
    const { locks, storage } = navigator;
    kept = {
      history: createHistory(needs),
      queue: createQueue({ ...needs, locks, requestSync }),
      packs: createPacks({ ...needs, fetch: fetch.bind(globalThis), base: BASE, locks, storage }),
    };
  }
  return kept;
}

export const history = lazily("history");
export const queue = lazily("queue");
export const packs = lazily("packs");

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
