import { expect, test } from "vitest";
import { type CacheShelf, forgetShared, lookShared } from "../src/offline/shared.ts";
import { isKept, isOutdated, isWell, mayKeep, NOT_THE_APP, pagesOf, receiveShare } from "../src/sw/routes.ts";

const ORIGIN = "https://sonica.example";

/** Cache Storage, as far as it is used. */
function shelf(): CacheShelf {
  const kept = new Map<string, Response>();
  return {
    open: async () => ({
      match: async (key) => kept.get(String(key))?.clone(),
      put: async (key, response) => {
        kept.set(String(key), response);
      },
      delete: async (key) => kept.delete(String(key)),
    }),
  };
}

function share(parts: [string, string | File][]): Request {
  const form = new FormData();
  for (const [name, part] of parts) form.append(name, part);
  return new Request(`${ORIGIN}/share`, { method: "POST", body: form });
}

test("a sound that is shared waits for the page under its name, until it is forgotten", async () => {
  const caches = shelf();
  const file = new File([new Uint8Array([1, 2, 3])], "शाम की चिट्ठी.mp3", { type: "audio/mpeg" });
  const response = await receiveShare(
    share([
      ["title", "A song"],
      ["media", file],
      ["media", file],
    ]),
    caches,
  );
  expect([response.status, response.headers.get("Location")]).toEqual([303, `${ORIGIN}/share?shared=1`]);
  for (let look = 0; look < 2; look++) {
    const there = await lookShared(caches);
    expect([there?.file.name, there?.file.type, there?.file.size]).toEqual([file.name, "audio/mpeg", 3]);
  }
  const { id = "" } = (await lookShared(caches)) ?? {};
  await forgetShared("another", caches);
  expect(await lookShared(caches)).not.toBeNull();
  await forgetShared(id, caches);
  expect(await lookShared(caches)).toBeNull();
});

test.each([
  ["only a text", share([["text", "https://example.com"]])],
  ["an empty file", share([["media", new File([], "a.mp3")]])],
  ["a text in place of a file", share([["media", "a.mp3"]])],
  ["no form", new Request(`${ORIGIN}/share`, { method: "POST", body: "x" })],
])("%s is no sound, and the page is told", async (_, request) => {
  const caches = shelf();
  const response = await receiveShare(request, caches);
  expect(response.headers.get("Location")).toBe(`${ORIGIN}/share?shared=0`);
  expect(await lookShared(caches)).toBeNull();
});

test("a full disk does not end in an error page", async () => {
  const full: CacheShelf = { open: () => Promise.reject(new DOMException("full", "QuotaExceededError")) };
  const response = await receiveShare(share([["media", new File(["a"], "a.mp3")]]), full);
  expect(response.headers.get("Location")).toBe(`${ORIGIN}/share?shared=0`);
});

test("without Cache Storage nothing is shared", async () => {
  expect(await lookShared(undefined)).toBeNull();
  await forgetShared("a", undefined);
});

test.each([
  ["/v1/charts?language=hi", {}, true],
  ["/v1/songs", {}, true],
  ["/v1/songs?limit=30&q=", {}, true],
  ["/v1/songs?q=shaam", {}, false],
  ["/v1/songs/6", {}, true],
  ["/v1/songs/6", { method: "DELETE" }, false],
  ["/v1/songs/6", { headers: { Authorization: "Bearer x" } }, false],
  ["/v1/songster", {}, false],
  ["/v1/recognize", { method: "POST", body: "x" }, false],
  ["/v1/packs/bhojpuri-lite", {}, false],
  ["/charts", {}, false],
])("what is kept of the service: %s %j %s", (path, options, is) => {
  expect(isKept(new URL(path, ORIGIN), new Request(ORIGIN + path, options))).toBe(is);
});

test.each([
  [{ "Content-Type": "application/json" }, 200, true],
  [{ "Content-Type": "application/json", "Cache-Control": "no-store" }, 200, false],
  [{ "Content-Type": "application/json", "Cache-Control": "private" }, 200, false],
  [{ "Content-Type": "text/html" }, 200, false],
  [{ "Content-Type": "application/problem+json" }, 503, false],
])("which answers may be kept: %j %i %s", (headers, status, is) => {
  expect(mayKeep(new Response("", { status, headers: headers as HeadersInit }))).toBe(is);
});

test.each([
  ["application/json", 200, true],
  ["application/problem+json", 404, true],
  ["application/problem+json", 503, false],
  ["text/html", 200, false],
])("whether what is kept is the better answer: %s %i %s", (type, status, is) => {
  expect(isWell(new Response("", { status, headers: { "Content-Type": type } }))).toBe(is);
});

test("finds a page however it was exported", () => {
  const paths = (path: string) => pagesOf(new URL(path, ORIGIN)).map(({ pathname }) => pathname);
  expect(paths("/charts?x=1")).toEqual(["/charts.html", "/charts/index.html"]);
  expect(paths("/charts/")).toEqual(["/charts.html", "/charts/index.html"]);
});

test("the service's own addresses are not the app's", () => {
  const isApp = (path: string) => !NOT_THE_APP.some((own) => own.test(path));
  expect(["/v1/songs", "/healthz", "/problems/busy", "/openapi.json"].some(isApp)).toBe(false);
  expect(["/", "/history", "/song", "/v1x"].every(isApp)).toBe(true);
});

test("caches of earlier engines are outdated, no others", () => {
  expect(isOutdated("sonica-engine-a", "b")).toBe(true);
  expect(isOutdated("sonica-engine-b", "b")).toBe(false);
  expect(isOutdated("sonica-shared", "b")).toBe(false);
});
