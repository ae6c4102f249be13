"use client";

import { Trash2 } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { focusOn, useHeldFocus } from "@/design/focus";
import { Waiting } from "@/design/lists";
import { Button, buttonLook, Empty, Page } from "@/design/parts";
import { inScript } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import type { Entry } from "@/keep/history";
import { offline } from "@/keep/kept";

const AT_ONCE = 50;

/** All that was heard on this device, the newest first, a heading a day. */
export function HistoryPage() {
  const t = useTranslations("history");
  const [limit, setLimit] = useState(AT_ONCE);
  const { entries, isMore } = useEntries(limit);
  const held = useHeldFocus<HTMLDivElement>();
  return (
    <Page title={t("title")}>
      {entries === undefined && <Waiting rows={3} />}
      {entries?.length === 0 && (
        <Empty
          action={
            <Link prefetch={false} href="/" className={buttonLook("primary")}>
              {t("first")}
            </Link>
          }
        >
          {t("empty")}
        </Empty>
      )}
      {entries && entries.length > 0 && (
        <>
          <Days entries={entries} />
          <div {...held} className="mt-6 flex flex-wrap justify-center gap-3">
            {isMore && <Button onClick={() => setLimit(limit + AT_ONCE)}>{t("more")}</Button>}
            <Clear />
          </div>
        </>
      )}
    </Page>
  );
}

/** The newest; while more are read, those of before. */
function useEntries(limit: number): { entries?: Entry[]; isMore: boolean } {
  const [known, setKnown] = useState<{ entries?: Entry[]; isMore: boolean }>({ isMore: false });
  useEffect(() => {
    let isGone = false;
    const look = () =>
      void offline()
        .history.list({ limit })
        .then(
          (found) => isGone || setKnown({ entries: found, isMore: found.length === limit }),
          () => isGone || setKnown({ entries: [], isMore: false }),
        );
    look();
    const end = offline().history.subscribe(look);
    return () => {
      isGone = true;
      end();
    };
  }, [limit]);
  return known;
}

function Days({ entries }: { entries: readonly Entry[] }) {
  const format = useFormatter();
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = format.dateTime(entry.heardAt, { dateStyle: "full" });
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return (
    <>
      {[...days].map(([day, those]) => (
        <section key={day} className="mb-7">
          <h2 className="mb-1 font-medium text-muted text-sm">{day}</h2>
          <ul className="divide-y divide-line">
            {those.map((entry) => (
              <Row key={entry.id} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Row({ entry }: { entry: Entry }) {
  const t = useTranslations("history");
  const format = useFormatter();
  const { language } = useLanguage();
  const song = entry.song ?? entry.others[0];
  const name = song && inScript(song.title, language).first;
  const title = titleOf(entry, name, t);
  return (
    <li className="flex items-center gap-2">
      <Link
        href={`/answer?id=${entry.id}`}
        className="group flex min-h-16 min-w-0 flex-1 items-center gap-4 py-2.5"
      >
        <span className="min-w-0 flex-1">
          <span
            className={`block truncate group-hover:text-accent ${song ? "font-medium" : "text-muted italic"}`}
          >
            {title}
          </span>
          <span className="block truncate text-muted text-sm">
            {song ? song.artist : (entry.fileName ?? t("from", { source: entry.source }))}
          </span>
        </span>
        <time dateTime={new Date(entry.heardAt).toISOString()} className="text-muted text-sm tabular-nums">
          {format.dateTime(entry.heardAt, { timeStyle: "short" })}
        </time>
      </Link>
      <Button
        kind="quiet"
        padding="px-3"
        aria-label={t("remove", { title: name ?? title })}
        onClick={({ currentTarget, detail }) => {
          // By keys: who clicks does not wait for a focus, and a space is meant to scroll.
          if (detail === 0) focusBeside(currentTarget);
          void offline().history.remove(entry.id);
        }}
      >
        <Trash2 aria-hidden size={18} />
      </Button>
    </li>
  );
}

/** What a row says: a song as surely as the answer did. */
function titleOf(
  { status, others }: Entry,
  name: string | undefined,
  t: ReturnType<typeof useTranslations<"history">>,
): string {
  if (name === undefined) return status === "waiting" ? t("waiting") : t("unknown");
  if (status === "unsure") return t("perhaps", { title: name });
  return status === "ambiguous" ? t("oneOf", { title: name, count: others.length }) : name;
}

/** To the same button of the next row, or of the one before, as this one goes. */
function focusBeside(button: HTMLElement): void {
  const all = [...document.querySelectorAll<HTMLElement>("main li > button")];
  const at = all.indexOf(button);
  focusOn(all[at + 1] ?? all[at - 1]);
}

function Clear() {
  const t = useTranslations("history");
  const [count, setCount] = useState<number>();
  const [wasAsked, setAsked] = useState(false);
  if (count === undefined) {
    return (
      <Button
        autoFocus={wasAsked}
        onClick={() =>
          void offline()
            .history.list()
            .then((all) => setCount(all.length))
        }
      >
        <Trash2 aria-hidden size={18} /> {t("clear")}
      </Button>
    );
  }
  return (
    <div
      role="alertdialog"
      aria-label={t("clearSure", { count })}
      className="flex flex-wrap items-center gap-3"
    >
      <p>{t("clearSure", { count })}</p>
      <Button
        className="text-bad"
        onClick={() => {
          focusOn(null);
          void offline().history.clear();
        }}
      >
        {t("yes")}
      </Button>
      <Button
        autoFocus
        onClick={() => {
          setAsked(true);
          setCount(undefined);
        }}
      >
        {t("no")}
      </Button>
    </div>
  );
}
