/**
 * Before the app is built or checked: the texts as what they mean, so that no page has to carry what reads ICU's
 * notation. A text that is wrong is told here.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
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

/** English is in the page; the others are files that a browser asks for before it has the page's scripts. */
const PLACES = { en: BUNDLED, hi: FETCHED, bho: FETCHED };
for (const [language, place] of Object.entries(PLACES)) {
  const texts = JSON.parse(await readFile(path.join(FROM, `${language}.json`), "utf8"));
  await mkdir(place, { recursive: true });
  await writeFile(path.join(place, `${language}.json`), JSON.stringify(compiled(texts, language)));
}
