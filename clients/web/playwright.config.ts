import { defineConfig } from "@playwright/test";
import { RESULTS } from "./e2e/places";

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/setup.ts",
  outputDir: RESULTS,
  reporter: "list",
  // A microphone hears in real time, and two browsers at once would have too little of the machine to listen.
  workers: 1,
  // A machine that is busy for a moment loses sound, which no test can tell from a fault. What failed once is told.
  retries: 1,
  // A listening without an answer lasts 15 seconds.
  timeout: 90_000,
  expect: { timeout: 30_000 },
  forbidOnly: process.env.CI !== undefined,
  use: { trace: "retain-on-failure", screenshot: "only-on-failure", locale: "en-IN" },
});
