import type { Recognize } from "./queue.ts";
import type { Tell } from "./reports.ts";

/** Longer than the service takes for anything, and short enough to hold up no other tab. */
const TIMEOUT_MS = 30_000;

/** Posts fingerprints to the service at `base`; empty where the app is. */
export function recognizeBy(fetcher: typeof fetch, base = ""): Recognize {
  return (fingerprint, idempotencyKey) =>
    post(fetcher, `${base}/v1/recognize`, fingerprint, {
      "Content-Type": "application/vnd.sonica.fingerprint",
      "Idempotency-Key": idempotencyKey,
    });
}

/** Tells the service at `base` that an answer was wrong. */
export function tellBy(fetcher: typeof fetch, base = ""): Tell {
  return ({ recognitionId, token }) =>
    post(
      fetcher,
      `${base}/v1/recognitions/${encodeURIComponent(recognitionId)}/feedback`,
      JSON.stringify({ token, is_right: false }),
      { "Content-Type": "application/json" },
    );
}

async function post(
  fetcher: typeof fetch,
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const response = await fetcher(url, {
      method: "POST",
      headers,
      body,
      cache: "no-store",
      // The service redirects nobody; networks that ask for a login do.
      redirect: "error",
      signal: stop.signal,
    });
    // Read here, since the body may hang as well. Some answers may have none.
    const said = await response.arrayBuffer();
    return new Response(said.byteLength > 0 ? said : null, response);
  } finally {
    clearTimeout(timer);
  }
}
