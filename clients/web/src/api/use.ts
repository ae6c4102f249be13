"use client";

import { useEffect, useState } from "react";

export type Loaded<T> = { is: "loading" } | { is: "loaded"; value: T } | { is: "failed"; error: unknown };

/** What `load` gives, loaded anew when `key` changes, which tells all that it depends on; the one before is given up. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, key: string): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ is: "loading" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` tells what `load` depends on
  useEffect(() => {
    const ends = new AbortController();
    setLoaded({ is: "loading" });
    load(ends.signal).then(
      (value) => ends.signal.aborted || setLoaded({ is: "loaded", value }),
      (error: unknown) => ends.signal.aborted || setLoaded({ is: "failed", error }),
    );
    return () => ends.abort();
  }, [key]);
  return loaded;
}
