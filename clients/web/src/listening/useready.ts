"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { readSetting, writeSetting } from "@/keep/settings";
import type { Ready } from "./ready";

/**
 * Keeps the microphone ready, where the listener allows it, while the page is seen; not while it does something else.
 * `turnOff` takes the permission back.
 */
export function useReady(isBusy: boolean): {
  ready: RefObject<Ready | undefined>;
  isOpen: boolean;
  turnOff: () => void;
} {
  const ready = useRef<Ready>(undefined);
  const [isOpen, setOpen] = useState(false);
  const [isOn, setOn] = useState(false);
  const isGone = useRef(false);

  useEffect(() => {
    setOn(readSetting("ready") === "on");
    isGone.current = false;
    const leave = () => ready.current?.close();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      isGone.current = true;
      leave();
    };
  }, []);

  useEffect(() => {
    if (!isOn || isBusy) return;
    const see = () => {
      if (document.visibilityState !== "visible") ready.current?.close();
      else
        void made(ready, setOpen).then((it) => {
          if (!isGone.current && document.visibilityState === "visible") void it.open();
        });
    };
    see();
    document.addEventListener("visibilitychange", see);
    return () => document.removeEventListener("visibilitychange", see);
  }, [isOn, isBusy]);

  const turnOff = useCallback(() => {
    writeSetting("ready", null);
    setOn(false);
    ready.current?.close();
  }, []);
  return { ready, isOpen, turnOff };
}

/** With the engine, which comes only where it is wanted. */
async function made(ready: RefObject<Ready | undefined>, onOpen: (isOpen: boolean) => void): Promise<Ready> {
  const { Ready } = await import("./ready");
  ready.current ??= new Ready(onOpen);
  return ready.current;
}
