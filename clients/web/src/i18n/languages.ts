/** The languages of the app, and which of them a listener reads. */

import type en from "./en.json";

export type Messages = typeof en;
export const LANGUAGES = ["en", "hi", "bho"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each calls itself. */
export const NAMES: Record<Language, string> = { en: "English", hi: "हिन्दी", bho: "भोजपुरी" };

/** Whose way of writing numbers and times each has: browsers know none of Bhojpuri. */
export const FORMATS: Record<Language, string> = { en: "en-IN", hi: "hi-IN", bho: "hi-IN" };

export function isLanguage(text: unknown): text is Language {
  return (LANGUAGES as readonly unknown[]).includes(text);
}

/** The first of the wanted languages (BCP 47 tags) that there is; English where there is none. */
export function firstOf(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [primary] = tag.toLowerCase().split("-");
    if (isLanguage(primary)) return primary;
  }
  return "en";
}

const BOTH = /^(?<outer>[^()]+?)\s*\((?<inner>[^()]+)\)$/;
/** What stands in brackets and is no title: `(From "Aashiqui 2")`, `(Female Version)`. */
const REMARK =
  /["“”']|^(?:from|feat|ft|with|remix|version|live|reprise|female|male|unplugged|lo-?fi|slowed|part|dj|title)\b|\b(?:version|remix|mix|cover|song|edit)$/i;
const DEVANAGARI = /\p{Script=Devanagari}/u;

/**
 * A title that is told in both scripts, `शाम की चिट्ठी (Shaam ki Chitthi)`, with that of the listener first.
 * A title with something else in brackets stays as it is.
 */
export function inScript(title: string, language: Language): { first: string; second: string } {
  const { outer, inner } = BOTH.exec(title)?.groups ?? {};
  if (!outer || !inner || REMARK.test(inner) || DEVANAGARI.test(outer) === DEVANAGARI.test(inner)) {
    return { first: title, second: "" };
  }
  const isFirst = DEVANAGARI.test(outer) === (language !== "en");
  return isFirst ? { first: outer, second: inner } : { first: inner, second: outer };
}

/** A language's name, as browsers know it in the listener's; the tag itself where they do not. */
export function languageName(tag: string, language: Language): string {
  try {
    return new Intl.DisplayNames([FORMATS[language]], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
