"use client";

import { Check, ExternalLink, Share2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { Button, buttonLook } from "@/design/parts";
import { share } from "./share";

interface Named {
  title: string;
  artist: string;
  id: string;
}

/** Where a song leads on to: to others, and to where it can be heard. */
export function Ways(song: Named) {
  const t = useTranslations("answer");
  const wanted = encodeURIComponent(`${song.title} ${song.artist}`);
  return (
    <div className="mt-5 flex flex-wrap gap-2">
      <Sharing {...song} />
      <Outward href={`https://www.youtube.com/results?search_query=${wanted}`} label={t("youtube")}>
        YouTube
      </Outward>
      <Outward href={`https://open.spotify.com/search/${wanted}`} label={t("spotify")}>
        Spotify
      </Outward>
    </div>
  );
}

function Outward({ href, label, children }: { href: string; label: string; children: ReactNode }) {
  return (
    <a
      href={href}
      aria-label={label}
      target="_blank"
      rel="noopener noreferrer"
      className={buttonLook("plain", "px-3.5")}
    >
      {children}
      <ExternalLink aria-hidden size={14} />
    </a>
  );
}

function Sharing({ title, artist, id }: Named) {
  const t = useTranslations("answer");
  const [isCopied, setCopied] = useState(false);
  const press = async () => {
    const url = new URL(`/song?id=${id}`, location.href).href;
    setCopied((await share(t("shareText", { title, artist }), url)) === "copied");
  };
  return (
    <>
      <Button kind="primary" padding="px-3.5" onClick={() => void press()}>
        {isCopied ? <Check aria-hidden size={18} /> : <Share2 aria-hidden size={18} />}
        {isCopied ? t("shared") : t("share")}
      </Button>
      <Told>{isCopied ? t("shared") : ""}</Told>
    </>
  );
}

/** For screen readers: what a button says now. Within it, it would not be the button's name. */
export function Told({ children }: { children: string }) {
  return (
    <span role="status" className="sr-only">
      {children}
    </span>
  );
}
