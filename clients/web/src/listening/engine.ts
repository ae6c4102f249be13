/** The engine, once for the page: begun when a finger goes down, so that it is there when it is needed. */

import type { Engine } from "@sonica/engine";
import { Problem } from "./problem";

let opening: Promise<Engine> | undefined;

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
