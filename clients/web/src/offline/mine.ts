/** The packs of this browser. Apart from what else it keeps: the page that listens comes without. */

import { BASE, offline } from "@/keep/kept";
import { openPacks, type Packs } from "./packs";

let packs: Packs | undefined;

export function myPacks(): Packs {
  packs ??= openPacks({ ...offline(), base: BASE });
  return packs;
}
