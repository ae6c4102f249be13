"use client";

import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { AnswerCard } from "@/answer/card";
import { Empty, Page } from "@/design/parts";
import { useQuery } from "@/design/query";
import { FilePicker } from "@/listening/filepicker";
import { Listening, type State } from "@/listening/listening";
import { ProblemNote } from "@/listening/note";
import { forgetShared, lookShared } from "@/offline/shared";

/** What another app shared with this one: it is recognised here, and goes no further. */
export function SharePage() {
  const t = useTranslations("share");
  const tl = useTranslations("listen");
  const [state, setState] = useState<State>({ phase: "idle" });
  const [isEmpty, setEmpty] = useState(false);
  const isLost = useQuery("shared") === "0";
  const [listening] = useState(
    () =>
      new Listening({
        onState: setState,
        onRound: () => undefined,
        onPeaks: () => undefined,
        onLevel: () => undefined,
        onEntry: () => undefined,
      }),
  );

  useEffect(() => {
    const read = async () => {
      const file = await lookShared().catch(() => null);
      if (!file) return setEmpty(true);
      await listening.file(file, "share");
      // Whoever left, or lost the page, before there was an answer finds it here again.
      await forgetShared().catch(() => undefined);
    };
    void read();
  }, [listening]);

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
            {t(isLost ? "lost" : "none")}
          </Empty>
        </div>
      )}
    </Page>
  );
}
