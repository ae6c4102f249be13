import { readdir } from "node:fs/promises";
import path from "node:path";

/**
 * All files under a folder, with `/` between their folders, in order.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
    .sort();
}

/** The folder that `next build` exports to. */
export const OUT = path.join(import.meta.dirname, "..", "out");
