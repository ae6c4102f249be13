// Chromium, and a site for it: this package as a page would have it, under the strictest policy that it needs.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { delimiter, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "@playwright/test";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};
/** What lies where. `/untyped/` is a server that does not know what WebAssembly is. */
const FOLDERS = {
  "/engine/": "../dist/",
  "/untyped/": "../dist/",
  "/source/engine/": "../../../engine/",
  "/source/clients/engine/test/": "./",
};

/** The package as one script, as Next or esbuild make it of the source. */
async function bundle() {
  const made = await build({
    entryPoints: [here("../src/index.ts")],
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "error",
  });
  return made.outputFiles[0].contents;
}

async function find(path, script, files) {
  if (path === "/") return { type: ".html", body: '<!doctype html><link rel="icon" href="data:,">' };
  if (path === "/sonica.js") return { type: ".js", body: script };
  if (files[path]) return { type: "", body: await readFile(files[path]) };
  const [prefix, folder] = Object.entries(FOLDERS).find(([start]) => path.startsWith(start)) ?? [];
  if (!prefix || path.includes("..")) return undefined;
  const file = here(folder + path.slice(prefix.length));
  if (!existsSync(file)) return undefined;
  return {
    type: prefix === "/untyped/" && file.endsWith(".wasm") ? "" : extname(file),
    body: await readFile(file),
  };
}

async function serve(files) {
  const script = await bundle();
  const server = createServer(async ({ url }, response) => {
    const found = await find(new URL(url, "http://localhost").pathname, script, files);
    response.writeHead(found ? 200 : 404, {
      "content-type": TYPES[found?.type] ?? "application/octet-stream",
      "content-security-policy": POLICY,
    });
    response.end(found?.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, address: `http://127.0.0.1:${server.address().port}/` };
}

function executable() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const inPath = ["chromium", "google-chrome"].flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [process.env.CHROMIUM, ...inPath].find((place) => place && existsSync(place));
  if (!found) throw new Error("there is no Chromium: install chromium, or say where it is in CHROMIUM");
  return found;
}

/**
 * Runs `work(page)` in a fresh Chromium at the site's page.
 * @param {(page: import("@playwright/test").Page) => Promise<unknown>} work
 * @param {{sound?: string, files?: Record<string, string>}} [options] `sound`: the WAV file that the
 *   microphone hears. `files`: what else lies at the site, by path.
 */
export async function withPage(work, { sound, files = {} } = {}) {
  const { server, address } = await serve(files);
  const microphone = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-audio-capture=${sound}%noloop`,
  ];
  const browser = await chromium.launch({
    executablePath: executable(),
    args: ["--no-sandbox", "--disable-gpu", ...(sound ? microphone : [])],
  });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    return await work(page);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}
