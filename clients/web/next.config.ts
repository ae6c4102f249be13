import type { NextConfig } from "next";

const config: NextConfig = {
  // Plain files: the service serves them, and so does any static host.
  output: "export",
  reactStrictMode: true,
  transpilePackages: ["@sonica/engine", "@sonica/sdk"],
  images: { unoptimized: true },
  poweredByHeader: false,
};

export default config;
