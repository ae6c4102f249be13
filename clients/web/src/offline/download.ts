import type { PackInfo } from "../keep/database.ts";
import { problemOf, retryAfterMs } from "./http.ts";
import { PackError } from "./packerror.ts";
import type { Pieces } from "./pieces.ts";

export interface Download {
  fetch: typeof fetch;
  pieces: Pieces;
  pack: PackInfo;
  url: string;
  /** No byte for so long is a break: on bad networks a connection may be dead without anyone saying so. */
  stallMs: number;
  /** Keeps no more than this in memory alone. */
  pieceBytes: number;
  now: () => number;
  onProgress?: ((received: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** `whole`; `broken`: it can go on from where it is; `replaced`: another pack is published under the name. */
export type Ended = { is: "whole"; etag: string } | { is: "broken"; got: number } | { is: "replaced" };

/** Fetches what is missing, and keeps it as it comes. Raises PackError, or the reason of `signal`. */
export async function fetchRest(download: Download): Promise<Ended> {
  const { pieces, pack } = download;
  const reached = await pieces.reached();
  if (reached.bytes === pack.bytes) return { is: "whole", etag: reached.etag };
  const stall = new AbortController();
  // Not AbortSignal.any: phones that get no updates have browsers without it.
  const stop = () => stall.abort();
  download.signal?.addEventListener("abort", stop, { once: true });
  const watch = watchdog(download.stallMs, stop);
  try {
    const response = await download
      .fetch(download.url, {
        headers: rangeOf(reached),
        // Else the browser would keep the pack once more.
        cache: "no-store",
        signal: stall.signal,
      })
      .catch(() => undefined);
    download.signal?.throwIfAborted();
    watch.pat();
    return response ? await take(download, response, reached, watch) : { is: "broken", got: 0 };
  } finally {
    watch.end();
    download.signal?.removeEventListener("abort", stop);
  }
}

function rangeOf({ bytes, etag }: { bytes: number; etag: string }): Record<string, string> {
  if (bytes === 0) return {};
  const range = { Range: `bytes=${bytes}-` };
  // A tag that a proxy made weak is not taken there. The address names the bytes, too, and the sum is checked.
  return etag.startsWith('"') ? { ...range, "If-Range": etag } : range;
}

async function take(
  download: Download,
  response: Response,
  reached: { bytes: number; etag: string },
  watch: Watch,
): Promise<Ended> {
  const { pieces, pack } = download;
  const etag = response.headers.get("ETag") ?? "";
  if (response.status === 206) {
    const isNext =
      response.headers.get("Content-Range")?.replaceAll(" ", "") ===
      `bytes${reached.bytes}-${pack.bytes - 1}/${pack.bytes}`;
    if (isNext && etag === reached.etag) return keep(download, response, reached.bytes, etag, watch);
  } else if (response.status === 200) {
    // It does not know what we have: all of it comes, from the beginning.
    await pieces.clear();
    return keep(download, response, 0, etag, watch);
  } else if (response.status !== 416) {
    return refused(response, download.now());
  }
  await response.body?.cancel();
  await pieces.clear();
  return { is: "broken", got: 0 };
}

async function refused(response: Response, now: number): Promise<Ended> {
  const problem = await problemOf(response);
  if (response.status === 404 && problem?.code === "replaced") return { is: "replaced" };
  if (response.status === 404 && problem) throw new PackError("gone");
  throw new PackError("server", { retryAfterMs: retryAfterMs(response.headers, now) });
}

async function keep(
  download: Download,
  response: Response,
  from: number,
  etag: string,
  watch: Watch,
): Promise<Ended> {
  const { pieces, pack, pieceBytes, onProgress } = download;
  if (!response.body) throw new PackError("server");
  const reader = response.body.getReader();
  let [kept, parts, held] = [from, [] as Uint8Array[], 0];

  async function flush(): Promise<void> {
    if (held === 0) return;
    await pieces.put(kept, etag, joined(parts, held));
    [kept, parts, held] = [kept + held, [], 0];
  }

  // Where the connection breaks, reading rejects; what came before the break need not come again.
  const next = () => reader.read().catch(() => undefined);
  try {
    onProgress?.(from, pack.bytes);
    for (let read = await next(); read && !read.done; read = await next()) {
      watch.pat();
      parts.push(read.value);
      held += read.value.length;
      if (kept + held > pack.bytes) throw new PackError("damaged");
      onProgress?.(kept + held, pack.bytes);
      if (held >= pieceBytes) await flush();
    }
    await flush();
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  download.signal?.throwIfAborted();
  return kept === pack.bytes ? { is: "whole", etag } : { is: "broken", got: kept - from };
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

interface Watch {
  /** Something came. */
  pat(): void;
  end(): void;
}

function watchdog(ms: number, bark: () => void): Watch {
  let timer = setTimeout(bark, ms);
  return {
    pat() {
      clearTimeout(timer);
      timer = setTimeout(bark, ms);
    },
    end: () => clearTimeout(timer),
  };
}
