"use client";

import { CircleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/design/parts";
import { isHopeless, longestMinutes, type Problem } from "./problem";

/** What went wrong, and what to do. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const t = useTranslations("problem");
  const values = {
    minutes: Math.max(1, Math.ceil(problem.retryAfter / 60)),
    longest: longestMinutes(),
  };
  return (
    <div
      role="alert"
      data-problem={problem.code}
      className="mt-4 flex w-full max-w-xl gap-4 rounded-card border border-line bg-raised p-5"
    >
      <CircleAlert aria-hidden className="mt-0.5 shrink-0 text-bad" />
      <div>
        <p className="font-semibold">{t(problem.code)}</p>
        <p className="mt-1 text-muted">{t(`${problem.code}Hint`, values)}</p>
        {onRetry && !isHopeless(problem) && (
          <Button className="mt-4" onClick={onRetry}>
            {t("retry")}
          </Button>
        )}
      </div>
    </div>
  );
}
