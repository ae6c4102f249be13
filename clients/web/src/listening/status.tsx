"use client";

import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { inScript } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import { offline } from "@/keep/kept";
import { useIsOnline } from "@/offline/online";
import type { State } from "./listening";

/** One line below the button: what goes on. Screen readers hear what changes, not each tenth of a second. */
export function Status({ state }: { state: State }) {
  const t = useTranslations("listen");
  const isOnline = useIsOnline();
  const told = useTranslations("problem");
  const waiting = useWaiting();
  const seconds = state.phase === "listening" ? state.seconds : 0;
  const said = useSaid(state);
  const isOver = state.phase === "answered" || state.phase === "failed";
  return (
    <div className={`mt-1 text-center text-muted ${isOver ? "" : "min-h-13"}`}>
      <p className="sr-only" role="status">
        {said}
      </p>
      {state.phase === "listening" ? (
        <p className="tabular-nums" aria-hidden>
          {state.isQuiet ? t("quiet") : t("listening", { seconds })}
        </p>
      ) : (
        <p aria-hidden>{isOver ? null : said}</p>
      )}
      {state.phase === "listening" && state.away && <p className="text-sm">{told(state.away.code)}</p>}
      {!isOnline && <p className="text-sm">{t("offline")}</p>}
      {waiting > 0 && <p className="text-sm">{t("waiting", { count: waiting })}</p>}
    </div>
  );
}

function useSaid(state: State): string {
  const t = useTranslations("listen");
  const { language } = useLanguage();
  switch (state.phase) {
    case "idle":
      return t("idle");
    case "starting":
      return t("starting");
    case "reading":
      return t("decoding", { name: state.name });
    case "listening":
      return state.isQuiet ? t("quiet") : t("listening", { seconds: 0 });
    case "answered": {
      const { song } = state.entry;
      if (!song) return t("nothingNamed");
      return t("named", { title: inScript(song.title, language).first, artist: song.artist });
    }
    default:
      return "";
  }
}

/** How many fingerprints wait for the network. */
function useWaiting(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const look = () =>
      void offline()
        .queue.count()
        .then(setCount, () => undefined);
    look();
    return offline().queue.subscribe(look);
  }, []);
  return count;
}
