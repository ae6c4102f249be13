import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { filesUnder } from "./files.mjs";

/** What gets smaller by it; pictures and woff2 are packed already. */
const COMPRESSIBLE = /\.(?:html|js|mjs|css|svg|txt|json|webmanifest|xml|wasm)$/;
/** For hosts, not for browsers. */
const NOT_SERVED = new Set(["csp.json"]);
const SMALLEST = 1024;

/**
 * Puts `.gz` and `.br` beside the files, for servers that only hand out what is there.
 * @param {string} out
 * @param {(file: string) => boolean} [isWanted] which of them; all by default
 * @returns {Promise<string[]>} the files that were compressed
 */
export async function compressFiles(out, isWanted = () => true) {
  const done = [];
  for (const file of await filesUnder(out)) {
    if (
      COMPRESSIBLE.test(file) &&
      !NOT_SERVED.has(file) &&
      isWanted(file) &&
      (await compress(path.join(out, file)))
    ) {
      done.push(file);
    }
  }
  return done;
}

/** @param {string} file */
async function compress(file) {
  const content = await readFile(file);
  const parameters = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const isLarge = content.length > SMALLEST;
  const packed = {
    gz: isLarge ? await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }) : content,
    br: isLarge ? await promisify(brotliCompress)(content, { params: parameters }) : content,
  };
  for (const [ending, smaller] of Object.entries(packed)) {
    // One of an earlier build must not stay beside another file.
    if (smaller.length < content.length) await writeFile(`${file}.${ending}`, smaller);
    else await rm(`${file}.${ending}`, { force: true });
  }
  return packed.gz.length < content.length || packed.br.length < content.length;
}
