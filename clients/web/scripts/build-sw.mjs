/** After pages.mjs: bundles the service worker, tells it of all files of the app, and compresses it. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { injectManifest } from "@serwist/build";
import { build } from "esbuild";
import { compressFiles } from "./compress.mjs";
import { filesUnder, OUT } from "./files.mjs";

const SOURCE = path.join(import.meta.dirname, "..", "src", "sw", "sw.ts");
const KINDS = "html,js,css,woff2,svg,png,webmanifest,txt,wasm";
const LARGEST = 3 * 1024 * 1024;
const NOT_KEPT = [
  // For browsers without SIMD alone, and kept when one of those has used it.
  "engine/sonica-plain.wasm",
  // Servers give them out with status 404, and one such file keeps the worker from being installed.
  "**/404*",
  "**/404/**",
  "**/_not-found*",
  "**/_not-found/**",
  "robots.txt",
  // The browser fetches them when the app is installed; no page shows them.
  "icons/*-512.png",
  "sw.js",
  // Scripts that no listener of ours reads; where one does, the file comes when it is needed.
  "**/*-{cyrillic,cyrillic-ext,greek,greek-ext,vietnamese}-*.woff2",
];

/**
 * Writes `sw.js`.
 * @param {string} out
 * @returns {Promise<{ count: number, size: number, warnings: string[] }>} files that it keeps, their bytes, and
 * what is too large to be kept before it is used
 */
export async function buildServiceWorker(out) {
  const folder = await mkdtemp(path.join(tmpdir(), "sonica-sw-"));
  try {
    const bundle = path.join(folder, "sw.js");
    await build({
      entryPoints: [SOURCE],
      outfile: bundle,
      bundle: true,
      minify: true,
      format: "iife",
      target: "es2022",
      logLevel: "warning",
      define: {
        "process.env.NODE_ENV": '"production"',
        "process.env.NEXT_PUBLIC_SONICA_API": JSON.stringify(process.env.NEXT_PUBLIC_SONICA_API ?? ""),
        ENGINE_REVISION: JSON.stringify(await revisionOf(out, "engine/")),
      },
    });
    const { count, size, warnings } = await injectManifest({
      swSrc: bundle,
      swDest: path.join(out, "sw.js"),
      globDirectory: out,
      globPatterns: [`**/*.{${KINDS}}`, "texts/*.json"],
      globIgnores: [...NOT_KEPT, ...(await scriptsForOldBrowsers(out))],
      maximumFileSizeToCacheInBytes: LARGEST,
      // The hash is in the name already.
      dontCacheBustURLsMatching: /^\/?_next\/static\//,
      modifyURLPrefix: { "": "/" },
    });
    return { count, size, warnings };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Those that only browsers without modules run, and these have no service workers either: 110 kB less to fetch.
 * @param {string} out
 */
async function scriptsForOldBrowsers(out) {
  const found = new Set();
  for (const file of (await filesUnder(out)).filter((name) => name.endsWith(".html"))) {
    const html = await readFile(path.join(out, file), "utf8");
    for (const [script] of html.matchAll(/<script\b[^>]*\bnomodule\b[^>]*>/gi)) {
      const source = /\bsrc="\/([^"?]+)/.exec(script)?.[1];
      if (source) found.add(source);
    }
  }
  return [...found];
}

/**
 * Another one where any of the files is another.
 * @param {string} out
 * @param {string} folder
 */
async function revisionOf(out, folder) {
  const sum = createHash("sha256");
  const files = (await filesUnder(out)).filter(
    (file) => file.startsWith(folder) && !/\.(?:gz|br)$/.test(file),
  );
  for (const file of files) {
    const content = await readFile(path.join(out, file));
    sum.update(`${file}\n${content.length}\n`).update(content);
  }
  return sum.digest("hex").slice(0, 16);
}

if (import.meta.main) {
  const { count, size, warnings } = await buildServiceWorker(OUT);
  await compressFiles(OUT, (file) => file === "sw.js");
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  process.stdout.write(`The service worker keeps ${count} files, ${Math.ceil(size / 1024)} kB.\n`);
}
