"use client";

import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

/** Puts the focus there; without a place on the page's content, where the next Tab leads on. */
export function focusOn(place: HTMLElement | null | undefined): void {
  (place ?? document.getElementById("content"))?.focus({ preventScroll: true });
}

/**
 * For what goes around buttons of which some vanish when they are pressed: the focus is held by the first that is
 * left, and not lost to the top of the page.
 */
export function useHeldFocus<T extends HTMLElement>(): {
  ref: RefObject<T | null>;
  onFocus: (event: FocusEvent) => void;
  onBlur: (event: FocusEvent) => void;
} {
  const ref = useRef<T>(null);
  const last = useRef<Element>(null);
  useLayoutEffect(() => {
    if (!last.current || last.current.isConnected || document.activeElement !== document.body) return;
    last.current = null;
    focusOn(ref.current?.querySelector<HTMLElement>("button, a[href]"));
  });
  return {
    ref,
    onFocus: ({ target }) => {
      last.current = target;
    },
    onBlur: ({ target }) => {
      // Some browsers tell of it while it is being removed, and then it is not left.
      queueMicrotask(() => {
        if (last.current === target && target.isConnected) last.current = null;
      });
    },
  };
}
