"use client";

import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useLoaded } from "@/api/use";
import { NotLoaded } from "@/design/lists";
import { buttonLook, Empty, Page } from "@/design/parts";
import { useQuery } from "@/design/query";
import { offline } from "@/keep/kept";
import { AnswerCard } from "./card";

/** What was there last, while it is looked for anew. */
function useKept<T>(value: T | undefined): T | undefined {
  const kept = useRef(value);
  if (value !== undefined) kept.current = value;
  return kept.current;
}

/** An answer of the history, by its id. */
export function AnswerPage() {
  const t = useTranslations();
  const format = useFormatter();
  const id = useQuery("id");
  const [changes, setChanges] = useState(0);
  useEffect(() => offline().history.subscribe(() => setChanges((before) => before + 1)), []);
  const key = `${id} ${changes}`;
  const entry = useLoaded(
    async () => ({ key, found: id ? await offline().history.get(id) : undefined }),
    key,
  );
  const found = useKept(
    entry.is === "loaded" && id !== undefined && entry.value.key === key ? entry.value : undefined,
  );
  const isKnown = found !== undefined;
  return (
    <Page title={t("answer.title")}>
      {entry.is === "failed" && <NotLoaded />}
      {isKnown && !found.found && (
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
      {isKnown && found.found && (
        <>
          <AnswerCard entry={found.found} />
          <p className="mt-4 text-center text-muted text-sm">
            {t("answer.listened", {
              when: format.dateTime(found.found.heardAt, { dateStyle: "long", timeStyle: "short" }),
            })}
          </p>
        </>
      )}
    </Page>
  );
}
