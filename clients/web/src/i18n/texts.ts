/** The texts of the languages, compiled (scripts/messages.mjs). English is in the page, the others are fetched. */

import en from "./compiled/en.json";
import type { Language, Messages } from "./languages";

declare global {
  /** Texts that are on their way since before any script of the app was there: see `boot.ts`. */
  var sonicaTexts: Partial<Record<string, Promise<Response>>> | undefined;
}

export const ENGLISH: Messages = told(en);

/** Rejects where there is no network, and they were not kept. */
export async function textsOf(language: Language): Promise<Messages> {
  if (language === "en") return ENGLISH;
  const early = globalThis.sonicaTexts?.[language];
  delete globalThis.sonicaTexts?.[language]; // a body is read once
  const response = await (early ?? fetch(`/texts/${language}.json`));
  if (!response.ok) throw new Error(`no texts of ${language}: ${response.status}`);
  return told(await response.json());
}

/** Compiled texts have the shape of the texts, and are what they are taken for. */
function told(texts: unknown): Messages {
  return texts as Messages;
}
