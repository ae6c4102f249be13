"use client";

import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { IntlProvider } from "use-intl";
import { readSetting, writeSetting } from "@/keep/settings";
import { FORMATS, firstOf, isLanguage, type Language, type Messages } from "./languages";
import { ENGLISH, textsOf } from "./texts";

interface Chosen {
  language: Language;
  choose: (language: Language) => void;
}

const Context = createContext<Chosen>({ language: "en", choose: () => undefined });

/** Pages are exported in English; another language is put in before anything is shown (see `boot.ts`). */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [{ language, messages }, set] = useState<{ language: Language; messages: Messages }>({
    language: "en",
    messages: ENGLISH,
  });

  const wanted = useRef<Language>("en");
  const change = useCallback(async (next: Language) => {
    wanted.current = next;
    const texts = await textsOf(next).catch(() => undefined); // without a network what there is stays
    if (next !== wanted.current) return; // another was chosen meanwhile
    if (texts) set({ language: next, messages: texts });
    show(texts && next);
  }, []);

  useEffect(() => {
    const kept = readSetting("language");
    void change(isLanguage(kept) ? kept : firstOf(navigator.languages));
  }, [change]);

  const choose = useCallback(
    (next: Language) => {
      writeSetting("language", next);
      void change(next);
    },
    [change],
  );
  const chosen = useMemo(() => ({ language, choose }), [language, choose]);
  return (
    <Context value={chosen}>
      <IntlProvider locale={FORMATS[language]} messages={messages} timeZone={ZONE} onError={raise}>
        {children}
      </IntlProvider>
    </Context>
  );
}

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A text that is missing is a mistake of ours, and the tests are to see it. */
function raise(error: Error): void {
  throw error;
}

function show(language: Language | undefined): void {
  if (language) document.documentElement.lang = language;
  delete document.documentElement.dataset.pending;
}

export function useLanguage(): Chosen {
  return use(Context);
}
