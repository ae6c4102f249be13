/**
 * Before the app is built or checked: the texts as what they mean, so that no page has to carry what reads ICU's
 * notation. A text that is wrong is told here.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import compile from "icu-minify/compile";

const FROM = path.join(import.meta.dirname, "..", "src", "i18n");
const BUNDLED = path.join(FROM, "compiled");
const FETCHED = path.join(import.meta.dirname, "..", "public", "texts");

/**
 * @param {string | Record<string, unknown>} texts
 * @param {string} at
 * @returns {unknown}
 */
export function compiled(texts, at = "") {
  if (typeof texts === "string") {
    try {
      return compile(texts);
    } catch (cause) {
      throw new Error(`the text ${at} cannot be read: ${texts}`, { cause });
    }
  }
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, compiled(text, at ? `${at}.${name}` : name)]),
  );
}

/** @param {string} language */
async function textOf(language) {
  const texts = JSON.parse(await readFile(path.join(FROM, `${language}.json`), "utf8"));
  return JSON.stringify(compiled(texts, language));
}

/**
 * English is in the page; the others are files that a browser asks for before it has the page's scripts. Their names
 * say what is in them, so that no page gets the texts of another version.
 */
await rm(FETCHED, { recursive: true, force: true });
for (const folder of [BUNDLED, FETCHED]) await mkdir(folder, { recursive: true });
/** @type {Record<string, string>} */
const places = {};
for (const language of ["hi", "bho"]) {
  const text = await textOf(language);
  const name = `${language}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.json`;
  await writeFile(path.join(FETCHED, name), text);
  places[language] = `/texts/${name}`;
}
await writeFile(path.join(BUNDLED, "places.json"), JSON.stringify(places));
await writeFile(path.join(BUNDLED, "en.json"), await textOf("en"));
