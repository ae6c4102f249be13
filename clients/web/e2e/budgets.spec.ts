/** How little a page takes before it can be used, and that nothing on it moves by itself. */

import { songs } from "./places";
import { answered, expect, installed, open, type Page, test, UNANSWERED } from "./test";

const { heard } = songs();
const SCRIPTS_KB = 170;
const SHIFT = 0.01;
const ENGINE = /\/sonica-[a-z0-9]+\.wasm$/;

// Without the service worker, which fetches all of the app when the page is at rest.
test.describe("the first visit", () => {
  test.use({ contextOptions: { serviceWorkers: "block" } });

  test("fetches few scripts before the press", async ({ page }) => {
    const scripts = new Set<string>();
    page.on("request", (request) => {
      if (request.resourceType() === "script") scripts.add(request.url());
    });
    await open(page);
    await page.waitForTimeout(3_000);
    const sizes = await Promise.all([...scripts].map(gzipped));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    test.info().annotations.push({ type: "scripts, kB gzipped", description: (total / 1000).toFixed(1) });
    expect(scripts.size).toBeGreaterThan(2);
    expect(total).toBeLessThanOrEqual(SCRIPTS_KB * 1000);
  });

  test("fetches the engine when the finger goes down, once", async ({ page }) => {
    const engines: string[] = [];
    page.on("request", (request) => {
      if (ENGINE.test(new URL(request.url()).pathname)) engines.push(request.url());
    });
    await open(page);
    await page.waitForTimeout(2_000);
    expect(engines).toEqual([]);
    await page.getByTestId("listen").hover();
    expect(engines).toEqual([]);
    await page.mouse.down();
    await expect.poll(() => engines.length).toBe(1);
    await page.mouse.up();
    expect(await answered(page)).toBe("match");
    expect(engines).toHaveLength(1);
  });
});

for (const language of ["en", "hi"]) {
  test(`nothing moves while pages come, for who reads ${language}`, async ({ page }) => {
    await page.addInitScript((tag) => {
      Object.defineProperty(navigator, "languages", { get: () => [tag] });
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
        })[])
          if (!entry.hadRecentInput) shifts.push(entry.value);
      }).observe({ type: "layout-shift", buffered: true });
    }, language);
    for (const path of ["/", "/history", "/charts", "/search", "/settings"]) {
      await open(page, path);
      await page.waitForTimeout(700);
      expect(await shifted(page), path).toBeLessThan(SHIFT);
    }
    // And while a song is heard and named.
    await open(page);
    await page.getByTestId("listen").click();
    expect(await answered(page)).toBe("match");
    await expect(page.getByTestId("title")).toHaveText(language === "en" ? heard.latin : heard.devanagari);
    expect(await shifted(page), "the answer").toBeLessThan(SHIFT);
  });
}

test.describe("without a network", () => {
  test.use({ tolerated: [UNANSWERED] });
  test("the first picture comes from what is kept", async ({ page, context }) => {
    await open(page);
    await installed(page);
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByTestId("listen")).toBeVisible();
    const paints = await page.evaluate(() => performance.getEntriesByType("paint").map(({ name }) => name));
    expect(paints).toContain("first-contentful-paint");
  });
});

function shifted(page: Page): Promise<number> {
  return page.evaluate(() =>
    (globalThis as unknown as { shifts: number[] }).shifts.reduce((sum, shift) => sum + shift, 0),
  );
}

/** Bytes of a script as the service sends it to who takes gzip. */
async function gzipped(url: string): Promise<number> {
  const { get } = await import("node:http");
  return new Promise((resolve, reject) => {
    get(url, { headers: { "Accept-Encoding": "gzip" } }, (response) => {
      let size = 0;
      response.on("data", (part: Buffer) => {
        size += part.length;
      });
      response.on("end", () => resolve(size));
    }).on("error", reject);
  });
}
