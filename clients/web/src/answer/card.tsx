"use client";

import { Check, ExternalLink, Flag, Share2 } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { change, clock } from "@/design/mark";
import { Button, buttonLook, Card } from "@/design/parts";
import { inScript } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import type { Entry, Named } from "@/keep/history";
import { ProblemNote } from "@/listening/note";
import type { Problem } from "@/listening/problem";
import { report } from "./report";
import { saidOf } from "./said";
import { share } from "./share";

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
  const wanted = encodeURIComponent(`${title.first} ${song.artist}`);
  return (
    <>
      <h2 className="mt-1 font-semibold text-3xl tracking-tight" data-testid="title">
        {title.first}
      </h2>
      {title.second && <p className="text-lg text-muted">{title.second}</p>}
      <p className="mt-1 text-lg">{song.artist}</p>
      <Facts entry={entry} song={song} />
      <div className="mt-5 flex flex-wrap gap-2">
        <Sharing title={title.first} artist={song.artist} id={song.songId} />
        <Outward href={`https://www.youtube.com/results?search_query=${wanted}`} label={t("youtube")}>
          YouTube
        </Outward>
        <Outward href={`https://open.spotify.com/search/${wanted}`} label={t("spotify")}>
          Spotify
        </Outward>
      </div>
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

function Outward({ href, label, children }: { href: string; label: string; children: ReactNode }) {
  return (
    <a
      href={href}
      aria-label={label}
      target="_blank"
      rel="noopener noreferrer"
      className={buttonLook("plain", "px-3.5")}
    >
      {children}
      <ExternalLink aria-hidden size={14} />
    </a>
  );
}

function Sharing({ title, artist, id }: { title: string; artist: string; id: string }) {
  const t = useTranslations("answer");
  const [isCopied, setCopied] = useState(false);
  const press = async () => {
    const url = new URL(`/song?id=${id}`, location.href).href;
    setCopied((await share(t("shareText", { title, artist }), url)) === "copied");
  };
  return (
    <>
      <Button kind="primary" padding="px-3.5" onClick={() => void press()}>
        {isCopied ? <Check aria-hidden size={18} /> : <Share2 aria-hidden size={18} />}
        {isCopied ? t("shared") : t("share")}
      </Button>
      <Told>{isCopied ? t("shared") : ""}</Told>
    </>
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
        onClick={() => sent === "" && void report(entry).then(setSent)}
      >
        {sent === "" ? <Flag aria-hidden size={16} /> : <Check aria-hidden size={16} />}
        {sent === "" ? question : t(sent)}
      </Button>
      <Told>{sent === "" ? "" : t(sent)}</Told>
    </>
  );
}

/** For screen readers: what a button says now. Within it, it would not be the button's name. */
function Told({ children }: { children: string }) {
  return (
    <span role="status" className="sr-only">
      {children}
    </span>
  );
}
