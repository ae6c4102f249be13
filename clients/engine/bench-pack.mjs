// A pack in Chromium: how long it takes to open, how much memory, and how long queries take. Prints JSON.
// `node bench-pack.mjs PACK QUERIES`: QUERIES is JSON, names to lists of fingerprints in base64.
// `python -m bench.offline` makes both and runs it.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";

import { withPage } from "./test/browser.mjs";

const [pack, queries] = process.argv.slice(2);
if (!pack || !queries) {
  process.stderr.write("usage: node bench-pack.mjs PACK QUERIES\n");
  process.exit(2);
}

/** Runs in the page: opens the pack. */
async function open() {
  const { Engine } = await import("/sonica.js");
  const bytes = new Uint8Array(await (await fetch("/pack")).arrayBuffer());
  const engine = await Engine.open();
  const began = performance.now();
  const opened = await engine.openPack(bytes);
  Object.assign(globalThis, { engine, opened });
  return { ms: performance.now() - began, songs: opened.length, build: engine.build };
}

/** Runs in the page: asks, one after the other. */
async function ask(prints) {
  const { engine, opened } = globalThis;
  const told = [];
  for (const print of prints) {
    const fingerprint = Uint8Array.from(atob(print), (char) => char.charCodeAt(0));
    const began = performance.now();
    const { status, hits } = await engine.recognize([opened], fingerprint);
    told.push({ ms: performance.now() - began, status, song: Number(hits[0]?.songId ?? 0) });
  }
  return told;
}

/** Bytes that the processes of pages hold, shared ones in part. */
async function memory(page) {
  const session = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1]))
    .reduce((sum, kilobytes) => sum + 1024 * kilobytes, 0);
}

const asked = JSON.parse(await readFile(queries, "utf8"));
const told = await withPage(
  async (page) => {
    await page.evaluate(() => import("/sonica.js"));
    const before = await memory(page);
    const opened = await page.evaluate(open);
    const answers = {};
    for (const [name, prints] of Object.entries(asked)) answers[name] = await page.evaluate(ask, prints);
    return { ...opened, memory: (await memory(page)) - before, answers };
  },
  { files: { "/pack": pack } },
);
process.stdout.write(`${JSON.stringify(told)}\n`);
