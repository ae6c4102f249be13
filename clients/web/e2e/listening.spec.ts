/** From the press to the answer, with a microphone that hears a song. */

import { songs } from "./places";
import { answered, expect, gate, open, type Page, pressed, test, unanswered } from "./test";

const { heard } = songs();

test.describe("a song that is known", () => {
  test("is named in the letters of the listener", async ({ page }) => {
    await open(page);
    expect(await pressed(page)).toBe("match");
    const card = page.getByTestId("answer");
    await expect(page.getByTestId("title")).toHaveText(heard.latin);
    await expect(card).toContainText(heard.devanagari);
    await expect(card).toContainText(heard.artist);
    await expect(card).toContainText(/at 0:1\d of the song/);
    await expect(card).not.toContainText("sped up");
    await expect(card).not.toContainText("on this device");
    await expect(page.getByRole("status").first()).toHaveText(`Heard: ${heard.latin}, ${heard.artist}`);
  });

  test("is heard by who has only a keyboard", async ({ page }) => {
    await open(page);
    for (let stops = 0; stops < 15; stops++) {
      await page.keyboard.press("Tab");
      if (await isButton(page)) break;
    }
    expect(await isButton(page)).toBe(true);
    await page.keyboard.press("Enter");
    expect(await answered(page)).toBe("match");
    expect(await isButton(page), "the focus stays").toBe(true);
  });

  test("is drawn while it is heard", async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open(page);
    // Long enough for many stars: the answer would end it.
    await unanswered(page);
    await page.getByTestId("listen").click();
    await expect(page.getByText(/Listening… [3-9]/)).toBeVisible();
    expect(await starlight(page)).toBeGreaterThan(STARRY);
  });

  test("is not waited for by who stops", async ({ page }) => {
    await unanswered(page);
    await open(page);
    const button = page.getByTestId("listen");
    await button.click();
    await expect(page.getByText(/Listening… [12]/)).toBeVisible();
    expect(await tracks(page)).toContain("live");
    await page.getByRole("button", { name: "Stop listening" }).click();
    await expect(page.getByText("Press, and hold your phone near the music").last()).toBeVisible();
    await expect.poll(() => tracks(page), "the microphone is let go").not.toContain("live");
    await expect(page.getByTestId("answer")).toHaveCount(0);
    await expect(button).toHaveText("Listen");
    await page.goto("/history");
    await expect(page.getByText("What you hear is kept here")).toBeVisible();
  });

  test("is written once while listening goes on", async ({ page }) => {
    await open(page);
    await page.getByText("Keep listening", { exact: true }).click();
    await page.getByTestId("listen").click();
    const named = page.getByRole("listitem").getByRole("link", { name: heard.latin });
    await expect(named).toHaveCount(1);
    await expect(page.getByText("Names one song after the other until you stop").last()).toBeVisible();
    expect(await tracks(page)).toContain("live");
    await page.getByRole("button", { name: "Stop listening" }).click();
    await expect.poll(() => tracks(page), "the microphone is let go").not.toContain("live");
    await named.click();
    await expect(page.getByTestId("title")).toHaveText(heard.latin);
  });

  test("is heard for who pressed before the page could hear", async ({ page }) => {
    const held = gate();
    await page.route("**/_next/static/chunks/*.js", async (route) => {
      await held.opened;
      await route.continue();
    });
    await page.goto("/", { waitUntil: "commit" });
    await page.getByTestId("listen").click();
    held.open();
    expect(await answered(page)).toBe("match");
  });

  test.beforeEach(({ page }) => watchTracks(page));
});

test.describe("in noise of 5 dB", () => {
  test.use({ sound: "noisy" });
  test("it is named as well", async ({ page }) => {
    await open(page);
    expect(await pressed(page)).toBe("match");
    await expect(page.getByTestId("title")).toHaveText(heard.latin);
  });
});

test.describe("played too fast", () => {
  test.use({ sound: "faster" });
  test("it is named, and by how much", async ({ page }) => {
    await open(page);
    expect(await pressed(page)).toBe("match");
    await expect(page.getByTestId("title")).toHaveText(heard.latin);
    await expect(page.getByTestId("facts")).toContainText("sped up 1.15×");
  });
});

test.describe("a song that nobody knows", () => {
  test.use({ sound: "unknown" });
  test("is listened to for 15 seconds, and then not named", async ({ page }) => {
    await open(page);
    await page.getByTestId("listen").click();
    await expect(page.getByText(/Listening… 14/)).toBeVisible();
    expect(await answered(page)).toBe("none");
    await expect(page.getByTestId("answer")).toContainText("No song that is known here");
    await expect(page.getByTestId("title")).toHaveCount(0);
    await page.goto("/history");
    await expect(page.getByText("Not recognised")).toBeVisible();
  });
});

test.describe("silence", () => {
  test.use({ sound: "silence" });
  test("is told from a song that is not known", async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open(page);
    await page.getByTestId("listen").click();
    await expect(page.getByText(/It is very quiet here/).first()).toBeVisible();
    expect(await starlight(page), "nothing is drawn where nothing is heard").toBeLessThan(STARRY / 4);
    expect(await answered(page)).toBe("silence");
    await expect(page.getByTestId("answer")).toContainText("There was no sound to hear");
    await page.goto("/history");
    await expect(page.getByText("What you hear is kept here")).toBeVisible();
  });
});

function isButton(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.getAttribute("data-testid") === "listen");
}

/** Thousandths of the ring of stars that are lit. */
const STARRY = 20;

function starlight(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    if (!canvas) return 0;
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, width, height) ?? { data: [] };
    let lit = 0;
    let all = 0;
    for (let i = 0; i < width * height; i++) {
      const radius = 2 * Math.hypot((i % width) / width - 0.5, Math.floor(i / width) / height - 0.5);
      if (radius < 0.58 || radius > 0.93) continue;
      all += 1;
      lit += Number((data[4 * i + 3] ?? 0) > 24);
    }
    return (1000 * lit) / all;
  });
}

/** Keeps in the page what the microphone gave. */
async function watchTracks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    const given: MediaStream[] = [];
    Object.assign(globalThis, { given });
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      given.push(stream);
      return stream;
    };
  });
}

function tracks(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    (globalThis as unknown as { given: MediaStream[] }).given.flatMap((stream) =>
      stream.getTracks().map(({ readyState }) => readyState),
    ),
  );
}
