"use client";

/** Downloads of packs: they go on whatever page is open, so they are known to all. */

import { useSyncExternalStore } from "react";
import { PackError, type PackErrorCode } from "./packerror";

export interface Going {
  /** 0 to 1; null when it is not under way. */
  progress: number | null;
  failed: PackErrorCode | null;
  isDone: boolean;
  /** Whether whoever looks knows how it ended. */
  isSeen: boolean;
}

export type Fetching = (options: {
  signal: AbortSignal;
  onProgress: (received: number, total: number) => void;
}) => Promise<unknown>;

const IDLE: Going = { progress: null, failed: null, isDone: false, isSeen: false };
const all = new Map<string, Going>();
const ends = new Map<string, AbortController>();
const listeners = new Set<() => void>();
let told: readonly Going[] = [];

function set(name: string, going: Going): void {
  all.set(name, going);
  told = [...all.values()];
  for (const listener of listeners) listener();
}

export async function startDownload(name: string, fetching: Fetching): Promise<void> {
  if (ends.has(name)) return;
  const end = new AbortController();
  ends.set(name, end);
  set(name, { ...IDLE, progress: 0 });
  const onProgress = (received: number, total: number) => {
    // What comes after its end is not shown.
    if (ends.get(name) === end) set(name, { ...IDLE, progress: total > 0 ? received / total : 0 });
  };
  const became = await fetching({ signal: end.signal, onProgress }).then(
    () => ({ ...IDLE, isDone: true }),
    (error: unknown) => {
      const code = error instanceof PackError ? error.code : "server";
      return end.signal.aborted ? IDLE : { ...IDLE, failed: code };
    },
  );
  ends.delete(name);
  set(name, became);
}

export function stopDownload(name: string): void {
  ends.get(name)?.abort();
}

/** What ended is no news any more. */
export function seeDownloads(): void {
  for (const [name, going] of all) {
    if (going.progress === null && !going.isSeen) set(name, { ...going, isSeen: true });
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDownload(name: string): Going {
  const look = () => all.get(name) ?? IDLE;
  return useSyncExternalStore(subscribe, look, () => IDLE);
}

export function useDownloads(): readonly Going[] {
  return useSyncExternalStore(
    subscribe,
    () => told,
    () => NONE,
  );
}

const NONE: readonly Going[] = [];
