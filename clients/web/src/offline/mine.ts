/** The packs of this browser. Apart from what else it keeps: the page that listens comes without. */

import { BASE, needs } from "@/keep/kept";
import { createPacks, type Packs } from "./packs";

let packs: Packs | undefined;

export function myPacks(): Packs {
  const { locks, storage } = navigator;
  packs ??= createPacks({ ...needs(), fetch: fetch.bind(globalThis), base: BASE, locks, storage });
  return packs;
}
