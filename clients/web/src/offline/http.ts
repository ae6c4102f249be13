/** The milliseconds that `Retry-After` asks for, in seconds or until a date; undefined where it does not. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const said = headers.get("Retry-After")?.trim();
  if (!said) return undefined;
  if (/^\d+$/.test(said)) return Number(said) * 1000;
  const date = Date.parse(said);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

export interface Problem {
  /** The last part of the type's address: `rate-limit`. */
  name: string;
  code?: string;
}

/** What the service says is wrong; undefined where something between it and us answered. */
export async function problemOf(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get("Content-Type")?.startsWith("application/problem+json")) return undefined;
  const said: unknown = await response.json().catch(() => undefined);
  if (typeof said !== "object" || said === null || !("type" in said) || typeof said.type !== "string") {
    return undefined;
  }
  const name = said.type.split("/").at(-1) ?? "";
  return "code" in said && typeof said.code === "string" ? { name, code: said.code } : { name };
}
