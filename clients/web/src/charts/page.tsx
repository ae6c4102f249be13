"use client";

import { TrendingDown, TrendingUp } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { sonica } from "@/api/sonica";
import { useLoaded } from "@/api/use";
import { NotLoaded, SongRow, Waiting } from "@/design/lists";
import { Choice, Empty, Page } from "@/design/parts";
import { useTongue } from "@/i18n/tongue";

const PERIODS = ["day", "week", "month", "year"] as const;
const ORDERS = ["popular", "rising"] as const;
const LANGUAGES = ["", "hi", "bho"] as const;

/** What is asked for most, by time and language. */
export function ChartsPage() {
  const t = useTranslations("charts");
  const tongue = useTongue();
  const [period, setPeriod] = useState<(typeof PERIODS)[number]>("week");
  const [order, setOrder] = useState<(typeof ORDERS)[number]>("popular");
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>("");
  const chart = useLoaded(
    (signal) => sonica().charts({ period, order, language, limit: 50 }, { signal }),
    `${period} ${order} ${language}`,
  );
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div className="mb-6 flex flex-col gap-4">
        <Choice
          label={t("period")}
          name="period"
          value={period}
          onChange={setPeriod}
          options={PERIODS.map((value) => ({ value, text: t(value) }))}
        />
        <Choice
          label={t("language")}
          name="language"
          value={language}
          onChange={setLanguage}
          options={LANGUAGES.map((value) => ({
            value,
            text: value ? tongue(value) : t("all"),
          }))}
        />
        <Choice
          label={t("order")}
          name="order"
          value={order}
          onChange={setOrder}
          options={ORDERS.map((value) => ({ value, text: t(value) }))}
        />
      </div>
      {chart.is === "loading" && <Waiting rows={6} />}
      {chart.is === "failed" && <NotLoaded />}
      {chart.is === "loaded" && chart.value.items.length === 0 && <Empty>{t("empty")}</Empty>}
      {chart.is === "loaded" && (
        <ol className="divide-y divide-line">
          {chart.value.items.map(({ rank, song, listens, listens_before }) => (
            <li key={song.id}>
              <SongRow
                id={String(song.id)}
                title={song.title ?? ""}
                artist={song.artist ?? ""}
                before={
                  <span className="w-8 text-right font-semibold text-lg text-muted tabular-nums">{rank}</span>
                }
                after={<Listens now={listens} before={listens_before} />}
              />
            </li>
          ))}
        </ol>
      )}
    </Page>
  );
}

function Listens({ now, before }: { now: number; before: number }) {
  const t = useTranslations("charts");
  return (
    <span className="flex items-center gap-2 text-muted text-sm tabular-nums">
      {now > before && <TrendingUp size={16} className="text-good" role="img" aria-label={t("rose")} />}
      {now < before && <TrendingDown size={16} role="img" aria-label={t("fell")} />}
      {t("count", { count: now })}
    </span>
  );
}
