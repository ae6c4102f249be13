/** The microphone that is kept ready: only where it is wanted and seen, and heard from before the press. */

import { songs, wav } from "./places";
import { answered, expect, open, type Page, pressed, test } from "./test";

const { heard } = songs();
const STEPS_PER_SECOND = 250;

test.beforeEach(async ({ page, context, origin }) => {
  await context.grantPermissions(["microphone"], { origin });
  await page.addInitScript(() => {
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    const given: MediaStream[] = [];
    Object.assign(globalThis, { given });
    // What is cloned keeps a microphone open, too.
    const { clone } = MediaStream.prototype;
    MediaStream.prototype.clone = function () {
      const copy = clone.call(this);
      given.push(copy);
      return copy;
    };
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      given.push(stream);
      return stream;
    };
  });
});

test("nobody's microphone is open who did not ask for it", async ({ page }) => {
  await open(page);
  await page.waitForTimeout(2_000);
  expect(await tracks(page)).toEqual([]);
  await expect(page.getByTestId("ready")).toHaveCount(0);
});

test("three seconds from before the press are heard first", async ({ page }) => {
  const frames: Buffer[] = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => frames.push(Buffer.from(payload))),
  );
  await turnedOn(page);
  await expect(page.getByTestId("ready")).toContainText("The microphone is open");
  await page.waitForTimeout(4_000);
  expect(frames).toEqual([]);
  expect(await pressed(page)).toBe("match");
  await expect(page.getByTestId("title")).toHaveText(heard.latin);
  const seconds = (frames[0]?.readUInt32LE(15) ?? 0) / STEPS_PER_SECOND;
  test.info().annotations.push({ type: "first frame", description: `${seconds} s` });
  expect(seconds).toBeGreaterThanOrEqual(3);
  await expect(page.getByTestId("ready"), "it is ready again").toBeVisible();
});

test("it is let go where it is turned off, where the page is hidden, and where it is left", async ({
  page,
}) => {
  await turnedOn(page);
  const sign = page.getByTestId("ready");
  await expect(sign).toBeVisible();
  await sees(page, "hidden");
  await expect(sign).toHaveCount(0);
  expect(await tracks(page)).toEqual(Array(2).fill("ended"));
  await sees(page, "visible");
  await expect(sign).toBeVisible();
  await page.getByRole("link", { name: "Charts" }).click();
  await expect.poll(() => tracks(page)).toEqual(Array(4).fill("ended"));
  await page.getByRole("link", { name: "Listen" }).click();
  await expect(sign).toBeVisible();
  const said = page.getByRole("status").filter({ hasText: "The microphone is open" });
  await expect(said).toHaveCount(1);
  await sign.getByRole("button", { name: "Turn off the microphone", exact: true }).click();
  await expect(sign).toHaveCount(0);
  await expect(said).toHaveCount(0);
  await expect(page.getByTestId("listen")).toBeFocused();
  expect(await tracks(page)).toEqual(Array(6).fill("ended"));
  await open(page, "/settings");
  await expect(page.getByRole("switch", { name: "Keep the microphone ready" })).not.toBeChecked();
});

test("it is not open while a file is heard", async ({ page }) => {
  await turnedOn(page);
  const sign = page.getByTestId("ready");
  await expect(sign).toBeVisible();
  await page.locator("input[type=file]").setInputFiles(wav("clean"));
  expect(await answered(page)).toBe("match");
  await expect(sign, "it is ready again").toBeVisible();
  expect(await tracks(page)).toEqual(["ended", "ended", "live", "live"]);
});

test("it is let go at once while what hears it is still on its way", async ({ page }) => {
  const answer = await heldBack(page);
  await turnedOn(page);
  const sign = page.getByTestId("ready");
  await expect(sign, "open, and said so").toBeVisible();
  await sees(page, "hidden");
  await expect(sign).toHaveCount(0);
  expect(await tracks(page)).toEqual(["ended", "ended"]);
  await sees(page, "visible");
  await answer();
  await expect(sign, "it is wanted again").toBeVisible();
  await expect.poll(() => tracks(page)).toEqual(["ended", "ended", "live", "live"]);
});

test("who presses and stops before it can be heard leaves nothing open", async ({ page }) => {
  const answer = await heldBack(page);
  await turnedOn(page);
  await expect(page.getByTestId("ready")).toBeVisible();
  const button = page.getByTestId("listen");
  await button.click();
  await expect.poll(() => tracks(page)).toEqual(["ended", "ended", "live", "live"]);
  await sees(page, "hidden"); // or it would be made ready again
  await button.click();
  expect(await tracks(page)).toEqual(Array(4).fill("ended"));
  await answer();
});

/** Holds the worklet back, as a slow network does, until it is called. */
async function heldBack(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const waiting = new Promise<void>((answer) => Object.assign(globalThis, { answer }));
    const { addModule } = AudioWorklet.prototype;
    AudioWorklet.prototype.addModule = async function (...by) {
      await waiting;
      return addModule.apply(this, by);
    };
  });
  return () => page.evaluate(() => (globalThis as unknown as { answer: () => void }).answer());
}

async function turnedOn(page: Page): Promise<void> {
  await open(page, "/settings");
  await page.getByText("Keep the microphone ready", { exact: true }).click();
  await page.getByRole("link", { name: "Listen" }).click();
}

async function sees(page: Page, state: "visible" | "hidden"): Promise<void> {
  await page.evaluate((now) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => now });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

function tracks(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    (globalThis as unknown as { given: MediaStream[] }).given.flatMap((stream) =>
      stream.getTracks().map(({ readyState }) => readyState),
    ),
  );
}
