import type { PrecacheEntry } from "serwist";

/** An event that the worker stays alive for. */
export interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface SyncEvent extends Lasting {
  tag: string;
}

/**
 * The worker's global object, as far as it is used. TypeScript's own declarations of it and those of a page
 * exclude each other, and both kinds of code are compiled here.
 */
export interface WorkerScope {
  __SW_MANIFEST: (PrecacheEntry | string)[] | undefined;
  readonly registration: ServiceWorkerRegistration;
  readonly location: Location;
  addEventListener(type: "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "sync", listener: (event: SyncEvent) => void): void;
}
