"use client";

import { useCallback, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { post, queue } from "@/keep/kept";
import { register } from "@/offline/updates";
import { Button } from "./parts";

const AGAIN_MS = 60_000;

/** What goes on while any page is open: what waits is sent, and a new version is offered. */
export function Background() {
  const t = useTranslations();
  const [apply, setApply] = useState<(() => void) | null>(null);
  const [delivered, setDelivered] = useState(0);

  useEffect(() => {
    void register((update) => setApply(() => update));
  }, []);

  const deliver = useCallback(async () => {
    if (!navigator.onLine) return;
    const { answered } = await queue.deliver({ recognize: post, now: Date.now });
    if (answered > 0) setDelivered(answered);
  }, []);

  useEffect(() => {
    const send = () => void deliver().catch(() => undefined);
    const later = setTimeout(send, 1_500); // the page comes first
    const again = setInterval(send, AGAIN_MS);
    window.addEventListener("online", send);
    return () => {
      clearTimeout(later);
      clearInterval(again);
      window.removeEventListener("online", send);
    };
  }, [deliver]);

  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-20 z-30 flex flex-col items-center gap-2 px-4 lg:bottom-6"
    >
      {delivered > 0 && (
        <Note onClose={() => setDelivered(0)}>{t("listen.delivered", { count: delivered })}</Note>
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

function Note({ children, onClose }: { children: React.ReactNode; onClose?: () => void }) {
  useEffect(() => {
    if (!onClose) return;
    const timer = setTimeout(onClose, 6_000);
    return () => clearTimeout(timer);
  }, [onClose]);
  return (
    <div className="pointer-events-auto flex items-center gap-4 rounded-full border border-line bg-raised py-2 pr-2 pl-5 shadow-lg">
      {children}
    </div>
  );
}
