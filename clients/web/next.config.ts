import type { NextConfig } from "next";

const config: NextConfig = {
  // Plain files: the service serves them, and so does any static host.
  output: "export",
  reactStrictMode: true,
  transpilePackages: ["@sonica/engine", "@sonica/sdk"],
  images: { unoptimized: true },
  poweredByHeader: false,
  // Texts come compiled (scripts/messages.mjs): 12 kB that read them are not in the page.
  turbopack: { resolveAlias: { "use-intl/format-message": "use-intl/format-message/format-only" } },
};

export default config;
