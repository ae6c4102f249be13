/**
 * `offline`: no answer, or it broke off. `quota`: no room. `damaged`: other bytes than were promised.
 * `gone`: there is no such pack, or no more. `server`: the service cannot just now.
 */
export type PackErrorCode = "offline" | "quota" | "damaged" | "gone" | "server";

export class PackError extends Error {
  override readonly name = "PackError";
  readonly code: PackErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: PackErrorCode, told: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(code, "cause" in told ? { cause: told.cause } : undefined);
    this.code = code;
    this.retryAfterMs = told.retryAfterMs;
  }
}
