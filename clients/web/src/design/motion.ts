"use client";

import { useSyncExternalStore } from "react";
import { readSetting } from "@/keep/settings";

const QUERY = "(prefers-reduced-motion: reduce)";

function subscribe(onChange: () => void): () => void {
  const query = matchMedia(QUERY);
  const looks = new MutationObserver(onChange);
  looks.observe(document.documentElement, { attributeFilter: ["data-motion"] });
  query.addEventListener("change", onChange);
  return () => {
    looks.disconnect();
    query.removeEventListener("change", onChange);
  };
}

/** Whether little is to move: by the system's setting, or by the app's. */
export function useIsStill(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => readSetting("motion") === "less" || matchMedia(QUERY).matches,
    () => false,
  );
}
