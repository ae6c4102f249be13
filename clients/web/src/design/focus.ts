"use client";

import { type FocusEvent, type RefObject, useLayoutEffect, useRef } from "react";

/** Puts the focus there; without a place on the page's content, where the next Tab leads on. */
export function focusOn(place: HTMLElement | null | undefined): void {
  (place ?? document.getElementById("content"))?.focus({ preventScroll: true });
}

/**
 * For what goes around buttons of which some vanish when they are pressed: then it has the focus itself, which else
 * would be lost to the top of the page. None of the other buttons: who presses once more meant the one that went.
 */
export function useHeldFocus<T extends HTMLElement>(): {
  ref: RefObject<T | null>;
  tabIndex: -1;
  onFocus: (event: FocusEvent) => void;
  onBlur: (event: FocusEvent) => void;
} {
  const ref = useRef<T>(null);
  const last = useRef<Element>(null);
  useLayoutEffect(() => {
    if (!last.current || last.current.isConnected || document.activeElement !== document.body) return;
    last.current = null;
    focusOn(ref.current);
  });
  return {
    ref,
    tabIndex: -1,
    onFocus: ({ target }) => {
      if (target !== ref.current) last.current = target;
    },
    onBlur: ({ target }) => {
      // Some browsers tell of it while it is being removed, and then it is not left.
      queueMicrotask(() => {
        if (last.current === target && target.isConnected) last.current = null;
      });
    },
  };
}
