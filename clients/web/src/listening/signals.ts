/** Signals that end work. `AbortSignal.any` and `timeout` are not in the browsers of phones that get no updates. */

/** Ends when any of them does, with its reason. */
export function either(...signals: readonly AbortSignal[]): AbortSignal {
  const ends = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) ends.abort(signal.reason);
    else
      signal.addEventListener("abort", () => ends.abort(signal.reason), { once: true, signal: ends.signal });
  }
  return ends.signal;
}

/** What `work` gives, for which a signal ends after so long with a TimeoutError, or with `signal`. */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException("it took too long", "TimeoutError")), ms);
  try {
    return await work(either(signal, late.signal));
  } finally {
    clearTimeout(timer);
  }
}

/** Throws why, once the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const done = () => {
      signal.removeEventListener("abort", failed);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const failed = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", failed, { once: true });
  });
}
