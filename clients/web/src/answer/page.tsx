"use client";

import Link from "next/link";
import { useFormatter, useTranslations } from "use-intl";
import { useLoaded } from "@/api/use";
import { NotLoaded } from "@/design/lists";
import { buttonLook, Empty, Page } from "@/design/parts";
import { useQuery } from "@/design/query";
import { offline } from "@/keep/kept";
import { AnswerCard } from "./card";

/** An answer of the history, by its id. */
export function AnswerPage() {
  const t = useTranslations();
  const format = useFormatter();
  const id = useQuery("id");
  const entry = useLoaded(async () => (id ? await offline().history.get(id) : undefined), id ?? "");
  const isKnown = id !== undefined && entry.is === "loaded";
  return (
    <Page title={t("answer.title")}>
      {entry.is === "failed" && <NotLoaded />}
      {isKnown && !entry.value && (
        <Empty
          action={
            <Link prefetch={false} href="/history" className={buttonLook()}>
              {t("nav.history")}
            </Link>
          }
        >
          {t("answer.gone")}
        </Empty>
      )}
      {isKnown && entry.value && (
        <>
          <AnswerCard entry={entry.value} />
          <p className="mt-4 text-center text-muted text-sm">
            {t("answer.listened", {
              when: format.dateTime(entry.value.heardAt, { dateStyle: "long", timeStyle: "short" }),
            })}
          </p>
        </>
      )}
    </Page>
  );
}
