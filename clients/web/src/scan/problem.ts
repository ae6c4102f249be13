/** What may keep a listener from the songs of a mix; each has a text of its own (`scan.problem.*`). */

import { ScanLost, SonicaProblem } from "@sonica/sdk";
import { isEngineLost } from "@/listening/engine";
import { Problem } from "@/listening/problem";

export const SCAN_PROBLEMS = [
  "file",
  "tooLarge",
  "webassembly",
  "engine",
  "offline",
  "quota",
  "busy",
  "server",
  "broken",
  "unknown",
] as const;
export type ScanCode = (typeof SCAN_PROBLEMS)[number];

/** `retryAfter`: seconds until it is worth trying again; 0 where nobody said. */
export interface ScanProblem {
  code: ScanCode;
  retryAfter: number;
}

/** Bytes of a file that a page reads: an hour as a CD has it. */
export const LARGEST_BYTES = 700e6;
/** What the service takes. */
const SERVICE_MINUTES = 180;

/** Minutes of a file that this device can decode: browsers do it at once, in 21 MB a minute and more. */
export function longestMinutes(): number {
  const gigabytes = "deviceMemory" in navigator ? Number(navigator.deviceMemory) : 4;
  return Math.min(SERVICE_MINUTES, Math.max(10, Math.round(10 * gigabytes)));
}

/** Why it went wrong. */
export function scanProblemOf(error: unknown): ScanProblem {
  if (isEngineLost(error)) return { code: "engine", retryAfter: 0 };
  if (error instanceof Problem) {
    const known = SCAN_PROBLEMS.find((code) => code === error.code);
    return { code: known ?? "unknown", retryAfter: 0 };
  }
  if (error instanceof SonicaProblem) return { code: codeOf(error), retryAfter: error.retryAfter ?? 0 };
  if (error instanceof ScanLost) return { code: "broken", retryAfter: 0 };
  if (error instanceof TypeError) return { code: navigator.onLine ? "server" : "offline", retryAfter: 0 };
  return { code: "unknown", retryAfter: 0 };
}

function codeOf({ status, type, code }: SonicaProblem): ScanCode {
  if (status === 429) return "quota";
  if (code === "too_long") return "tooLarge";
  return type.endsWith("/busy") ? "busy" : "server";
}
