/** Whether everybody can use it: by the rules of WCAG 2.2 AA as far as a program can tell, and by keyboard. */

import { AxeBuilder } from "@axe-core/playwright";
import { answered, expect, gate, open, type Page, test, unanswered } from "./test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PATHS = [
  "/",
  "/history",
  "/charts",
  "/search",
  "/settings",
  "/song?id=1",
  "/answer?id=none",
  "/share",
  "/scan",
  "/none",
];

test.describe("by night and by day", () => {
  // The address of nothing is a page, too.
  test.use({ tolerated: [/status of 404/] });
  test.beforeEach(({ page }) => page.emulateMedia({ reducedMotion: "reduce" }));

  test("every page keeps the rules", async ({ page }) => {
    test.slow(); // a dozen pages, each looked at by day and by night
    for (const path of PATHS) {
      await open(page, path);
      await expect(page.locator("[aria-busy]")).toHaveCount(0);
      await expectRulesKept(page, path);
    }
  });

  test("listening, the answer and the history keep the rules", async ({ page }) => {
    const held = gate();
    await unanswered(page, held.opened);
    await open(page);
    await page.getByTestId("listen").click();
    await expect(page.getByText(/Listening… [1-9]/)).toBeVisible();
    await expectRulesKept(page, "listening");
    held.open();
    expect(await answered(page)).toBe("match");
    await expectRulesKept(page, "the answer");
    await page.goto("/history");
    await page.getByRole("button", { name: "Clear history" }).click();
    await expect(page.getByRole("alertdialog")).toBeVisible();
    await expectRulesKept(page, "the history");
  });

  test("what went wrong keeps the rules", async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(globalThis, "isSecureContext", { value: false }));
    await open(page);
    await page.getByTestId("listen").click();
    await expect(page.getByRole("alert").filter({ hasText: "not secure" })).toBeVisible();
    await expectRulesKept(page, "a problem");
  });
});

test("the keyboard goes through the page as it is read", async ({ page }) => {
  await open(page);
  const stops: string[] = [];
  for (let stop = 0; stop < 14; stop++) {
    await page.keyboard.press("Tab");
    stops.push(await focused(page));
  }
  expect(stops).toEqual([
    "Skip to content",
    "Sonica",
    "Listen",
    "History",
    "Charts",
    "Search",
    "Settings",
    "Listen",
    "From a file",
    "From a tab",
    "All songs in a mix",
    "Keep listening",
    expect.anything(),
    expect.anything(),
  ]);
});

test("the link to the content leads past the pages", async ({ page }) => {
  await open(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("listen");
});

for (const how of ["the system", "the settings"] as const) {
  test(`nothing moves where ${how} asks for that`, async ({ page }) => {
    if (how === "the system") await page.emulateMedia({ reducedMotion: "reduce" });
    else await page.addInitScript(() => localStorage.setItem("sonica.motion", "less"));
    await open(page);
    await countFrames(page);
    await page.getByTestId("listen").click();
    expect(await answered(page)).toBe("match");
    const running = await page.evaluate(() => document.getAnimations().length);
    expect(running).toBe(0);
    expect(await countFrames(page), "frames of the sky after the answer").toBe(0);
  });
}

test("what is unanswered is said once, not each tenth of a second", async ({ page }) => {
  await unanswered(page);
  await open(page);
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    const status = document.querySelector("main [role=status]");
    new MutationObserver(() => said.push(status?.textContent ?? "")).observe(status ?? document, {
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  await page.getByTestId("listen").click();
  await expect(page.getByText(/Listening… [3-9]/)).toBeVisible();
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  expect(said.length).toBeGreaterThan(0);
  expect(said.length).toBeLessThanOrEqual(3);
});

/** In the dark and in the light; what breaks a rule is told with its place. */
async function expectRulesKept(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
    const broken = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
    );
    expect(broken, `${what}, ${colorScheme}`).toEqual([]);
  }
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    const label = (element as HTMLInputElement | null)?.labels?.[0]?.innerText.split("\n")[0];
    return (label ?? element?.getAttribute("aria-label") ?? element?.innerText ?? "").trim();
  });
}

/** Requests for frames in the half second that follows. */
function countFrames(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const ask = globalThis.requestAnimationFrame;
    let count = 0;
    globalThis.requestAnimationFrame = (work) => {
      count += 1;
      return ask(work);
    };
    await new Promise((resolve) => setTimeout(resolve, 500));
    globalThis.requestAnimationFrame = ask;
    return count;
  });
}
