/**
 * After `next build`, before build-sw.mjs, which takes the revisions of the pages: writes into each page what it
 * may do, and the same into `csp.json` for servers that say it in a header; then compresses all there is.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { compressFiles } from "./compress.mjs";
import { filesUnder, OUT } from "./files.mjs";

const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi;
const CHARSET = /<meta\s+charset=["']?[\w-]+["']?\s*\/?>/i;
const OURS = /<meta http-equiv="Content-Security-Policy"[^>]*>/gi;
/** Scripts that a browser runs; others are data. */
const RUN = /^(?:text\/javascript|application\/javascript|module|importmap|speculationrules)?$/i;

/**
 * What a page may do whose inline scripts have these hashes. `frame-ancestors` holds in a header only.
 * @param {readonly string[]} hashes
 */
export function policyOf(hashes) {
  const scripts = hashes.map((hash) => `'${hash}'`);
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...scripts].join(" "),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");
}

/**
 * The hashes of a page's inline scripts, each once.
 * @param {string} html
 */
export function hashesOf(html) {
  const hashes = new Set();
  for (const [, attributes = "", script = ""] of html.matchAll(SCRIPT)) {
    const type = /\btype\s*=\s*["']?([^"'\s>]*)/i.exec(attributes)?.[1] ?? "";
    if (/\bsrc\s*=/i.test(attributes) || script === "" || !RUN.test(type)) continue;
    // As a browser hashes it: after it has read the line ends.
    const read = script.replaceAll(/\r\n?/g, "\n");
    hashes.add(`sha256-${createHash("sha256").update(read).digest("base64")}`);
  }
  return [...hashes];
}

/**
 * The page with its policy in front of all that the policy is for. Only the charset comes before it: a browser
 * looks for that in the first 1,024 bytes, and the hashes may take more.
 * @param {string} html
 */
export function securePage(html) {
  const bare = html.replaceAll(OURS, "");
  const head = /<head\b[^>]*>/i.exec(bare);
  if (!head) throw new Error("There is no head.");
  const charset = CHARSET.exec(bare)?.[0] ?? "";
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policyOf(hashesOf(bare))}"/>`;
  const end = head.index + head[0].length;
  return bare.slice(0, end) + charset + meta + bare.slice(end).replace(charset, "");
}

/**
 * @param {string} out
 * @returns {Promise<Record<string, string[]>>} the hashes by the path of the page, as in `csp.json`
 */
export async function securePages(out) {
  /** @type {Record<string, string[]>} */
  const told = {};
  for (const file of (await filesUnder(out)).filter((name) => name.endsWith(".html"))) {
    const html = await readFile(path.join(out, file), "utf8");
    try {
      await writeFile(path.join(out, file), securePage(html));
    } catch (cause) {
      throw new Error(`${file} cannot be made safe.`, { cause });
    }
    told[`/${file}`] = hashesOf(html);
  }
  await writeFile(path.join(out, "csp.json"), `${JSON.stringify(told, null, 2)}\n`);
  return told;
}

if (import.meta.main) {
  const pages = Object.keys(await securePages(OUT));
  const files = await compressFiles(OUT);
  process.stdout.write(`${pages.length} pages have a policy, ${files.length} files are compressed.\n`);
}
