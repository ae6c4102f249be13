import { type CacheShelf, keepShared } from "../offline/shared.ts";

export const API_CACHE = "sonica-api";
const ENGINE_CACHE = "sonica-engine-";

/** One for each build of the engine: its files keep their names. */
export function engineCache(revision: string): string {
  return ENGINE_CACHE + revision;
}

/** Those of earlier builds. */
export function isOutdated(cache: string, revision: string): boolean {
  return cache.startsWith(ENGINE_CACHE) && cache !== engineCache(revision);
}

/**
 * Charts and songs are shown without a connection, as they were when they were last seen. What was searched for is
 * not kept: each letter that is typed would push out a song.
 */
export function isKept(url: URL, request: Request): boolean {
  if (request.method !== "GET" || request.headers.has("Authorization")) return false;
  if (url.searchParams.get("q")) return false;
  return (
    url.pathname === "/v1/charts" || url.pathname === "/v1/songs" || url.pathname.startsWith("/v1/songs/")
  );
}

/** What is the service's own, and no page of the app. */
export const NOT_THE_APP = [/^\/v1\//, /^\/(?:healthz|readyz|metrics|openapi\.json)$/, /^\/problems\//];

/** Only what the service itself says, and lets be kept. */
export function mayKeep(response: Response): boolean {
  const control = response.headers.get("Cache-Control") ?? "";
  const type = response.headers.get("Content-Type") ?? "";
  return response.status === 200 && !/no-store|private/.test(control) && type.startsWith("application/json");
}

/** Where the service is not well, or a network asks for a login in its place, what was kept is the better answer. */
export function isWell(response: Response): boolean {
  const type = response.headers.get("Content-Type") ?? "";
  return response.status < 500 && /^application\/(?:problem\+)?json/.test(type);
}

/** Where a page may be in the export: `/charts` as `charts.html` or `charts/index.html`. */
export function pagesOf(url: URL): URL[] {
  const path = url.pathname.replace(/\/$/, "");
  return [`${path}.html`, `${path}/index.html`].map((page) => new URL(page, url.origin));
}

/** Keeps the sound that another app shared, and shows the page that takes it. */
export async function receiveShare(request: Request, shelf: CacheShelf = caches): Promise<Response> {
  const isKept = await keepFrom(request, shelf).catch(() => false);
  return Response.redirect(new URL(`/share?shared=${isKept ? 1 : 0}`, request.url), 303);
}

async function keepFrom(request: Request, shelf: CacheShelf): Promise<boolean> {
  const form = await request.formData();
  const file = form.getAll("media").find((part) => part instanceof File && part.size > 0);
  if (!(file instanceof File)) return false;
  await keepShared(file, shelf);
  return true;
}
