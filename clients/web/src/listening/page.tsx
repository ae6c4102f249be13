"use client";

import { AppWindow, FileAudio, ListMusic, Square } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button, buttonLook, Switch } from "@/design/parts";
import { inScript } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import type { Entry } from "@/keep/history";
import { readSetting, writeSetting } from "@/keep/settings";
import { SkyCanvas } from "@/sky/canvas";
import type { Sky } from "@/sky/sky";
import { FilePicker } from "./filepicker";
import type { Listening, State, Watching } from "./listening";
import { ProblemNote } from "./note";
import { Problem } from "./problem";
import { Status } from "./status";
import { useReady } from "./useready";

const AnswerCard = lazy(async () => ({ default: (await import("@/answer/card")).AnswerCard }));

const BUSY = new Set<State["phase"]>(["starting", "listening", "resting", "reading"]);

/** The face of the app: one button, the sky of what it hears, and what that is. */
export function ListenPage() {
  const t = useTranslations("listen");
  const sky = useRef<Sky | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const keep = useRef(false);
  const [isKept, setKept] = useState(false);
  const [canTab, setCanTab] = useState(false);
  const [state, setState] = useState<State>({ phase: "idle" });
  const [named, setNamed] = useState<Entry[]>([]);
  const listening = useListening({
    onState: (next) => {
      if (next.phase !== "listening" && next.phase !== "starting") sky.current?.end();
      setState(next);
    },
    onRound: () => sky.current?.begin(),
    onPeaks: (peaks, seconds) => sky.current?.show(peaks, seconds),
    onLevel: (level) => {
      if (sky.current) sky.current.level = level;
    },
    onEntry: (entry) => setNamed((before) => [entry, ...before]),
  });
  const onSky = useCallback((made: Sky | null) => {
    sky.current = made;
  }, []);

  const isBusy = BUSY.has(state.phase);
  const { ready, isOpen, turnOff } = useReady(isBusy);
  const last = useRef<() => void>(undefined);
  const start = useCallback((how: () => void) => {
    last.current = how;
    how();
  }, []);
  /** Hears something else than the microphone, which is not open meanwhile. */
  const startOther = (how: (it: Listening) => Promise<void>) =>
    start(() => {
      ready.current?.close();
      listening(how);
    });
  const press = useCallback(() => {
    if (isBusy) return listening((it) => it.stop());
    setNamed([]);
    start(() => listening((it) => it.listen("microphone", () => keep.current, ready.current?.take())));
  }, [isBusy, listening, start, ready]);

  useEffect(() => {
    keep.current = readSetting("keep") === "on";
    setKept(keep.current);
    // Browsers of phones cannot.
    setCanTab(typeof navigator.mediaDevices?.getDisplayMedia === "function");
  }, []);
  useEarlyPress(press);
  useShortcut(press, isBusy);

  const change = (isOn: boolean) => {
    keep.current = isOn;
    setKept(isOn);
    writeSetting("keep", isOn ? "on" : null);
  };

  return (
    <div className="mx-auto flex w-full max-w-5xl flex-1 flex-col items-center px-5 pt-6 lg:pt-10">
      <title>Sonica</title>
      <h1 className="text-center font-semibold text-2xl tracking-tight lg:text-3xl">{t("title")}</h1>
      <div className="relative mt-2 aspect-square w-full max-w-[min(26rem,58dvh)]">
        <SkyCanvas onSky={onSky} />
        <button
          type="button"
          ref={button}
          data-testid="listen"
          // While the finger goes down the engine comes, so that it is there when it goes up.
          onPointerDown={warm}
          onKeyDown={warm}
          onClick={press}
          className="absolute inset-[27%] flex flex-col items-center justify-center rounded-full bg-linear-150 from-accent to-glow font-semibold text-2xl text-accent-ink shadow-2xl transition active:scale-95"
        >
          {isBusy ? <Square aria-hidden size={34} fill="currentColor" /> : <Mark />}
          <span className="mt-1">{isBusy ? <span className="sr-only">{t("stop")}</span> : t("press")}</span>
        </button>
      </div>
      <Status
        state={state}
        onTurnOff={
          isOpen
            ? () => {
                button.current?.focus(); // what has the focus goes away
                turnOff();
              }
            : undefined
        }
      />
      {state.phase === "failed" && (
        <ProblemNote
          problem={state.problem}
          onRetry={() => {
            button.current?.focus();
            if (last.current) start(last.current);
          }}
        />
      )}
      {/* The card with what is below it: coming a moment later it would push that away. */}
      <Suspense>
        {state.phase === "answered" && (
          <div className="mt-4 w-full max-w-xl">
            <AnswerCard entry={state.entry} isSilent={state.isSilent} away={state.away} />
          </div>
        )}
        <Named entries={named} />
        {!isBusy && (
          <div className="mt-6 flex w-full max-w-xl flex-col gap-5 pb-6">
            <div className="flex flex-wrap justify-center gap-3">
              <FilePicker onFile={(file) => startOther((it) => it.file(file, "file"))}>
                <FileAudio aria-hidden size={18} /> {t("file")}
              </FilePicker>
              {canTab && (
                <Button
                  title={t("tabHint")}
                  onClick={() => startOther((it) => it.listen("tab", () => keep.current))}
                >
                  <AppWindow aria-hidden size={18} /> {t("tab")}
                </Button>
              )}
            </div>
            <div className="flex justify-center">
              <Link prefetch={false} href="/scan" className={buttonLook("quiet")}>
                <ListMusic aria-hidden size={18} /> {t("mix")}
              </Link>
            </div>
            <div className="flex justify-center">
              <Switch label={t("keep")} hint={t("keepHint")} isOn={isKept} onChange={change} />
            </div>
          </div>
        )}
      </Suspense>
    </div>
  );
}

/** All that a press needs and the page did without: what listens, what answers are shown with, the engine. */
async function load() {
  const [listening, { engine }] = await Promise.all([
    import("./listening"),
    import("./engine"),
    import("@/answer/card"),
  ]);
  return { ...listening, engine };
}

function warm(): void {
  // Pressing tells what is wrong.
  void load()
    .then(({ engine }) => engine())
    .catch(() => undefined);
}

/** What listens, once it is needed; it ends with the page. */
function useListening(watching: Watching): (use: (it: Listening) => void | Promise<void>) => void {
  const heard = useRef(watching);
  heard.current = watching;
  const made = useRef<Promise<Listening>>(undefined);
  useEffect(() => () => void made.current?.then((it) => it.stop()), []);
  return useCallback((use) => {
    if (!made.current) heard.current.onState({ phase: "starting" });
    made.current ??= load().then(
      ({ Listening }) =>
        new Listening({
          onState: (state) => heard.current.onState(state),
          onRound: () => heard.current.onRound(),
          onPeaks: (peaks, seconds) => heard.current.onPeaks(peaks, seconds),
          onLevel: (level) => heard.current.onLevel(level),
          onEntry: (entry) => heard.current.onEntry(entry),
        }),
    );
    made.current.then(use).catch((cause: unknown) => {
      made.current = undefined;
      heard.current.onState({ phase: "failed", problem: new Problem("engine", 0, { cause }) });
    });
  }, []);
}

/** Who presses before the page can hear it is heard once it can: see `boot.ts`. */
function useEarlyPress(press: () => void): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current) return;
    isDone.current = true;
    const { dataset } = document.documentElement;
    dataset.ready = "";
    if (dataset.pressed !== undefined) press();
    delete dataset.pressed;
  }, [press]);
}

/** `/?listen=1`, from the app's icon, listens at once where the browser lets it. */
function useShortcut(press: () => void, isBusy: boolean): void {
  const router = useRouter();
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current || isBusy || !new URLSearchParams(location.search).has("listen")) return;
    isDone.current = true;
    router.replace("/");
    press();
  }, [press, isBusy, router]);
}

function Mark() {
  return (
    <svg
      aria-hidden
      width="46"
      height="46"
      viewBox="0 0 48 48"
      fill="none"
      stroke="currentColor"
      strokeWidth="3.4"
      strokeLinecap="round"
    >
      <path d="M6 21v6M15 13v22M24 6v36M33 14v20M42 20v8" />
    </svg>
  );
}

function Named({ entries }: { entries: readonly Entry[] }) {
  const { language } = useLanguage();
  const isEmpty = entries.length === 0;
  // There before its first song, since only what changes in it is read out.
  return (
    <ol
      aria-live="polite"
      className={
        isEmpty ? "" : "mt-4 w-full max-w-xl divide-y divide-line rounded-card border border-line bg-raised"
      }
    >
      {entries.map(({ id, song }) => (
        <li key={id}>
          <Link prefetch={false} href={`/answer?id=${id}`} className="block px-5 py-3 hover:text-accent">
            <span className="font-medium">{inScript(song?.title ?? "", language).first}</span>{" "}
            <span className="text-muted">{song?.artist}</span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
