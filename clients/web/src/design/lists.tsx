"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { inScript } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import { Empty } from "./parts";

/** A song in a list: its names, and what else there is to say at either side. */
export function SongRow(props: {
  id: string;
  title: string;
  artist: string;
  before?: ReactNode;
  after?: ReactNode;
}) {
  const { language } = useLanguage();
  const { first, second } = inScript(props.title, language);
  return (
    <Link
      prefetch={false}
      href={`/song?id=${props.id}`}
      className="group flex min-h-16 items-center gap-4 py-2.5"
    >
      {props.before}
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium group-hover:text-accent">{first}</span>
        <span className="block truncate text-muted text-sm">
          {second && <>{second} · </>}
          {props.artist}
        </span>
      </span>
      {props.after}
    </Link>
  );
}

/** As many empty rows as are awaited, so that nothing moves when they come. */
export function Waiting({ rows }: { rows: number }) {
  return (
    <div aria-busy="true" className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={row} className="flex min-h-16 items-center">
          <div className="h-4 w-2/3 animate-pulse rounded-full bg-sunken" />
        </div>
      ))}
    </div>
  );
}

export function NotLoaded() {
  const t = useTranslations("problem");
  return (
    <Empty>
      <span role="alert">
        <strong className="block text-ink">{t("load")}</strong> {t("loadHint")}
      </span>
    </Empty>
  );
}
