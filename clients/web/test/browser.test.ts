import { randomBytes } from "node:crypto";
import path from "node:path";
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { published, servePacks } from "./packserver.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: 'export { openOffline } from "./open.ts"; export { openPacks } from "./packs.ts";',
      resolveDir: path.join(import.meta.dirname, "..", "src", "offline"),
    },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "sonica",
    footer: { js: "globalThis.sonica = sonica;" },
  });
  return outputFiles[0]?.text ?? "";
}

test("a pack in a browser, over a bad line", { timeout: 60_000 }, async () => {
  const pack = published("bhojpuri-lite", randomBytes(3_000_000));
  const server = await servePacks(pack);
  server.breakAfter = 1_200_000;
  server.diesOfIt = true;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  onTestFinished(() => browser.close());
  const context = await browser.newContext();
  const script = await bundled();

  async function openTab() {
    const tab = await context.newPage();
    await tab.goto(server.base);
    await tab.evaluate(`${script}; globalThis.offline = sonica.openOffline();
      globalThis.packs = sonica.openPacks(offline); globalThis.seen = [];`);
    return tab;
  }
  const download = `packs.download("bhojpuri-lite", { onProgress: (got) => seen.push(got) })
    .then(({ sha256 }) => sha256, ({ code }) => code)`;

  const one = await openTab();
  expect(await one.evaluate(download)).toBe("offline");
  await one.close();
  server.revive();
  const two = await openTab();
  const three = await openTab();
  expect(await Promise.all([two.evaluate(download), three.evaluate(download)])).toEqual([
    pack.sha256,
    pack.sha256,
  ]);
  // How much of it had come when the line broke is the network's to say.
  expect(server.ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d{4,}-$/)]);
  const sum = await two.evaluate(`packs.bytes("bhojpuri-lite")
    .then((bytes) => crypto.subtle.digest("SHA-256", bytes))
    .then((sum) => Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, "0")).join(""))`);
  expect(sum).toBe(pack.sha256);
  expect(await two.evaluate(`packs.checkForUpdate("bhojpuri-lite")`)).toBe("current");

  // What one tab hears shows in the other.
  const shown = three.evaluate("new Promise((done) => offline.history.subscribe(() => done(true)))");
  await two.evaluate(`offline.history.add({ id: "a", heardAt: 1, source: "microphone", how: "queue",
    status: "waiting", others: [] }).then(() => offline.queue.enqueue(new Uint8Array([1]), "a"))`);
  expect(await shown).toBe(true);
  expect(await three.evaluate("offline.queue.count()")).toBe(1);
});
