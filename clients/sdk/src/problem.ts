import type { ProblemDocument } from "./generated";

/** A failure that the service told of (RFC 9457); one that never reached it is a `TypeError` of `fetch`. */
export class SonicaProblem extends Error {
  override readonly name = "SonicaProblem";

  constructor(
    readonly status: number,
    /** The address of a page of the service that says what to do; "about:blank" where something else answered. */
    readonly type: string,
    readonly title: string,
    readonly detail: string,
    /** The cause within a type, where there are several. */
    readonly code: string | null,
    /** Stands in the log of the service, too. */
    readonly requestId: string | null,
    /** Seconds after which it is worth trying again; null where nobody said. */
    readonly retryAfter: number | null,
  ) {
    super(detail || title);
  }
}

/** What an answer that is no success says. `said`: its body, parsed where it is JSON. */
export function problemOf(response: Response, said: unknown): SonicaProblem {
  const told: Partial<ProblemDocument> = isProblem(said) ? said : {};
  return new SonicaProblem(
    response.status,
    told.type ?? "about:blank", // a proxy on the way has no types of ours
    told.title ?? (response.statusText || `Status ${response.status}`),
    told.detail ?? "",
    told.code ?? null,
    told.request_id ?? response.headers.get("X-Request-ID"),
    secondsOf(response.headers.get("Retry-After")),
  );
}

/** What is said of a failure where there is no answer around it; undefined where that is no problem of ours. */
export function problemTold(said: unknown, retryAfter: unknown): SonicaProblem | undefined {
  if (!isProblem(said)) return undefined;
  const { status, type, title = "", detail = "", code = null, request_id: requestId = null } = said;
  return new SonicaProblem(
    status ?? 0,
    type,
    title,
    detail,
    code,
    requestId,
    typeof retryAfter === "number" ? retryAfter : null,
  );
}

function isProblem(said: unknown): said is Pick<ProblemDocument, "type"> & Partial<ProblemDocument> {
  return typeof said === "object" && said !== null && "type" in said && typeof said.type === "string";
}

/** `Retry-After` is seconds, or the date until which to wait: proxies send that. */
function secondsOf(said: string | null): number | null {
  if (said === null) return null;
  if (/^\d+$/.test(said)) return Number(said);
  const until = said.endsWith(" GMT") ? Date.parse(said) : Number.NaN; // alone it reads "-1" as a year
  return Number.isNaN(until) ? null : Math.max(0, Math.ceil((until - Date.now()) / 1000));
}
