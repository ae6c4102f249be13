"use client";

import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Card, Choice, Page, Switch } from "@/design/parts";
import { LANGUAGES, NAMES } from "@/i18n/languages";
import { useLanguage } from "@/i18n/provider";
import { readSetting, type Setting, writeSetting } from "@/keep/settings";
import { PackList } from "./packs";

const LOOKS = ["auto", "light", "dark"] as const;

export function SettingsPage() {
  const t = useTranslations("settings");
  const { language, choose } = useLanguage();
  const [look, setLook] = useAttribute("look");
  const [motion, setMotion] = useAttribute("motion");
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(readSetting("ready") === "on"), []);
  const chosen = LOOKS.find((one) => one === look) ?? "auto";
  return (
    <Page title={t("title")}>
      <div className="flex flex-col gap-6">
        <Card className="flex flex-col gap-6">
          <Choice
            label={t("language")}
            name="language"
            value={language}
            onChange={choose}
            options={LANGUAGES.map((value) => ({ value, text: NAMES[value], lang: value }))}
          />
          <Choice
            label={t("look")}
            name="look"
            value={chosen}
            onChange={(next) => setLook(next === "auto" ? null : next)}
            options={LOOKS.map((value) => ({ value, text: t(value) }))}
          />
          <Switch
            label={t("motion")}
            hint={t("motionHint")}
            isOn={motion === "less"}
            onChange={(isOn) => setMotion(isOn ? "less" : null)}
          />
        </Card>
        <Card>
          <Switch
            label={t("ready")}
            hint={t("readyHint")}
            isOn={isReady}
            onChange={(isOn) => {
              writeSetting("ready", isOn ? "on" : null);
              setReady(isOn);
            }}
          />
          <p className="mt-3 text-muted text-sm">{t("readyText")}</p>
        </Card>
        <PackList />
        <Card>
          <h2 className="font-semibold text-lg">{t("privacy")}</h2>
          <p className="mt-1 text-muted">{t("privacyText")}</p>
        </Card>
      </div>
    </Page>
  );
}

/** A setting that the page's root bears as an attribute, for the style sheet. */
function useAttribute(name: Setting & ("look" | "motion")): [string | null, (value: string | null) => void] {
  const [value, setValue] = useState<string | null>(null);
  useEffect(() => setValue(readSetting(name)), [name]);
  const change = (next: string | null) => {
    writeSetting(name, next);
    if (next === null) delete document.documentElement.dataset[name];
    else document.documentElement.dataset[name] = next;
    setValue(next);
  };
  return [value, change];
}
