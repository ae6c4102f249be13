/** What this browser keeps, opened once for the page, when it is first used: pages are exported without a browser. */

import { type Offline, openOffline } from "@/offline/open";

export const BASE = process.env.NEXT_PUBLIC_SONICA_API ?? "";

let kept: Offline | undefined;

export function offline(): Offline {
  kept ??= openOffline({ base: BASE });
  return kept;
}
