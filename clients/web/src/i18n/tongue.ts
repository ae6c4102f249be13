"use client";

import { useTranslations } from "use-intl";
import { languageName } from "./languages";
import { useLanguage } from "./provider";

/** Gives a language's name in the listener's: `bho` is Bhojpuri, भोजपुरी. The tag itself where nobody knows it. */
export function useTongue(): (tag: string) => string {
  const t = useTranslations("tongue");
  const { language } = useLanguage();
  // Browsers know no name for Bhojpuri.
  return (tag) => (tag === "hi" || tag === "bho" ? t(tag) : languageName(tag, language));
}
