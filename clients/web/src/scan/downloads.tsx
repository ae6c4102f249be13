"use client";

import type { ScanSong } from "@sonica/sdk";
import { Download } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/design/parts";
import { asFile, FORMATS, type Format } from "./formats";

/** The time line as files for other programs. */
export function Downloads({ songs, file }: { songs: readonly ScanSong[]; file: string }) {
  const t = useTranslations("scan");
  return (
    <fieldset className="mt-6 min-w-0">
      <legend className="mb-2 font-medium text-sm">{t("download")}</legend>
      <div className="flex flex-wrap gap-2">
        {FORMATS.map((format) => (
          <Button key={format} padding="px-4" onClick={() => save(format, songs, file)}>
            <Download aria-hidden size={16} /> {t(format)}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}

function save(format: Format, songs: readonly ScanSong[], file: string): void {
  const made = asFile(format, songs, file);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(made);
  link.download = made.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it a moment later
}
