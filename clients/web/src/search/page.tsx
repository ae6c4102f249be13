"use client";

import type { SongDetail } from "@sonica/sdk";
import { Search } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { sonica } from "@/api/sonica";
import { NotLoaded, SongRow, Waiting } from "@/design/lists";
import { Button, Empty, Page } from "@/design/parts";
import { useTongue } from "@/i18n/tongue";

const AT_ONCE = 30;
const TYPING_MS = 180;

interface Found {
  query: string;
  songs: SongDetail[];
  next: string | null;
}

/** Songs as one types, in either script. */
export function SearchPage() {
  const t = useTranslations("search");
  const tongue = useTongue();
  const [query, setQuery] = useState("");
  const { found, isLost, more } = useFound(query.trim());
  return (
    <Page title={t("title")} lead={t("lead")}>
      <search className="mb-4 block">
        <label htmlFor="query" className="mb-2 block font-medium text-sm">
          {t("label")}
        </label>
        <span className="relative block">
          <Search aria-hidden size={20} className="absolute top-4 left-4 text-muted" />
          <input
            id="query"
            type="search"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            placeholder={t("placeholder")}
            autoComplete="off"
            enterKeyHint="search"
            maxLength={200}
            className="h-13 w-full rounded-full border border-muted bg-raised pr-5 pl-12 text-lg placeholder:text-muted"
          />
        </span>
      </search>
      <p role="status" className="sr-only">
        {found ? t("found", { count: found.songs.length }) : ""}
      </p>
      {isLost && <NotLoaded />}
      {!found && !isLost && <Waiting rows={6} />}
      {found?.songs.length === 0 && <Empty>{t("empty", { query: found.query })}</Empty>}
      {found && (
        <ul className="divide-y divide-line">
          {found.songs.map((song) => (
            <li key={song.id}>
              <SongRow
                id={String(song.id)}
                title={song.title ?? ""}
                artist={song.artist ?? ""}
                after={<span className="text-muted text-sm">{song.language && tongue(song.language)}</span>}
              />
            </li>
          ))}
        </ul>
      )}
      {found?.next && (
        <div className="mt-4 text-center">
          <Button onClick={more}>{t("more")}</Button>
        </div>
      )}
    </Page>
  );
}

/** What is found; what was found before stays until then, so that the page does not flicker. */
function useFound(query: string): { found: Found | null; isLost: boolean; more: () => void } {
  const [found, setFound] = useState<Found | null>(null);
  const [isLost, setLost] = useState(false);

  useEffect(() => {
    const ends = new AbortController();
    const ask = async () => {
      const list = await sonica().songs({ q: query, limit: AT_ONCE }, { signal: ends.signal });
      setFound({ query, songs: list.items, next: list.next });
      setLost(false);
    };
    const timer = setTimeout(() => void ask().catch(() => ends.signal.aborted || setLost(true)), TYPING_MS);
    return () => {
      clearTimeout(timer);
      ends.abort();
    };
  }, [query]);

  const more = useCallback(() => {
    if (!found?.next) return;
    void sonica()
      .songs({ q: found.query, limit: AT_ONCE, cursor: found.next })
      .then(({ items, next }) =>
        setFound((now) =>
          now?.query === found.query ? { ...now, songs: [...found.songs, ...items], next } : now,
        ),
      )
      .catch(() => setLost(true));
  }, [found]);

  return { found, isLost, more };
}
