"use client";

import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { useIsStill } from "@/design/motion";
import { Sky } from "./sky";

/** The sky on the page; `onSky` hears of it once it can be drawn on, and null when it is gone. */
export function SkyCanvas({ onSky }: { onSky: (sky: Sky | null) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const sky = useRef<Sky | null>(null);
  const isStill = useIsStill();
  const t = useTranslations("listen");

  useEffect(() => {
    if (!canvas.current) return;
    const made = new Sky(canvas.current);
    sky.current = made;
    onSky(made);
    const looks = new MutationObserver(() => made.recolour());
    looks.observe(document.documentElement, { attributeFilter: ["data-look"] });
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const recolour = () => made.recolour();
    scheme.addEventListener("change", recolour);
    return () => {
      scheme.removeEventListener("change", recolour);
      looks.disconnect();
      made.destroy();
      sky.current = null;
      onSky(null);
    };
  }, [onSky]);

  useEffect(() => {
    if (sky.current) sky.current.isStill = isStill;
  }, [isStill]);

  return <canvas ref={canvas} role="img" aria-label={t("sky")} className="absolute inset-0 size-full" />;
}
