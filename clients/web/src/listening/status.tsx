"use client";

import { Mic } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { saidOf } from "@/answer/said";
import { inScript } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import { offline } from "@/keep/kept";
import { useIsOnline } from "@/offline/online";
import type { State } from "./listening";

/**
 * Below the button, what goes on. Screen readers hear what changes, not each tenth of a second. `onTurnOff`: the
 * microphone is open though nobody listens, and this ends it.
 */
export function Status({ state, onTurnOff }: { state: State; onTurnOff: (() => void) | undefined }) {
  const t = useTranslations("listen");
  const isOnline = useIsOnline();
  const told = useTranslations("problem");
  const waiting = useWaiting();
  const seconds = state.phase === "listening" ? state.seconds : 0;
  const said = useSaid(state);
  const away = state.phase === "listening" && state.away ? told(state.away.code) : "";
  const perhaps = usePerhaps(state);
  const notes = [perhaps, away, isOnline ? "" : t("offline")].filter((note) => note !== "");
  const isOver = state.phase === "answered" || state.phase === "failed";
  return (
    <div className={`mt-1 text-center text-muted ${isOver ? "" : "min-h-13"}`}>
      <p className="sr-only" role="status">
        {[said, ...(onTurnOff ? [t("ready")] : []), ...notes].join(" ")}
      </p>
      {state.phase === "listening" ? (
        <p className="tabular-nums" aria-hidden>
          {state.isQuiet ? t("quiet") : t("listening", { seconds })}
        </p>
      ) : (
        <p aria-hidden>{isOver ? null : said}</p>
      )}
      {onTurnOff && <OpenMicrophone onTurnOff={onTurnOff} />}
      {notes.map((note) => (
        <p key={note} className="px-5 text-sm" aria-hidden>
          {note}
        </p>
      ))}
      {waiting > 0 && <p className="text-sm">{t("waiting", { count: waiting })}</p>}
    </div>
  );
}

function OpenMicrophone({ onTurnOff }: { onTurnOff: () => void }) {
  const t = useTranslations("listen");
  return (
    <p className="flex items-center justify-center gap-1.5 text-sm" data-testid="ready">
      <Mic aria-hidden size={16} className="text-accent" />
      {t("ready")} ·
      <button
        type="button"
        className="-my-3 py-3 text-accent underline"
        aria-label={t("readyOffLabel")}
        onClick={onTurnOff}
      >
        {t("readyOff")}
      </button>
    </p>
  );
}

function useSaid(state: State): string {
  const t = useTranslations("listen");
  const answer = useTranslations("answer");
  const { language } = useLanguage();
  switch (state.phase) {
    case "idle":
      return t("idle");
    case "starting":
      return t("starting");
    case "resting":
      return t("keepHint");
    case "reading":
      return t("decoding", { name: state.name });
    case "listening":
      return state.isQuiet ? t("quiet") : t("hearing");
    case "answered": {
      const { song, status } = state.entry;
      if (status !== "match" || !song) return answer(saidOf(state.entry, state.isSilent));
      return t("named", { title: inScript(song.title, language).first, artist: song.artist });
    }
    default:
      return "";
  }
}

/** What it may be, while it is listened on. */
function usePerhaps(state: State): string {
  const t = useTranslations("listen");
  const { language } = useLanguage();
  if (state.phase !== "listening" || !state.perhaps) return "";
  return t("perhaps", { title: inScript(state.perhaps.title, language).first });
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
