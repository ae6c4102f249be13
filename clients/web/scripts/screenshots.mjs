/**
 * Pictures of every page, phone and desktop, light and dark, in English, Hindi and Bhojpuri, of the real app on
 * the real service with the demo's songs, one of which plays into the microphone: `make screenshots`.
 * Written to build/screenshots, or to the folder that is named.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const BIN = path.join(ROOT, ".venv", "bin");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const SONG = 5;
const READY_MS = 300_000;

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
};
/** All languages on a phone by night; the rest in English and Hindi. */
const VIEWS = [
  { size: "phone", look: "dark", locale: "en-IN" },
  { size: "phone", look: "dark", locale: "hi-IN" },
  { size: "phone", look: "dark", locale: "bho" },
  { size: "phone", look: "light", locale: "hi-IN" },
  { size: "desktop", look: "dark", locale: "hi-IN" },
  { size: "desktop", look: "light", locale: "en-IN" },
];

/** The demo's song as a WAV, from its twentieth second on: what the microphone hears. */
function composed(folder) {
  const file = path.join(folder, "song.wav");
  const program = `
import sys, wave
from sonica.audio.compose.demo import compose_demo_song
song = compose_demo_song(${SONG})
heard = song.samples.mean(axis=1)[20 * song.rate : 45 * song.rate]
with wave.open(sys.argv[1], "wb") as out:
    out.setparams((1, 2, song.rate, 0, "NONE", ""))
    out.writeframes((heard * 32767).astype("<i2").tobytes())
`;
  execFileSync(path.join(BIN, "python"), ["-c", program, file]);
  return file;
}

/** The service with the demo's songs; `end` stops it. */
async function served() {
  const home = path.join(ROOT, ".demo");
  const service = spawn(path.join(BIN, "sonica"), ["serve", "--demo"], {
    env: { ...process.env, SONICA_HOME: home, SONICA_WEB: path.join(ROOT, "clients/web/out") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => service.once("exit", resolve));
  const end = async () => {
    service.kill("SIGINT");
    await ended;
  };
  let said = "";
  const address = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the service is not ready: ${said}`)), READY_MS);
    service.stdout.on("data", (some) => {
      said += some;
      // It says twice where it is: at once, and when its songs are there.
      const [first, second] = said.matchAll(/http:\/\/127\.0\.0\.1:\d+/g);
      if (!second) return;
      clearTimeout(late);
      resolve(first[0]);
    });
  });
  return { address: await address.catch((error) => end().then(() => Promise.reject(error))), end };
}

async function views(browser, address, out) {
  for (const { size, look, locale } of VIEWS) {
    const context = await browser.newContext({
      ...SIZES[size],
      locale,
      colorScheme: look,
      permissions: ["microphone"],
      serviceWorkers: "block",
    });
    const page = await context.newPage();
    const picture = async (name) => {
      await page.waitForTimeout(900);
      await page.screenshot({ path: path.join(out, `${name}-${size}-${look}-${locale.split("-")[0]}.png`) });
    };
    await page.goto(address);
    await picture("listen");
    await page.getByTestId("listen").click();
    await page.waitForTimeout(1_100);
    await page.screenshot({ path: path.join(out, `listening-${size}-${look}-${locale.split("-")[0]}.png`) });
    await page.getByTestId("answer").waitFor({ timeout: 30_000 });
    await page.waitForTimeout(1_500);
    await picture("answer");
    await page.goto(`${address}/search`);
    await page.getByRole("searchbox").fill("sawan");
    await picture("search");
    await page.goto(`${address}/search`);
    await page.locator("main li a").first().click();
    await picture("song");
    for (const name of ["history", "charts", "settings", "share"]) {
      await page.goto(`${address}/${name}`);
      await picture(name);
    }
    await context.close();
    process.stdout.write(`  ${size}, ${look}, ${locale}\n`);
  }
}

const out = path.resolve(process.argv[2] ?? path.join(ROOT, "build", "screenshots"));
const scratch = await mkdtemp(path.join(tmpdir(), "sonica-screenshots-"));
await mkdir(out, { recursive: true });
const service = await served();
try {
  const sound = composed(scratch);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-audio-capture=${sound}`,
    ],
  });
  await views(browser, service.address, out);
  await browser.close();
} finally {
  await service.end();
  await rm(scratch, { recursive: true });
}
process.stdout.write(`\n${out}\n`);
