/** The engine, once for the page: begun when a finger goes down, so that it is there when it is needed. */

import type { Engine } from "@sonica/engine";
import { Problem } from "./problem";

let opening: Promise<Engine> | undefined;
const closed = new Set<() => void>();

/** Throws Problem (`engine`); the next call tries again. */
export function engine(): Promise<Engine> {
  opening ??= open().catch((error: unknown) => {
    opening = undefined;
    throw new Problem("engine", 0, { cause: error });
  });
  return opening;
}

async function open(): Promise<Engine> {
  const { Engine } = await import("@sonica/engine");
  return Engine.open();
}

/** Codes of EngineError after which nothing can be had of an engine any more. */
const DEAD = new Set(["memory", "closed", "unknown", "assets"]);

/** Whether an error is the engine's end: then the next call of `engine` opens another. */
export function isEngineLost(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== "EngineError") return false;
  if (!("code" in error) || !DEAD.has(String(error.code))) return false;
  void opening?.then((one) => one.close()).catch(() => undefined);
  opening = undefined;
  for (const forget of closed) forget();
  return true;
}

/** Hears that the engine is gone, and all that was open in it. */
export function onEngineLost(forget: () => void): void {
  closed.add(forget);
}
