/** What may keep a listener from an answer: each says what it is, and what to do. */

import { songs } from "./places";
import { expect, installed, open, type Page, pressed, test, UNANSWERED } from "./test";

const { heard } = songs();

test.describe("a listener who says no", () => {
  test.use({ sound: "denied" });
  test("is told how to allow it", async ({ page, context, origin }) => {
    const browser = await context.browser()?.newBrowserCDPSession();
    const permission = { name: "microphone" };
    await browser?.send("Browser.setPermission", { origin, permission, setting: "denied" });
    await open(page);
    await page.getByTestId("listen").click();
    await expectProblem(page, "denied", "The microphone is not allowed");
  });
});

test.describe("a machine without a microphone", () => {
  test.use({ sound: "none" });
  test("says so", async ({ page }) => {
    await open(page);
    await page.getByTestId("listen").click();
    await expectProblem(page, "microphone", "There is no microphone");
  });
});

// A page from a machine's own address is always secure, so this one is told otherwise.
test("a page that is not secure says so", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, "isSecureContext", { value: false }));
  await open(page);
  await page.getByTestId("listen").click();
  await expectProblem(page, "insecure", "This address is not secure");
});

test("a microphone that is taken away says so, and a second try is fine", async ({ page }) => {
  await page.addInitScript(() => {
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    let times = 0;
    mediaDevices.getUserMedia = async (wanted) => {
      times += 1;
      if (times === 1) throw new DOMException("in use", "NotReadableError");
      return ask(wanted);
    };
  });
  await open(page);
  await page.getByTestId("listen").click();
  await expectProblem(page, "busy", "The microphone cannot be used");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByTestId("title")).toHaveText(heard.latin);
});

test.describe("a service that is not there", () => {
  test.use({ tolerated: [UNANSWERED] });
  test("has what was heard be kept, and looked up when it is back", async ({ page, another }) => {
    const service = await another();
    await open(page, service.origin);
    await installed(page); // else the engine could not be had, and the page says that
    await service.kill();
    expect(await pressed(page)).toBe("waiting");
    await expect(page.getByTestId("answer")).toContainText("Kept until there is a network");
    await expect(page.getByText("1 sound waits for the network")).toBeVisible();
    await another({ port: service.port });
    await page.goto(`${service.origin}/history`);
    await expect(page.getByRole("link", { name: heard.latin })).toBeVisible();
  });
});

test.describe("a quota that is used up", () => {
  test.use({ tolerated: [/status of 429/] });
  test("says when to try again", async ({ page, another }) => {
    const { origin } = await another({ quota: "1/40m" });
    await open(page, origin);
    expect(await pressed(page)).toBe("match");
    // Of an hour that was asked for when the first press came.
    const refused = page.waitForResponse((response) => response.status() === 429);
    expect(await pressedAgain(page)).toBe("waiting");
    const seconds = Number((await refused).headers()["retry-after"]);
    expect(seconds).toBeGreaterThan(60);
    const problem = page.locator("[data-problem=quota]");
    await expect(problem).toContainText("You have asked very often");
    const minutes = Number(/in (\d+) minutes/.exec((await problem.textContent()) ?? "")?.[1]);
    expect(minutes).toBe(Math.ceil(seconds / 60));
  });
});

async function expectProblem(page: Page, code: string, said: string): Promise<void> {
  const problem = page.locator(`[data-problem=${code}]`);
  await expect(problem).toContainText(said);
  await expect(page.getByRole("alert").filter({ hasText: said })).toHaveCount(1);
  await expect(page.getByTestId("listen")).toHaveText("Listen");
}

/** The card of the press before is gone once it listens. */
async function pressedAgain(page: Page): Promise<string | null> {
  const card = page.getByTestId("answer");
  await page.getByTestId("listen").click();
  await expect(card).toHaveCount(0);
  await card.waitFor();
  return card.getAttribute("data-status");
}
