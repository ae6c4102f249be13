import type { Recognize } from "./queue.ts";

/** Longer than the service takes for anything, and short enough to hold up no other tab. */
const TIMEOUT_MS = 30_000;

/** Posts fingerprints to the service at `base`; empty where the app is. */
export function recognizeBy(fetcher: typeof fetch, base = ""): Recognize {
  return async (fingerprint, idempotencyKey) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const response = await fetcher(`${base}/v1/recognize`, {
        method: "POST",
        headers: {
          "Content-Type": "application/vnd.sonica.fingerprint",
          "Idempotency-Key": idempotencyKey,
        },
        body: fingerprint,
        cache: "no-store",
        // The service redirects nobody; networks that ask for a login do.
        redirect: "error",
        signal: stop.signal,
      });
      // Read here, since the body may hang as well.
      const body = await response.arrayBuffer();
      return new Response(body, response);
    } finally {
      clearTimeout(timer);
    }
  };
}
