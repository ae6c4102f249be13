"use client";

import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { AnswerCard } from "@/answer/card";
import { Empty, Page } from "@/design/parts";
import { useQuery } from "@/design/query";
import { FilePicker } from "@/listening/filepicker";
import { Listening, type State } from "@/listening/listening";
import { ProblemNote } from "@/listening/note";
import { isHopeless } from "@/listening/problem";
import { forgetShared, lookShared } from "@/offline/shared";

/** What another app shared with this one: it is recognised here, and goes no further. */
export function SharePage() {
  const t = useTranslations("share");
  const tl = useTranslations("listen");
  const [state, setState] = useState<State>({ phase: "idle" });
  const [isEmpty, setEmpty] = useState(false);
  const shared = useQuery("shared");
  const last = useRef<State>(state);
  const [listening] = useState(
    () =>
      new Listening({
        onState: (next) => {
          last.current = next;
          setState(next);
        },
        onRound: () => undefined,
        onPeaks: () => undefined,
        onLevel: () => undefined,
        onEntry: () => undefined,
      }),
  );

  useEffect(() => {
    if (shared === undefined) return; // not known yet
    const read = async () => {
      const kept = shared === "0" ? null : await lookShared().catch(() => null);
      if (!kept) return setEmpty(true);
      await listening.file(kept.file, "share");
      const became = last.current;
      // Whoever left, or lost the page, before there was an answer finds it here again.
      const isOver = became.phase === "answered" || (became.phase === "failed" && isHopeless(became.problem));
      if (isOver) await forgetShared(kept.id).catch(() => undefined);
    };
    void read();
    return () => listening.stop();
  }, [listening, shared]);

  return (
    <Page title={t("title")}>
      <p role="status" className="text-muted">
        {state.phase === "reading" ? tl("decoding", { name: state.name }) : ""}
      </p>
      {state.phase === "failed" && <ProblemNote problem={state.problem} />}
      {state.phase === "answered" && (
        <AnswerCard entry={state.entry} isSilent={state.isSilent} away={state.away} />
      )}
      {isEmpty && state.phase !== "reading" && (
        <div className="mt-4">
          <Empty
            action={
              <FilePicker onFile={(file) => void listening.file(file, "file")}>{tl("file")}</FilePicker>
            }
          >
            {t(shared === "0" ? "lost" : "none")}
          </Empty>
        </div>
      )}
    </Page>
  );
}
