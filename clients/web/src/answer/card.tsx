"use client";

import { Check, Flag } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { change, clock } from "@/design/mark";
import { Button, Card } from "@/design/parts";
import { inScript } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import type { Entry, Named } from "@/keep/history";
import { ProblemNote } from "@/listening/note";
import type { Problem } from "@/listening/problem";
import { report } from "./report";
import { saidOf } from "./said";
import { Told, Ways } from "./ways";

/** What a sound is: the song, where in it, what was done to it, and what else it may be. */
export function AnswerCard(props: { entry: Entry; isSilent?: boolean; away?: Problem | null }) {
  const { entry } = props;
  const t = useTranslations("answer");
  const said = saidOf(entry, props.isSilent);
  const others = entry.status === "ambiguous" && entry.song ? [entry.song, ...entry.others] : entry.others;
  return (
    <Card className="animate-[rise_.25s_ease-out]">
      <div data-testid="answer" data-status={said}>
        <p className="text-muted text-sm">{t(said)}</p>
        {entry.status === "match" && entry.song && <Song entry={entry} song={entry.song} />}
        {(said === "none" || said === "waiting" || said === "silence" || said === "refused") && (
          <p className="mt-2">{t(`${said}Hint`)}</p>
        )}
        {entry.status === "match" && others.length > 0 && (
          <p className="mt-5 font-medium text-sm">{t("others")}</p>
        )}
        {others.length > 0 && <Others songs={others} />}
        {(said === "ambiguous" || said === "unsure") && (
          <div className="mt-2 flex justify-end border-line border-t pt-3">
            <Wrong entry={entry} />
          </div>
        )}
        {props.away?.code === "quota" && <ProblemNote problem={props.away} />}
      </div>
    </Card>
  );
}

function Song({ entry, song }: { entry: Entry; song: Named }) {
  const t = useTranslations("answer");
  const { language } = useLanguage();
  const title = inScript(song.title, language);
  return (
    <>
      <h2 className="mt-1 font-semibold text-3xl tracking-tight" data-testid="title">
        {title.first}
      </h2>
      {title.second && <p className="text-lg text-muted">{title.second}</p>}
      <p className="mt-1 text-lg">{song.artist}</p>
      <Facts entry={entry} song={song} />
      <Ways title={title.first} artist={song.artist} id={song.songId} />
      <div className="mt-4 flex flex-wrap items-center justify-between gap-2 border-line border-t pt-3">
        <Link
          href={`/song?id=${song.songId}`}
          className="min-h-11 content-center text-accent underline underline-offset-4"
        >
          {t("open")}
        </Link>
        <Wrong entry={entry} />
      </div>
    </>
  );
}

function Facts({ entry, song }: { entry: Entry; song: Named }) {
  const t = useTranslations("answer");
  const { speed, pitch } = change(song.speed, song.pitch);
  const facts = [
    song.offset_s >= 0 ? t("at", { place: clock(song.offset_s) }) : "",
    speed === undefined ? "" : t(speed < 1 ? "slowed" : "sped", { speed }),
    pitch === undefined ? "" : t("higher", { semitones: pitch }),
    entry.how === "pack" ? t("offline") : "",
    entry.how === "queue" ? t("queued") : "",
  ].filter(Boolean);
  return (
    <ul className="mt-4 flex flex-wrap gap-2 text-sm" data-testid="facts">
      {facts.map((fact) => (
        <li key={fact} className="rounded-full bg-sunken px-3 py-1">
          {fact}
        </li>
      ))}
    </ul>
  );
}

function Others({ songs }: { songs: readonly Named[] }) {
  const { language } = useLanguage();
  return (
    <ul className="mt-3 divide-y divide-line">
      {songs.map((song) => {
        const { first, second } = inScript(song.title, language);
        return (
          <li key={song.recordingId}>
            <Link prefetch={false} href={`/song?id=${song.songId}`} className="block py-3 hover:text-accent">
              <span className="font-medium">{first}</span>
              {second && <span className="text-muted"> {second}</span>}
              <span className="block text-muted text-sm">{song.artist}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function Wrong({ entry }: { entry: Entry }) {
  const t = useTranslations("answer");
  const [sent, setSent] = useState<Awaited<ReturnType<typeof report>> | "">(entry.wrong ? "wrongKept" : "");
  const question = t(entry.status === "match" ? "wrong" : "noneOfThese");
  // It stays when it has been pressed: whoever has come to it by keys would be lost without it.
  return (
    <>
      <Button
        kind="quiet"
        padding="px-2"
        aria-disabled={sent !== ""}
        onClick={() => {
          if (sent !== "") return;
          setSent("wrongKept"); // at once: a network may take its time
          void report(entry).then(setSent, () => undefined);
        }}
      >
        {sent === "" ? <Flag aria-hidden size={16} /> : <Check aria-hidden size={16} />}
        {sent === "" ? question : t(sent)}
      </Button>
      <Told>{sent === "" ? "" : t(sent)}</Told>
    </>
  );
}
