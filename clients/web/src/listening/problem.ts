/** What may keep a listener from an answer; each has a text of its own (`problem.*`), which says what to do. */

export const PROBLEMS = [
  "denied",
  "microphone",
  "busy",
  "insecure",
  "webassembly",
  "engine",
  "quota",
  "server",
  "file",
  "tooLarge",
  "noSound",
  "ended",
  "unknown",
] as const;
export type ProblemCode = (typeof PROBLEMS)[number];

/** Bytes of a file that a page reads. */
export const LARGEST_BYTES = 200e6;

/** Minutes of a file whose decoded sound a page may hold: 21 MB a minute in stereo. */
export function longestMinutes(): number {
  const gigabytes = "deviceMemory" in navigator ? Number(navigator.deviceMemory) : 4;
  return Math.max(8, Math.round(6 * gigabytes));
}

export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly code: ProblemCode,
    /** For `quota`: seconds until it is worth asking again. */
    readonly retryAfter = 0,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/** What went wrong, as a Problem; null where the listener changed their mind. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof DOMException && error.name === "AbortError") return null;
  return new Problem("unknown", 0, { cause: error });
}

/** The same would come of another try. */
const HOPELESS = new Set<ProblemCode>(["file", "tooLarge", "insecure", "webassembly"]);

export function isHopeless({ code }: Problem): boolean {
  return HOPELESS.has(code);
}
