"use client";

import { X } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { offline } from "@/keep/kept";
import { readSetting, writeSetting } from "@/keep/settings";
import { startCourier } from "@/offline/courier";
import { watchDelivered } from "@/offline/delivered";
import { seeDownloads, useDownloads } from "@/offline/downloads";
import { register } from "@/offline/updates";
import { Button, buttonLook } from "./parts";

/** The page comes first. */
const AFTER_MS = 1_500;
const REGISTER_MS = 3_000;
const NEWS_MS = 20_000;

/** What goes on while any page is open: what waits is sent, and a new version is offered. */
export function Background() {
  const t = useTranslations();
  const [apply, setApply] = useState<(() => void) | null>(null);
  const [delivered, setDelivered] = useState(0);
  const [hasNews, setNews] = useState(false);

  useEffect(() => {
    // It fetches all of the app, which a first press on a slow network must not wait for.
    const later = setTimeout(() => void register((update) => setApply(() => update)), REGISTER_MS);
    return () => clearTimeout(later);
  }, []);

  useEffect(() => {
    const { deliver, history, queue } = offline();
    const unwatch = watchDelivered(history, (count) => setDelivered((before) => before + count));
    let end: (() => void) | undefined;
    const later = setTimeout(() => {
      end = startCourier({ deliver, subscribe: queue.subscribe });
    }, AFTER_MS);
    return () => {
      clearTimeout(later);
      unwatch();
      end?.();
    };
  }, []);

  useEffect(() => {
    const later = setTimeout(() => void askForNews().then(setNews, () => undefined), NEWS_MS);
    return () => clearTimeout(later);
  }, []);

  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-20 z-30 flex flex-col items-center gap-2 px-4 lg:bottom-6"
    >
      {delivered > 0 && (
        <Note onClose={() => setDelivered(0)}>{t("listen.delivered", { count: delivered })}</Note>
      )}
      <Downloads />
      {hasNews && (
        <Note onClose={() => setNews(false)}>
          {t("settings.packsNewer")}
          <Link prefetch={false} href="/settings" className={buttonLook()}>
            {t("nav.settings")}
          </Link>
        </Note>
      )}
      {apply && (
        <Note>
          {t("settings.update2")}
          <Button kind="primary" onClick={apply}>
            {t("settings.reload")}
          </Button>
        </Note>
      )}
    </div>
  );
}

/** On the page of the settings they are shown in full. */
function Downloads() {
  const t = useTranslations();
  const all = useDownloads();
  const here = usePathname();
  const going = all.flatMap(({ progress }) => (progress === null ? [] : [progress]));
  const news = all.filter(({ isSeen }) => !isSeen);
  useEffect(() => {
    if (here === "/settings" && news.some(({ progress }) => progress === null)) seeDownloads();
  }, [here, news]);
  if (here === "/settings") return null;
  if (going.length > 0) {
    const mean = going.reduce((sum, one) => sum + one, 0) / going.length;
    return (
      <Note>
        {t("settings.going")}
        <progress value={mean} max={1} aria-label={t("settings.going")} className="h-2 w-20 accent-accent" />
      </Note>
    );
  }
  if (news.some(({ failed }) => failed !== null)) {
    return (
      <Note>
        {t("settings.stopped")}
        <Link prefetch={false} href="/settings" className={buttonLook()}>
          {t("nav.settings")}
        </Link>
        <Button kind="quiet" padding="px-2" aria-label={t("app.close")} onClick={seeDownloads}>
          <X aria-hidden size={18} />
        </Button>
      </Note>
    );
  }
  return news.some(({ isDone }) => isDone) ? <Note onClose={seeDownloads}>{t("settings.done")}</Note> : null;
}

async function askForNews(): Promise<boolean> {
  const [{ hasNewerPack }, { myPacks }] = await Promise.all([
    import("@/offline/news"),
    import("@/offline/mine"),
  ]);
  return hasNewerPack(myPacks(), {
    read: () => Number(readSetting("packsAsked")),
    write: (at) => writeSetting("packsAsked", String(at)),
  });
}

function Note({ children, onClose }: { children: React.ReactNode; onClose?: () => void }) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!onClose) return;
    const timer = setInterval(() => {
      // Whoever has come to its link by keys is let be.
      if (!note.current?.contains(document.activeElement)) onClose();
    }, 6_000);
    return () => clearInterval(timer);
  }, [onClose]);
  return (
    <div
      ref={note}
      className="pointer-events-auto flex items-center gap-4 rounded-full border border-line bg-raised py-2 pr-2 pl-5 shadow-lg"
    >
      {children}
    </div>
  );
}
