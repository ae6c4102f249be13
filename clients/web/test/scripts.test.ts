import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildServiceWorker } from "../scripts/build-sw.mjs";
import { compressFiles } from "../scripts/compress.mjs";
import { filesUnder } from "../scripts/files.mjs";
import { hashesOf, policyOf, securePage, securePages } from "../scripts/pages.mjs";
import { exported, page } from "./exported.ts";

const sha256 = (script: string) => `sha256-${createHash("sha256").update(script).digest("base64")}`;

test("hashes the inline scripts that a browser runs, each once", () => {
  const html = page(`
    <script>one()</script><script>one()</script><script type="module" async>
      two("</ script")
    </script><script src="/a.js"></script><script src=/b.js async=""></script>
    <script type="application/ld+json">{"a":1}</script><SCRIPT id="x">three(">")</SCRIPT>`);
  expect(hashesOf(html)).toEqual(["one()", '\n      two("</ script")\n    ', 'three(">")'].map(sha256));
  expect(hashesOf(page("<script>a\r\nb\rc</script>"))).toEqual([sha256("a\nb\nc")]);
});

test("the policy is the first that a page says, after its charset", () => {
  const html = page(
    "<script>one()</script>",
    '<script src="/a.js"></script><meta charSet="utf-8"/><title>S</title>',
  );
  const policy = policyOf([sha256("one()")]);
  expect(policy).toContain(`script-src 'self' 'wasm-unsafe-eval' '${sha256("one()")}'; style-src`);
  const secured = securePage(html);
  expect(secured).toContain(
    `<head><meta charSet="utf-8"/><meta http-equiv="Content-Security-Policy" content="${policy}"/><script src`,
  );
  expect(secured.match(/charset/gi)).toHaveLength(1);
  expect(securePage(secured)).toBe(secured);
  expect(() => securePage("<p>")).toThrow("no head");
});

test("tells the hashes of each page", async () => {
  const out = await exported({
    "index.html": page("<script>one()</script>"),
    "songs/index.html": page(""),
  });
  await securePages(out);
  expect(JSON.parse(await readFile(path.join(out, "csp.json"), "utf8"))).toEqual({
    "/index.html": [sha256("one()")],
    "/songs/index.html": [],
  });
  expect(await readFile(path.join(out, "songs/index.html"), "utf8")).toContain(
    "script-src 'self' 'wasm-unsafe-eval';",
  );
});

test("a page that cannot be made safe ends it", async () => {
  const out = await exported({ "odd.html": "<p>" });
  await expect(securePages(out)).rejects.toThrow("odd.html");
});

test("compresses what gets smaller by it, and leaves nothing of earlier builds", async () => {
  const long = "सुनो ".repeat(1_000);
  const out = await exported({
    "index.html": long,
    "small.js": "1",
    "small.js.gz": "old",
    "engine/a.wasm": new Uint8Array(5_000),
    "noise.wasm": randomBytes(5_000),
    "noise.wasm.br": "old",
    "icon.png": new Uint8Array(5_000),
    "csp.json": " ".repeat(5_000),
  });
  expect(await compressFiles(out)).toEqual(["engine/a.wasm", "index.html"]);
  const files = await filesUnder(out);
  expect(files.filter((file) => /\.(?:gz|br)$/.test(file))).toEqual([
    "engine/a.wasm.br",
    "engine/a.wasm.gz",
    "index.html.br",
    "index.html.gz",
  ]);
  expect(gunzipSync(await readFile(path.join(out, "index.html.gz"))).toString()).toBe(long);
  expect(brotliDecompressSync(await readFile(path.join(out, "index.html.br"))).toString()).toBe(long);
});

async function kept(out: string): Promise<Record<string, string | null>> {
  const worker = await readFile(path.join(out, "sw.js"), "utf8");
  const [list = "[]"] = /\[\{"url".*?\}\]/.exec(worker) ?? [];
  const entries: { url: string; revision: string | null }[] = JSON.parse(list);
  return Object.fromEntries(entries.map(({ url, revision }) => [url, revision]));
}

const APP = {
  "index.html": page(
    '<script>one()</script><script src="/_next/static/chunks/old-1f.js" noModule=""></script>',
  ),
  "_next/static/chunks/old-1f.js": "o",
  "index.txt": "1:",
  "404.html": page(""),
  "_not-found.txt": "",
  "history/index.html": page(""),
  "_next/static/chunks/a-1f.js": "a",
  "_next/static/media/inter-latin-wght-normal.1f.woff2": "f",
  "_next/static/media/inter-cyrillic-ext-wght-normal.1f.woff2": "f",
  "manifest.webmanifest": "{}",
  "icons/icon.svg": "<svg/>",
  "icons/icon-192.png": "png",
  "icons/icon-512.png": "png",
  "engine/engine.wasm": "wasm",
  "engine/worker.js": "w",
  "engine/large.wasm": new Uint8Array(3 * 1024 * 1024 + 1),
  "csp.json": "{}",
  "index.html.gz": "gz",
};

test("the worker keeps the app, and no file that a server would not give", async () => {
  const out = await exported(APP);
  const { warnings } = await buildServiceWorker(out);
  const files = await kept(out);
  expect(Object.keys(files).sort()).toEqual([
    "/_next/static/chunks/a-1f.js",
    "/_next/static/media/inter-latin-wght-normal.1f.woff2",
    "/engine/engine.wasm",
    "/engine/worker.js",
    "/history/index.html",
    "/icons/icon-192.png",
    "/icons/icon.svg",
    "/index.html",
    "/index.txt",
    "/manifest.webmanifest",
  ]);
  expect(files["/_next/static/chunks/a-1f.js"]).toBeNull();
  expect(files["/index.html"]).toMatch(/^[0-9a-f]{32}$/);
  expect(warnings.join()).toContain("large.wasm");
});

test("another engine or another policy is another worker; the same app is the same", async () => {
  const [one, same, other] = await Promise.all([
    exported(APP),
    exported(APP),
    exported({ ...APP, "engine/large.wasm": new Uint8Array(3 * 1024 * 1024 + 2) }),
  ]);
  for (const out of [one, same, other]) await buildServiceWorker(out);
  const worker = (out: string) => readFile(path.join(out, "sw.js"), "utf8");
  expect(await worker(same)).toBe(await worker(one));
  expect(await worker(other)).not.toBe(await worker(one));
  await securePages(one);
  await buildServiceWorker(one);
  expect((await kept(one))["/index.html"]).not.toBe((await kept(same))["/index.html"]);
});
