"use client";

import type { ScanSong } from "@sonica/sdk";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { change, clock } from "@/design/mark";
import { inScript } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import { rows } from "./lanes";

/** Pixels of a lane. */
const LANE = 30;
/** Share of a row that has room for a number of two digits on a phone. */
const WIDE = 0.07;

/** When each song plays, by its number; songs of one time below each other. */
export function Picture({ songs, seconds }: { songs: readonly ScanSong[]; seconds: number }) {
  const t = useTranslations("scan");
  const drawn = rows(songs, seconds);
  return (
    <div
      role="img"
      aria-label={t("picture", { count: songs.length, length: clock(seconds) })}
      className="mt-6 flex flex-col gap-3"
    >
      {drawn.map((row) => (
        <div key={row.start_s}>
          <div className="relative overflow-hidden rounded-lg bg-sunken" style={{ height: row.lanes * LANE }}>
            {row.bars.map(({ index, lane, at, width }) => (
              <div
                key={index}
                title={`${clock(songs[index]?.start_s ?? 0)} ${songs[index]?.song.title}`}
                className={`absolute flex items-center overflow-hidden rounded-md border-2 border-sunken px-1.5 font-semibold text-sm tabular-nums ${
                  index % 2 ? "bg-glow text-ground" : "bg-accent text-accent-ink"
                }`}
                style={{
                  left: `${100 * at}%`,
                  width: `${100 * width}%`,
                  minWidth: 4,
                  top: lane * LANE,
                  height: LANE,
                }}
              >
                {width >= WIDE && index + 1}
              </div>
            ))}
          </div>
          <div className="mt-1 flex justify-between text-muted text-xs tabular-nums">
            <span>{clock(row.start_s)}</span>
            <span>{clock((row.start_s + row.end_s) / 2)}</span>
            <span>{clock(row.end_s)}</span>
          </div>
        </div>
      ))}
    </div>
  );
}

/** The same in words: each song leads to its page. */
export function Songs({ songs }: { songs: readonly ScanSong[] }) {
  const t = useTranslations("scan");
  return (
    <table className="mt-6 w-full border-collapse text-left">
      <caption className="sr-only">{t("table")}</caption>
      <thead>
        <tr className="border-line border-b text-muted text-sm">
          <th scope="col" className="py-2 pr-3 font-medium">
            {t("number")}
          </th>
          <th scope="col" className="py-2 pr-4 font-medium">
            {t("time")}
          </th>
          <th scope="col" className="w-full py-2 font-medium">
            {t("song")}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {songs.map((one, index) => (
          <Row key={`${one.start_s} ${one.song.recording_id}`} one={one} number={index + 1} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ one, number }: { one: ScanSong; number: number }) {
  const t = useTranslations("scan");
  const ta = useTranslations("answer");
  const { language } = useLanguage();
  const { first, second } = inScript(one.song.title, language);
  const { speed, pitch } = change(one.speed, one.pitch_semitones);
  const said = [
    second,
    one.song.artist,
    one.offset_s >= 1 ? t("at", { place: clock(one.offset_s) }) : "",
    speed ? ta(speed > 1 ? "sped" : "slowed", { speed }) : "",
    pitch ? ta("higher", { semitones: pitch }) : "",
  ].filter(Boolean);
  return (
    <tr data-testid="found">
      <td className="py-3 pr-3 align-top font-semibold text-muted tabular-nums">{number}</td>
      <td className="whitespace-nowrap py-3 pr-4 align-top tabular-nums">
        {clock(one.start_s)} – {clock(one.end_s)}
      </td>
      <td className="py-3 align-top">
        <Link
          prefetch={false}
          href={`/song?id=${one.song.id}`}
          className="inline-block font-medium underline decoration-line underline-offset-4 hover:text-accent"
        >
          {first}
        </Link>
        <span className="mt-0.5 block text-muted text-sm">{said.join(" · ")}</span>
      </td>
    </tr>
  );
}
