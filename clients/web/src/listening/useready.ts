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

  useEffect(() => {
    setOn(readSetting("ready") === "on");
    const leave = () => ready.current?.close();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
    };
  }, []);

  useEffect(() => {
    if (!isOn) return;
    let isOver = false;
    const isSeen = () => document.visibilityState === "visible";
    const see = () => {
      if (!isSeen()) ready.current?.close();
      else if (!isBusy)
        void made(ready, setOpen).then((it) => {
          if (!isOver && isSeen()) void it.open();
        });
    };
    see();
    document.addEventListener("visibilitychange", see);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", see);
    };
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
