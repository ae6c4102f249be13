"use client";

import Link from "next/link";
import { useTranslations } from "use-intl";
import { buttonLook, Page } from "@/design/parts";

export default function NotFound() {
  const t = useTranslations("lost");
  return (
    <Page title={t("title")}>
      <Link prefetch={false} href="/" className={buttonLook("primary")}>
        {t("back")}
      </Link>
    </Page>
  );
}
