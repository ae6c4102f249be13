"use client";

import { CircleAlert, FileAudio, X } from "lucide-react";
import { type DragEvent, useCallback, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { clock } from "@/design/mark";
import { Button, Empty, Page } from "@/design/parts";
import { FilePicker } from "@/listening/filepicker";
import { Downloads } from "./downloads";
import { covered } from "./lanes";
import { LARGEST_BYTES, longestMinutes, type ScanProblem } from "./problem";
import { type Scan, scanFile } from "./scanning";
import { Picture, Songs } from "./timeline";

/** Which songs a long file holds: chosen or dropped here, and told as they are found. */
export function ScanPage() {
  const t = useTranslations("scan");
  const { scan, start, retry, cancel } = useScan();
  const [isOver, setOver] = useState(false);
  const isBusy = scan !== undefined && scan.phase !== "done" && scan.phase !== "failed";
  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault(); // else the browser plays what is dropped
      setOver(!isBusy);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer.files;
      if (file && !isBusy) start(file);
    },
  };
  return (
    <Page title={t("title")} lead={t("lead")}>
      <section
        aria-label={t("title")}
        {...drop}
        className={isOver ? "rounded-card outline-3 outline-accent" : ""}
      >
        {!scan && (
          <Empty
            action={
              <FilePicker onFile={start}>
                <FileAudio aria-hidden size={18} /> {t("choose")}
              </FilePicker>
            }
          >
            <span className="block text-ink">{t("drop")}</span>
            <span className="mt-3 block text-sm">{t("private")}</span>
          </Empty>
        )}
        {scan && <Status scan={scan} />}
        {isBusy && (
          <Button className="mt-4" onClick={cancel}>
            <X aria-hidden size={18} /> {t("cancel")}
          </Button>
        )}
        {scan?.problem && <Note problem={scan.problem} onRetry={retry} />}
        {scan && scan.songs.length > 0 && (
          <>
            {scan.problem && <p className="mt-6">{t("partly")}</p>}
            <Picture songs={scan.songs} seconds={scan.seconds} />
            <Songs songs={scan.songs} />
          </>
        )}
        {scan?.phase === "done" && scan.songs.length === 0 && <p className="mt-4 text-muted">{t("none")}</p>}
        {scan && !isBusy && (
          <>
            {scan.songs.length > 0 && <Downloads songs={scan.songs} file={scan.file} />}
            <div className="mt-8">
              <FilePicker onFile={start}>
                <FileAudio aria-hidden size={18} /> {t("another")}
              </FilePicker>
            </div>
          </>
        )}
      </section>
    </Page>
  );
}

/** One scan at a time; it ends with the page. */
function useScan() {
  const [scan, setScan] = useState<Scan>();
  const going = useRef<AbortController>(undefined);
  const last = useRef<File>(undefined);
  const start = useCallback((file: File) => {
    going.current?.abort();
    const ends = new AbortController();
    going.current = ends;
    last.current = file;
    void scanFile(file, setScan, ends.signal);
  }, []);
  const cancel = useCallback(() => {
    going.current?.abort();
    setScan(undefined);
    document.getElementById("content")?.focus({ preventScroll: true }); // the button goes away
  }, []);
  const retry = useCallback(() => {
    if (last.current) start(last.current);
  }, [start]);
  useEffect(() => () => going.current?.abort(), []);
  return { scan, start, retry, cancel };
}

/** How far it is: a bar for the eye, and few words for the ear. */
function Status({ scan: { phase, file, part, seconds, songs } }: { scan: Scan }) {
  const t = useTranslations("scan");
  const isFar = phase === "fingerprinting" || phase === "searching";
  const newest = songs.at(-1);
  const done = t("done", {
    count: songs.length,
    length: clock(seconds),
    share: covered(songs) / Math.max(seconds, 0.01),
  });
  return (
    <div>
      <p className="truncate text-muted text-sm">{file}</p>
      <p className="mt-1 font-medium text-lg">
        {phase === "decoding" && t("decoding", { name: "" }).trim()}
        {isFar && t(phase)}
        {phase === "searching" && <span className="text-muted"> · {t("so", { count: songs.length })}</span>}
        {phase === "done" && done}
      </p>
      {(isFar || phase === "decoding") && (
        <progress
          aria-label={isFar ? t(phase) : t("decoding", { name: file })}
          {...(isFar && { value: part })}
          max={1}
          className="scan-bar mt-3 h-2.5 w-full"
        />
      )}
      {/* There before its first word, since only what changes in it is read out. */}
      <p role="status" className="sr-only">
        {phase === "decoding" && t("decoding", { name: file })}
        {isFar && !newest && t(phase)}
        {phase === "searching" && newest && t("found", { title: newest.song.title })}
        {phase === "done" && done}
      </p>
    </div>
  );
}

function Note({ problem, onRetry }: { problem: ScanProblem; onRetry: () => void }) {
  const t = useTranslations("scan");
  const values = {
    minutes: Math.max(1, Math.ceil(problem.retryAfter / 60)),
    longest: longestMinutes(),
    bytes: LARGEST_BYTES / 1e6,
  };
  const isHopeless = ["file", "tooLarge", "webassembly"].includes(problem.code);
  return (
    <div
      role="alert"
      data-problem={problem.code}
      className="mt-4 flex gap-4 rounded-card border border-line bg-raised p-5"
    >
      <CircleAlert aria-hidden className="mt-0.5 shrink-0 text-bad" />
      <div>
        <p className="font-semibold">{t(`problem.${problem.code}`)}</p>
        <p className="mt-1 text-muted">{t(`problem.${problem.code}Hint`, values)}</p>
        {!isHopeless && (
          <Button className="mt-4" onClick={onRetry}>
            {t("retry")}
          </Button>
        )}
      </div>
    </div>
  );
}
