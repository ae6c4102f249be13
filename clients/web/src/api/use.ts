"use client";

import { type DependencyList, useEffect, useState } from "react";

export type Loaded<T> = { is: "loading" } | { is: "loaded"; value: T } | { is: "failed"; error: unknown };

/** What `load` gives, loaded anew when what it depends on changes; what was asked for before is given up. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, on: DependencyList): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ is: "loading" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what `load` depends on
  useEffect(() => {
    const ends = new AbortController();
    setLoaded({ is: "loading" });
    load(ends.signal).then(
      (value) => ends.signal.aborted || setLoaded({ is: "loaded", value }),
      (error: unknown) => ends.signal.aborted || setLoaded({ is: "failed", error }),
    );
    return () => ends.abort();
  }, on);
  return loaded;
}
