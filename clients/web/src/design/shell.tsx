"use client";

import { AudioLines, ChartNoAxesColumn, History, Search, Settings } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { LanguageProvider } from "@/i18n/provider";
import { Background } from "./background";

const PAGES = [
  { path: "/", name: "listen", Icon: AudioLines },
  { path: "/history", name: "history", Icon: History },
  { path: "/charts", name: "charts", Icon: ChartNoAxesColumn },
  { path: "/search", name: "search", Icon: Search },
  { path: "/settings", name: "settings", Icon: Settings },
] as const;

/** What is around every page: the way to the others, and what goes on while any of them is open. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <LanguageProvider>
      <Frame>{children}</Frame>
    </LanguageProvider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations();
  return (
    <div className="flex min-h-dvh flex-col lg:flex-row">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-3 focus:rounded-lg focus:bg-raised focus:p-3"
      >
        {t("app.skip")}
      </a>
      <Pages />
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col pb-24 outline-none lg:pb-8">
        {children}
      </main>
      <Background />
    </div>
  );
}

function Pages() {
  const t = useTranslations("nav");
  const here = usePathname();
  return (
    <nav
      aria-label={t("label")}
      className="fixed inset-x-0 bottom-0 z-20 border-line border-t bg-raised/95 pb-[env(safe-area-inset-bottom)] backdrop-blur lg:sticky lg:top-0 lg:h-dvh lg:w-56 lg:border-t-0 lg:border-r lg:bg-transparent"
    >
      <Link
        prefetch={false}
        href="/"
        className="hidden items-center gap-3 px-6 pt-7 pb-6 lg:flex"
        aria-label="Sonica"
      >
        {/* biome-ignore lint/performance/noImgElement: an exported page has no image server */}
        <img src="/icons/icon.svg" alt="" width={36} height={36} className="rounded-xl" />
        <span className="font-semibold text-xl tracking-tight">Sonica</span>
      </Link>
      <ul className="mx-auto flex max-w-lg justify-around lg:flex-col lg:gap-1 lg:px-3">
        {PAGES.map(({ path, name, Icon }) => {
          const isHere = here === path;
          return (
            <li key={path} className="flex-1 lg:flex-none">
              <Link
                href={path}
                prefetch={false}
                aria-current={isHere ? "page" : undefined}
                className={`flex min-h-14 flex-col items-center justify-center gap-0.5 rounded-xl px-1 py-1.5 text-xs lg:min-h-12 lg:flex-row lg:justify-start lg:gap-3 lg:px-3 lg:text-base ${
                  isHere ? "font-semibold text-accent lg:bg-sunken" : "text-muted hover:text-ink"
                }`}
              >
                <Icon aria-hidden size={22} strokeWidth={isHere ? 2.4 : 1.9} />
                {t(name)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
