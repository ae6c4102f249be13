"use client";

import { Trash2 } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
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
  const entries = useEntries(limit);
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
          <div className="mt-6 flex flex-wrap justify-center gap-3">
            {entries.length === limit && (
              <Button onClick={() => setLimit(limit + AT_ONCE)}>{t("more")}</Button>
            )}
            <Clear />
          </div>
        </>
      )}
    </Page>
  );
}

function useEntries(limit: number): Entry[] | undefined {
  const [entries, setEntries] = useState<Entry[]>();
  useEffect(() => {
    let isGone = false;
    const look = () =>
      void offline()
        .history.list({ limit })
        .then(
          (found) => isGone || setEntries(found),
          () => isGone || setEntries([]),
        );
    look();
    const end = offline().history.subscribe(look);
    return () => {
      isGone = true;
      end();
    };
  }, [limit]);
  return entries;
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
  const unnamed = entry.status === "waiting" ? t("waiting") : t("unknown");
  const title = song ? inScript(song.title, language).first : unnamed;
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
        aria-label={t("remove", { title })}
        onClick={() => void offline().history.remove(entry.id)}
      >
        <Trash2 aria-hidden size={18} />
      </Button>
    </li>
  );
}

function Clear() {
  const t = useTranslations("history");
  const [count, setCount] = useState<number>();
  if (count === undefined) {
    return (
      <Button
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
      <Button onClick={() => void offline().history.clear()} className="text-bad">
        {t("yes")}
      </Button>
      <Button autoFocus onClick={() => setCount(undefined)}>
        {t("no")}
      </Button>
    </div>
  );
}
