import type { Changes } from "../keep/changes.ts";
import type { Database, Installed, PackInfo } from "../keep/database.ts";
import { type Download, type Ended, fetchRest } from "./download.ts";
import { problemOf, retryAfterMs } from "./http.ts";
import { PackError } from "./packerror.ts";
import { clearBegun, createPieces, install, uninstall } from "./pieces.ts";
import type { Locks } from "./turns.ts";

export type { Installed, PackInfo } from "../keep/database.ts";
export { PackError, type PackErrorCode } from "./packerror.ts";

export interface DownloadOptions {
  onProgress?: (received: number, total: number) => void;
  /** What has come stays, for the next try. */
  signal?: AbortSignal;
}

/** `absent`: it is not installed here. */
export type UpdateState = "current" | "newer" | "gone" | "absent";

/** All but `installed` and `remove` raise PackError. */
export interface Packs {
  /** Those that the service has for phones. */
  available(): Promise<PackInfo[]>;
  installed(): Promise<Installed[]>;
  /** Goes on with what came before. The old pack is the pack until the new one is whole and is what was promised. */
  download(name: string, options?: DownloadOptions): Promise<Installed>;
  checkForUpdate(name: string): Promise<UpdateState>;
  remove(name: string): Promise<void>;
  bytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  subscribe(listener: () => void): () => void;
}

/** What is needed of `navigator.storage`. */
export interface Storage {
  persist?(): Promise<boolean>;
  estimate?(): Promise<{ quota?: number; usage?: number }>;
}

export interface PacksNeeds {
  database: Database;
  changes: Changes;
  fetch: typeof fetch;
  /** Where the service is; empty where the app is. */
  base?: string;
  locks?: Locks | undefined;
  storage?: Storage | undefined;
  digest?: (content: Uint8Array<ArrayBuffer>) => Promise<string>;
  now?: () => number;
  stallMs?: number;
  pieceBytes?: number;
  /** So many breaks in a row without a byte between them end a download. */
  patience?: number;
  /** Between a break and the next try. */
  breathMs?: number;
}

/** Published anew this often in one download, it is the service that is not well. */
const REPLACED_AT_MOST = 3;
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** With what this browser has. */
export function openPacks(needs: Pick<PacksNeeds, "database" | "changes" | "base">): Packs {
  const { locks, storage } = navigator;
  return createPacks({ ...needs, fetch: (...asked) => fetch(...asked), locks, storage });
}

export function createPacks(needs: PacksNeeds): Packs {
  const { database, changes, base = "", digest = sha256Of, now = Date.now } = needs;
  const { stallMs = 30_000, pieceBytes = 256 * 1024, patience = 2, breathMs = 1_000 } = needs;
  const { fetch: given } = needs;
  // A browser's fetch is to be called as a function, not as a method of whatever holds it.
  const fetcher: typeof fetch = (input, init) => given(input, init);
  const address = (name: string) => `${base}/v1/packs/${encodeURIComponent(name)}`;
  const metaOf = (name: string) => database.use((connection) => connection.get("packs", name));

  async function json(url: string, signal?: AbortSignal): Promise<unknown> {
    const response = await reach(fetcher, url, { cache: "no-store", ...(signal ? { signal } : {}) });
    if (response.status === 404 && (await problemOf(response))) throw new PackError("gone");
    if (!response.ok) throw away(response, now());
    // A page in place of it comes from a network that asks for a login.
    return response.json().catch((cause) => {
      signal?.throwIfAborted();
      throw new PackError("offline", { cause });
    });
  }

  async function fetchPack(name: string, { onProgress, signal }: DownloadOptions): Promise<Installed> {
    for (let published = 0; published < REPLACED_AT_MOST; published += 1) {
      const pack = infoOf(await json(`${address(name)}/manifest`, signal), name);
      const there = await metaOf(name);
      if (there?.sha256 === pack.sha256) return there;
      const etag = await fetchVersion(pack, { ...(onProgress && { onProgress }), ...(signal && { signal }) });
      if (etag !== undefined) {
        const installed = { ...pack, etag, installedAt: now() };
        await install(database, installed);
        return installed;
      }
    }
    throw new PackError("server");
  }

  /** The tag of it when it is there and whole; undefined where it was replaced meanwhile. */
  async function fetchVersion(pack: PackInfo, options: DownloadOptions): Promise<string | undefined> {
    const pieces = createPieces(database, pack.name, pack.sha256);
    await clearBegun(database, pack.name, pack.sha256);
    await checkRoom(pack.bytes - (await pieces.reached()).bytes, needs.storage);
    const url = `${address(pack.name)}?sha256=${pack.sha256}`;
    const download = { fetch: fetcher, pieces, pack, url, stallMs, pieceBytes, now, ...options };
    const ended = await patiently(download);
    if (ended.is !== "whole") return undefined;
    const content = await pieces.whole(pack.bytes);
    if (content && (await digest(content)) === pack.sha256) return ended.etag;
    await pieces.clear();
    throw new PackError("damaged");
  }

  /** Goes on after breaks as long as that brings it further. */
  async function patiently(download: Download): Promise<Exclude<Ended, { is: "broken" }>> {
    for (let inVain = 0; inVain <= patience; ) {
      const ended = await fetchRest(download);
      if (ended.is !== "broken") return ended;
      inVain = ended.got > 0 ? 0 : inVain + 1;
      await pause(breathMs, download.signal);
    }
    throw new PackError("offline");
  }

  async function askToPersist(): Promise<void> {
    const isFirst = (await database.use((connection) => connection.count("packs"))) === 0;
    // Not waited for: there are browsers that ask the listener.
    if (isFirst) needs.storage?.persist?.().catch(() => false);
  }

  return {
    async available() {
      const list = await json(`${base}/v1/packs`);
      const items = isObject(list) && Array.isArray(list.items) ? list.items : undefined;
      if (!items) throw new PackError("offline");
      return items.filter((item) => isObject(item) && item.profile === "lite").map((item) => infoOf(item));
    },

    installed: () => database.use((connection) => connection.getAll("packs")),

    async download(name, options = {}) {
      if (!NAME.test(name)) throw new PackError("gone");
      const { signal } = options;
      signal?.throwIfAborted();
      await askToPersist();
      const work = () => clearly(fetchPack(name, options));
      // Another tab may be at it: its pieces are ours when it ends.
      const done = await (needs.locks
        ? needs.locks.request(`sonica-pack-${name}`, signal ? { signal } : {}, work)
        : work());
      changes.announce("packs");
      return done;
    },

    async checkForUpdate(name) {
      const there = await metaOf(name);
      if (!there) return "absent";
      // HEAD: where it is newer, its bytes are not asked for yet.
      const headers = { "If-None-Match": there.etag };
      const response = await reach(fetcher, address(name), {
        method: "HEAD",
        headers,
        cache: "no-store",
      });
      if (response.status === 304) return "current";
      if (response.status === 404) return "gone";
      if (!response.ok) throw away(response, now());
      const etag = response.headers.get("ETag");
      if (!etag) throw new PackError("offline");
      return bare(etag) === bare(there.etag) ? "current" : "newer";
    },

    async remove(name) {
      await uninstall(database, name);
      changes.announce("packs");
    },

    async bytes(name) {
      const there = await metaOf(name);
      if (!there) throw new PackError("gone");
      const content = await createPieces(database, name, there.sha256).whole(there.bytes);
      if (!content) throw new PackError("damaged");
      return content;
    },

    subscribe: (listener) => changes.subscribe("packs", listener),
  };
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}

async function reach(fetcher: typeof fetch, url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetcher(url, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new PackError("offline", { cause });
  }
}

function away(response: Response, now: number): PackError {
  return new PackError("server", { retryAfterMs: retryAfterMs(response.headers, now) });
}

/** Says of a full disk that it is full: it shows when something is written, wherever that is. */
async function clearly<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.name === "QuotaExceededError") {
      throw new PackError("quota", { cause: error });
    }
    throw error;
  }
}

/** Better told before than after half an hour at 20 kB/s. */
async function checkRoom(bytes: number, storage: Storage | undefined): Promise<void> {
  const { quota, usage } = (await storage?.estimate?.().catch(() => undefined)) ?? {};
  if (quota !== undefined && usage !== undefined && quota - usage < bytes) throw new PackError("quota");
}

function bare(etag: string): string {
  return etag.replace(/^W\//, "");
}

function infoOf(said: unknown, expected?: string): PackInfo {
  if (isObject(said)) {
    const { name, language, recordings, bytes, sha256, made_at: madeAt } = said;
    const isTold =
      typeof name === "string" &&
      (expected === undefined || name === expected) &&
      typeof language === "string" &&
      Number.isSafeInteger(recordings) &&
      Number.isSafeInteger(bytes) &&
      Number(bytes) > 0 &&
      typeof sha256 === "string" &&
      /^[0-9a-f]{64}$/.test(sha256) &&
      typeof madeAt === "string";
    if (isTold)
      return { name, language, recordings: Number(recordings), bytes: Number(bytes), sha256, madeAt };
  }
  throw new PackError("server");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

export async function sha256Of(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
