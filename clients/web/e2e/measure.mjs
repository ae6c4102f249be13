/**
 * How long after enough of a song was heard its name is on the screen, and how smoothly the sky is drawn meanwhile:
 * `node e2e/measure.mjs [PRESSES]`. A bench, not a test: what it says depends on the machine, and on what else that does.
 *
 * Enough was heard at the moment when the look that succeeded was due. The time from then on holds all there is:
 * the rest of a batch of samples, the fingerprint, the request, the search, the answer's card, and the picture.
 */

import { chromium } from "@playwright/test";
import { launching } from "./browser.ts";
import setup from "./setup.ts";

/** As in src/listening/looks.ts. */
const LOOKS = [1.5, 2.5, 4, 6, 9, 12, 15];
const presses = Number(process.argv[2] ?? 20);

/** Notes in the page when what came in. */
function watch() {
  const seen = { reports: [], posts: [], titles: [] };
  globalThis.seen = seen;
  const { Worker, fetch } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (data.report) seen.reports.push({ at: performance.now(), seconds: data.report.seconds });
      });
    }
  };
  globalThis.fetch = (...given) => {
    const url = given[0] instanceof Request ? given[0].url : String(given[0]);
    if (url.includes("/v1/recognize")) seen.posts.push(performance.now());
    return fetch(...given);
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (...given) {
    seen.posts.push(performance.now());
    return send.apply(this, given);
  };
  new MutationObserver(() => {
    if (!document.querySelector("[data-testid=title]") || seen.titles.length > 0) return;
    seen.titles.push(0);
    // Painted: the task after the next frame.
    requestAnimationFrame(() => setTimeout(() => seen.titles.splice(0, 1, performance.now())));
  }).observe(document, { childList: true, subtree: true });
}

async function press(page) {
  await page.evaluate(() => {
    for (const list of Object.values(globalThis.seen)) list.length = 0;
  });
  await page.getByTestId("listen").click();
  await page.waitForFunction(() => globalThis.seen.titles[0] > 0);
  return page.evaluate(() => globalThis.seen);
}

/** Milliseconds, and seconds of sound. */
function times({ reports, posts, titles }) {
  // The sound's own clock: some reports come late, none too early.
  const begun = Math.min(...reports.map(({ at, seconds }) => at - 1000 * seconds));
  const asked = posts.at(-1);
  const heard = reports.findLast(({ at }) => at <= asked)?.seconds ?? 0;
  const due = LOOKS.findLast((look) => look <= heard) ?? 0;
  const enough = begun + 1000 * due;
  return { due, asking: asked - enough, whole: titles[0] - enough };
}

function share(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

/** Notes in the page when pictures are drawn, and how long that keeps it busy. */
function watchFrames() {
  const frames = { at: [], taken: [] };
  globalThis.frames = frames;
  const { requestAnimationFrame } = globalThis;
  globalThis.requestAnimationFrame = (draw) =>
    requestAnimationFrame((now) => {
      const begun = performance.now();
      draw(now);
      frames.taken.push(performance.now() - begun);
      if (frames.at.at(-1) !== now) frames.at.push(now);
    });
}

const LISTENED_MS = 12_000;

/** While a song that nobody knows is heard, by a processor that is so many times slower. */
async function framesOf(browser, slowdown) {
  const page = await browser.newPage();
  await page.addInitScript(watchFrames);
  await page.goto(process.env.SONICA_E2E_ORIGIN ?? "");
  await page.waitForTimeout(3_000);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.getByTestId("listen").click();
  await page.waitForTimeout(2_000);
  await page.evaluate(() => {
    for (const list of Object.values(globalThis.frames)) list.length = 0;
  });
  await page.waitForTimeout(LISTENED_MS);
  const { at, taken } = await page.evaluate(() => globalThis.frames);
  await page.close();
  return { rate: (1000 * (at.length - 1)) / (at.at(-1) - at[0]), taken };
}

const clear = await setup();
try {
  await tellPresses();
  await tellFrames();
} finally {
  await clear();
}

async function tellFrames() {
  const browser = await chromium.launch(launching("unknown"));
  try {
    process.stdout.write(
      `\n${"while listening, a processor so much slower".padEnd(44)}  pictures/s  ms each: median  p95\n`,
    );
    for (const slowdown of [1, 4, 6]) {
      const { rate, taken } = await framesOf(browser, slowdown);
      const [median, p95] = [0.5, 0.95].map((part) => share(taken, part).toFixed(1));
      process.stdout.write(
        `${`${slowdown} ×`.padEnd(44)} ${rate.toFixed(1).padStart(11)} ${median.padStart(16)} ${p95.padStart(4)}\n`,
      );
    }
  } finally {
    await browser.close();
  }
}

async function tellPresses() {
  const browser = await chromium.launch(launching("clean"));
  try {
    const page = await browser.newPage();
    await page.addInitScript(watch);
    await page.goto(process.env.SONICA_E2E_ORIGIN ?? "");
    await page.waitForTimeout(3_000);
    const all = [];
    for (let i = 0; i < presses; i++) {
      all.push(times(await press(page)));
      await page.waitForTimeout(500);
    }
    const row = (name, values) => {
      const [median, p95] = [0.5, 0.95].map((part) => Math.round(share(values, part)));
      return `${name.padEnd(44)} ${String(median).padStart(7)} ${String(p95).padStart(7)}\n`;
    };
    process.stdout.write(`${"milliseconds after enough was heard".padEnd(44)}  median     p95\n`);
    process.stdout.write(
      row(
        "until the service is asked",
        all.map(({ asking }) => asking),
      ),
    );
    process.stdout.write(
      row(
        "until the song's name is on the screen",
        all.map(({ whole }) => whole),
      ),
    );
    const dues = LOOKS.map((look) => [look, all.filter(({ due }) => due === look).length]);
    const said = dues.filter(([, count]) => count > 0).map(([look, count]) => `${count} at ${look} s`);
    process.stdout.write(`${presses} presses, named ${said.join(", ")}\n`);
  } finally {
    await browser.close();
  }
}
