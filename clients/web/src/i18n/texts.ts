/** The texts of the languages, compiled (scripts/messages.mjs). English is in the page, the others are fetched. */

import en from "./compiled/en.json";
import places from "./compiled/places.json";
import type { Language, Messages } from "./languages";

declare global {
  /** Texts that are on their way since before any script of the app was there: see `boot.ts`. */
  var sonicaTexts: Partial<Record<string, Promise<Response>>> | undefined;
}

export const ENGLISH = en as unknown as Messages;
/** Where the others are, as compiled: part of the page, so that both are of one version. */
export const PLACES: Record<Exclude<Language, "en">, string> = places;

/** Rejects where there is no network, and they were not kept. */
export async function textsOf(language: Language): Promise<Messages> {
  if (language === "en") return ENGLISH;
  const early = globalThis.sonicaTexts?.[language];
  delete globalThis.sonicaTexts?.[language]; // a body is read once
  const begun = await early?.catch(() => undefined);
  const response = begun?.ok ? begun : await fetch(PLACES[language]);
  if (!response.ok) throw new Error(`no texts of ${language}: ${response.status}`);
  return (await response.json()) as Messages;
}
