"use client";

import { SonicaProblem } from "@sonica/sdk";
import { useTranslations } from "use-intl";
import { Ways } from "@/answer/ways";
import { sonica } from "@/api/sonica";
import { useLoaded } from "@/api/use";
import { NotLoaded, Waiting } from "@/design/lists";
import { clock } from "@/design/mark";
import { Card, Empty, Page } from "@/design/parts";
import { useQuery } from "@/design/query";
import { inScript } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import { useTongue } from "@/i18n/tongue";

/** All that is known of a song. */
export function SongPage() {
  const t = useTranslations("song");
  const { language } = useLanguage();
  const tongue = useTongue();
  const id = useQuery("id");
  const song = useLoaded(async (signal) => {
    if (id === undefined) return undefined;
    const number = /^\d{1,15}$/.test(id ?? "") ? Number(id) : 0;
    return number > 0 ? await sonica().song(number, { signal }).catch(noneIfMissing) : null;
  }, id ?? "");
  if (song.is === "failed") {
    return (
      <Page title={t("title")}>
        <NotLoaded />
      </Page>
    );
  }
  const known = song.is === "loaded" ? song.value : undefined;
  const title = inScript(known?.title ?? "", language);
  return (
    <Page title={known ? title.first : t("title")} {...(title.second && { lead: title.second })}>
      {known === undefined && <Waiting rows={4} />}
      {known === null && <Empty>{t("missing")}</Empty>}
      {known && (
        <Card>
          <p className="text-xl">{known.artist}</p>
          <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
            <Fact name={t("album")} value={known.album} />
            <Fact name={t("language")} value={known.language && tongue(known.language)} />
            <Fact name={t("genre")} value={known.genre} />
            <Fact name={t("year")} value={known.year ? String(known.year) : ""} />
            <Fact
              name={t("length")}
              value={known.recordings.map((one) => clock(one.duration_s)).join(", ")}
            />
            <Fact name="ISRC" value={known.isrc} />
          </dl>
          <Ways title={title.first} artist={known.artist ?? ""} id={String(known.id)} />
          {known.recordings.map(
            ({ id: recording, audio_url }) =>
              audio_url && (
                // biome-ignore lint/a11y/useMediaCaption: there is nothing to read in a song
                <audio key={recording} src={audio_url} controls preload="none" className="mt-4 w-full" />
              ),
          )}
        </Card>
      )}
    </Page>
  );
}

function Fact({ name, value }: { name: string; value: string | undefined }) {
  if (!value) return null;
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function noneIfMissing(error: unknown): null {
  if (error instanceof SonicaProblem && error.status === 404) return null;
  throw error;
}
