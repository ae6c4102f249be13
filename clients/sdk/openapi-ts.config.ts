import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "../../openapi.json",
  logs: { file: false },
  output: {
    // Whoever takes these sources in checks its own with exactOptionalPropertyTypes, which they do not hold.
    header: ["// @ts-nocheck", "// Generated from openapi.json: `pnpm --filter @sonica/sdk run generate`"],
    path: process.env.SDK_OUTPUT ?? "src/generated", // the test compares with another folder
  },
  plugins: [
    "@hey-api/typescript",
    { name: "@hey-api/client-fetch", baseUrl: false },
    // Each call names its client: one that is made when the module loads would stay in every bundle.
    { name: "@hey-api/sdk", client: false },
  ],
});
