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

/** Two WAVs for the microphone: a song that the service knows, from its twentieth second on, and one that it does not. */
function composed(folder) {
  const program = `
import sys, wave
from sonica.audio.compose import compose_song
from sonica.audio.compose.demo import compose_demo_song

def write(path, heard, rate):
    with wave.open(path, "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes((heard * 32767).astype("<i2").tobytes())

song = compose_demo_song(${SONG})
write(sys.argv[1], song.samples.mean(axis=1)[20 * song.rate : 45 * song.rate], song.rate)
other = compose_song(4_711)
write(sys.argv[2], other.samples, other.rate)
`;
  const files = { known: path.join(folder, "known.wav"), unknown: path.join(folder, "unknown.wav") };
  execFileSync(path.join(BIN, "python"), ["-c", program, files.known, files.unknown]);
  return files;
}

function browserThatHears(sound) {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-audio-capture=${sound}`,
    ],
  });
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

async function opened(browser, { size, look, locale }, out) {
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
  return { context, page, picture };
}

/** While it listens to what nobody knows, so that there is time for a sky. */
async function listening(browser, address, view, out) {
  const { context, page, picture } = await opened(browser, view, out);
  await page.goto(address);
  await page.getByTestId("listen").click();
  await page.waitForTimeout(10_500);
  await picture("listening");
  await context.close();
}

async function pages(browser, address, view, out) {
  const { context, page, picture } = await opened(browser, view, out);
  await page.goto(address);
  await picture("listen");
  await page.getByTestId("listen").click();
  await page.getByTestId("answer").waitFor({ timeout: 30_000 });
  await page.waitForTimeout(1_500);
  await picture("answer");
  await page.goto(`${address}/search`);
  await page.getByRole("searchbox").fill("man");
  await picture("search");
  await page.locator("main li a").first().click();
  await picture("song");
  for (const name of ["history", "charts", "settings", "share"]) {
    await page.goto(`${address}/${name}`);
    await picture(name);
  }
  await context.close();
}

const out = path.resolve(process.argv[2] ?? path.join(ROOT, "build", "screenshots"));
const scratch = await mkdtemp(path.join(tmpdir(), "sonica-screenshots-"));
await mkdir(out, { recursive: true });
const service = await served();
try {
  const { known, unknown } = composed(scratch);
  const [browser, other] = [await browserThatHears(known), await browserThatHears(unknown)];
  for (const view of VIEWS) {
    await pages(browser, service.address, view, out);
    await listening(other, service.address, view, out);
    process.stdout.write(`  ${view.size}, ${view.look}, ${view.locale}\n`);
  }
  await browser.close();
  await other.close();
} finally {
  await service.end();
  await rm(scratch, { recursive: true });
}
process.stdout.write(`\n${out}\n`);
