"use client";

import { Download, Trash2, X } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { useHeldFocus } from "@/design/focus";
import { Button, Card } from "@/design/parts";
import { useTongue } from "@/i18n/tongue";
import { startDownload, stopDownload, useDownload } from "@/offline/downloads";
import { myPacks } from "@/offline/mine";
import type { Installed, PackInfo } from "@/offline/packs";

type Offered = PackInfo[] | "loading" | "lost";

/** The packs that the service offers and those of this device, each with what can be done with it. */
export function PackList() {
  const t = useTranslations("settings");
  const [offered, setOffered] = useState<Offered>("loading");
  const [installed, setInstalled] = useState<Installed[]>([]);

  const look = useCallback(async () => {
    const there = await myPacks()
      .installed()
      .catch(() => undefined);
    if (there) setInstalled(there);
  }, []);
  useEffect(() => {
    void look();
    void myPacks()
      .available()
      .then(setOffered, () => setOffered("lost"));
    return myPacks().subscribe(() => void look());
  }, [look]);

  const known = Array.isArray(offered) ? offered : [];
  const names = new Set(known.map(({ name }) => name));
  const all = [...known, ...installed.filter(({ name }) => !names.has(name))];
  return (
    <Card>
      <h2 className="font-semibold text-lg">{t("packs")}</h2>
      <p className="mt-1 text-muted">{t("packsLead")}</p>
      {offered === "loading" && <p className="mt-4 text-muted">{t("checking")}</p>}
      {offered === "lost" && <p className="mt-4 text-muted">{t("packsOffline")}</p>}
      {Array.isArray(offered) && all.length === 0 && <p className="mt-4 text-muted">{t("packsNone")}</p>}
      <ul className="mt-2 divide-y divide-line">
        {all.map((pack) => (
          <PackRow
            key={pack.name}
            pack={pack}
            installed={installed.find(({ name }) => name === pack.name)}
            look={look}
          />
        ))}
      </ul>
    </Card>
  );
}

function PackRow(props: {
  pack: PackInfo;
  installed: Installed | undefined;
  /** Looks anew what is installed. */
  look: () => Promise<void>;
}) {
  const { pack, installed, look } = props;
  const t = useTranslations("settings");
  const tongue = useTongue();
  const held = useHeldFocus<HTMLLIElement>();
  const { progress, failed } = useDownload(pack.name);
  const start = () =>
    void startDownload(pack.name, async (options) => {
      await myPacks().download(pack.name, options);
      await look(); // before it ends: else it would be offered once more for a moment
    });
  const stop = () => stopDownload(pack.name);
  const name = pack.language ? tongue(pack.language) : pack.name;
  const isOld = installed !== undefined && installed.sha256 !== pack.sha256;
  const what = isOld ? "update" : failed ? "resume" : "download";
  return (
    <li {...held} className="py-3" data-pack={pack.name}>
      <div className="flex flex-wrap items-center gap-3">
        <div className="min-w-40 flex-1">
          <p className="font-medium">{name}</p>
          <p className="text-muted text-sm">
            {t("packSongs", { count: pack.recordings })} · {t("packSize", { size: pack.bytes / 1e6 })}
            {installed && !isOld && <> · {t("installed")}</>}
          </p>
        </div>
        {progress === null && (!installed || isOld) && (
          <Button kind="primary" onClick={start} aria-label={`${t(what)}: ${name}`}>
            <Download aria-hidden size={18} /> {t(what)}
          </Button>
        )}
        {progress !== null && (
          <Button onClick={stop} aria-label={`${t("cancel")}: ${name}`}>
            <X aria-hidden size={18} /> {t("cancel")}
          </Button>
        )}
        {installed && progress === null && (
          <Button aria-label={`${t("removePack")}: ${name}`} onClick={() => void myPacks().remove(pack.name)}>
            <Trash2 aria-hidden size={18} /> {t("removePack")}
          </Button>
        )}
      </div>
      {progress !== null && (
        <div className="mt-3 flex items-center gap-3">
          <progress value={progress} max={1} aria-label={name} className="h-2 flex-1 accent-accent" />
          <span className="text-muted text-sm tabular-nums">{t("downloading", { percent: progress })}</span>
        </div>
      )}
      {failed && (
        <p role="alert" className="mt-2 text-bad">
          {t("failed", { code: failed })}
        </p>
      )}
    </li>
  );
}
