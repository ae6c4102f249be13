import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type BrowserContext, chromium } from "@playwright/test";
import { expect, onTestFinished, test } from "vitest";
import { buildServiceWorker } from "../scripts/build-sw.mjs";
import { exported, page } from "./exported.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const TYPES: Record<string, string> = { html: "text/html", js: "text/javascript" };
const APP = { "index.html": page("home"), "charts.html": page("charts"), "share/index.html": page("share") };

/** The export on a plain server, and the service beside it. */
async function serve(out: string) {
  const told = { isDown: false, isBusy: false, seen: [] as string[] };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    told.seen.push(`${request.method} ${pathname}`);
    if (told.isDown) return request.socket.destroy();
    if (told.isBusy) return response.writeHead(503, { "Content-Type": "application/problem+json" }).end("{}");
    if (pathname.startsWith("/v1/")) {
      const said = { id: "r", feedback_token: "t", status: "none", at: told.seen.length };
      return response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(said));
    }
    const file = path.join(out, pathname === "/" ? "index.html" : pathname);
    if (!existsSync(file)) return response.writeHead(404).end();
    const type = TYPES[file.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    return response.writeHead(200, { "Content-Type": type }).end(await readFile(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(told, { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function browse(): Promise<BrowserContext> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  onTestFinished(() => browser.close());
  return browser.newContext();
}

const REGISTER = `navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready)
  .then(() => navigator.serviceWorker.controller || new Promise((done) =>
    navigator.serviceWorker.addEventListener("controllerchange", done))).then(() => true)`;

test("the app in a browser, with and without a connection", { timeout: 60_000 }, async () => {
  const out = await exported({ ...APP, "engine/large.bin": "engine" });
  await buildServiceWorker(out);
  const server = await serve(out);
  const tab = await (await browse()).newPage();
  await tab.goto(server.base);
  await tab.evaluate(REGISTER);
  const at = (url: string) => tab.evaluate(`fetch("${url}").then((r) => r.json()).then(({ at }) => at)`);
  const text = () => tab.evaluate("document.body.textContent");
  const charts = await at("/v1/charts?language=hi");
  expect(await at("/v1/charts?language=hi")).not.toBe(charts);
  await at("/v1/packs");
  await tab.evaluate(`fetch("/engine/large.bin").then((r) => r.text())`);
  await tab.evaluate(`fetch("/v1/recognize", { method: "POST", body: "x" }).then((r) => r.text())`);

  server.isDown = true;
  for (const [url, body] of [
    ["/?listen=1", "home"],
    ["/charts", "charts"],
    ["/charts?language=bho", "charts"],
    ["/share", "share"],
    ["/song/6", "home"],
  ]) {
    await tab.goto(server.base + url);
    expect([url, await text()]).toEqual([url, body]);
  }
  const head = (url: string) =>
    tab.evaluate(`fetch("${url}", { method: "HEAD" }).then(({ status }) => status)`);
  expect([await head("/charts?x=1"), await head("/")]).toEqual([200, 200]);
  await expect(head("/v1/charts")).rejects.toThrow("Failed to fetch");
  expect(await at("/v1/charts?language=hi")).toBeGreaterThan(Number(charts));
  expect(await tab.evaluate(`fetch("/engine/large.bin").then((r) => r.text())`)).toBe("engine");
  for (const url of ["/v1/packs", "/v1/recognize"]) await expect(at(url)).rejects.toThrow("Failed to fetch");

  // What another app shares comes as a form that the browser sends.
  await tab.goto(`${server.base}/charts`);
  await tab.evaluate(`document.body.innerHTML = '<form method="post" action="/share" enctype="multipart/form-data">' +
    '<input type="file" name="media"></form>'`);
  await tab.setInputFiles("input", {
    name: "गाना.mp3",
    mimeType: "audio/mpeg",
    buffer: Buffer.from("sound"),
  });
  await Promise.all([tab.waitForURL("**/share?shared=1"), tab.evaluate("document.forms[0].submit()")]);
  const kept = `caches.open("sonica-shared").then((c) => c.match("/share/file")).then((r) => r.text())`;
  expect([await text(), await tab.evaluate(kept)]).toEqual(["share", "sound"]);
});

test("a new version waits, and cleans up after the old one", { timeout: 60_000 }, async () => {
  const out = await exported({ ...APP, "old.html": page("old"), "engine/large.bin": "engine" });
  await buildServiceWorker(out);
  const server = await serve(out);
  const tab = await (await browse()).newPage();
  await tab.goto(server.base);
  await tab.evaluate(REGISTER);
  await tab.evaluate(`fetch("/engine/large.bin").then((r) => r.text())`);
  const engines = `caches.keys().then((names) => names.filter((name) => name.startsWith("sonica-engine-")))`;
  const before = await tab.evaluate(engines);

  await writeFile(path.join(out, "index.html"), page("home anew"));
  await writeFile(path.join(out, "engine/large.bin"), "engine anew");
  await buildServiceWorker(out);
  await tab.evaluate(
    `navigator.serviceWorker.getRegistration().then((registration) => registration.update())`,
  );
  await expect
    .poll(() => tab.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.waiting?.state)"))
    .toBe("installed");
  await tab.goto(server.base);
  expect(await tab.evaluate("document.body.textContent")).toBe("home");
  await tab.evaluate(`new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", done);
    navigator.serviceWorker.getRegistration().then((r) => r.waiting.postMessage({ type: "SKIP_WAITING" }));
  }).then(() => true)`);
  await tab.goto(server.base);
  expect(await tab.evaluate("document.body.textContent")).toBe("home anew");
  expect(await tab.evaluate(`fetch("/engine/large.bin").then((r) => r.text())`)).toBe("engine anew");
  expect(before).toHaveLength(1);
  await expect.poll(() => tab.evaluate(engines)).not.toEqual(before);
  expect(await tab.evaluate(engines)).toHaveLength(1);
});

test("what waits is delivered by the worker, without a page", { timeout: 60_000 }, async () => {
  const out = await exported(APP);
  await buildServiceWorker(out);
  const server = await serve(out);
  const context = await browse();
  const tab = await context.newPage();
  await tab.goto(server.base);
  await tab.evaluate(REGISTER);
  const database = (work: string) => `new Promise((done, fail) => {
    const opening = indexedDB.open("sonica");
    opening.onerror = fail;
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(["queue", "history"], "readwrite");
      const [queue, history] = ["queue", "history"].map((name) => transaction.objectStore(name));
      ${work}
    };
  })`;
  // The worker makes the database when it has something to do.
  const session = await context.newCDPSession(tab);
  let registrationId = "";
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    registrationId = registrations[0]?.registrationId ?? registrationId;
  });
  await session.send("ServiceWorker.enable");
  await expect.poll(() => registrationId).not.toBe("");
  const wake = () =>
    session.send("ServiceWorker.dispatchSyncEvent", {
      origin: server.base,
      registrationId,
      tag: "sonica-queue",
      lastChance: false,
    });
  await wake();
  await expect
    .poll(() =>
      tab.evaluate("indexedDB.databases().then((all) => all.some(({ name }) => name === 'sonica'))"),
    )
    .toBe(true);
  const key = "5e0f3f1c-5f0c-4f7b-9a53-0a9a0b6f4f6e";
  await tab.evaluate(
    database(`history.put({ id: "a", heardAt: 1, source: "microphone", how: "queue", status: "waiting", others: [] });
      queue.add({ entryId: "a", key: "${key}", fingerprint: new Uint8Array([1]), queuedAt: 1, tries: 0 });
      transaction.oncomplete = () => { opening.result.close(); done(true); };`),
  );
  await wake();
  const status = database(`const asked = history.get("a");
      transaction.oncomplete = () => { opening.result.close(); done(asked.result.status); };`);
  await expect.poll(() => tab.evaluate(status)).toBe("none");
  expect(server.seen.filter((line) => line === "POST /v1/recognize")).toHaveLength(1);
});
