/** The songs in a mix: a real file, the real engine, a real service. */

import { readFile } from "node:fs/promises";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { SOUNDS, songs } from "./places";
import { expect, open, type Page, test, UNANSWERED } from "./test";

const { heard, local } = songs();
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

test("a mix becomes a time line, by fingerprint alone", async ({ page }) => {
  const sent: number[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.postDataBuffer()?.length ?? 0);
  });
  await open(page);
  await page.getByRole("link", { name: "All songs in a mix" }).click();
  // The page of before takes files, too.
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Songs in a mix");
  await choose(page, "mix.wav");
  const found = page.getByTestId("found");
  await expect(page.getByText(/^3 songs in 1:3\d, /).first()).toBeVisible();
  await expect(found.getByRole("link")).toHaveText([heard.latin, local.latin, heard.latin]);
  await expect(found.nth(0)).toContainText(/0:0[0-2] – 0:(?:2[6-9]|3[01])/);
  await expect(found.nth(1)).toContainText(/0:4[2-6] – 1:1\d/);
  await expect(page.getByRole("img", { name: /^Time line of 3 songs/ })).toBeVisible();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toBeGreaterThan(2_000);
  expect(sent[0]).toBeLessThan(20_000);

  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" ")}`),
      colorScheme,
    ).toEqual([]);
  }

  const sheet = await saved(page, "Cue sheet (.cue)");
  expect(sheet.name).toBe("mix.cue");
  expect(sheet.text.match(/TITLE ".+"/g)).toEqual(
    [heard, local, heard].map(({ title }) => `TITLE "${title}"`),
  );
  const table = await saved(page, "Table (.csv)");
  expect(table.text.split("\r\n")).toHaveLength(5);
  const lines = (await saved(page, "For programs (.jsonl)")).text.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).song.title)).toEqual([heard.title, local.title, heard.title]);

  await found.nth(1).getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(local.latin);
});

test("what cannot be read says so, and the next one is scanned", async ({ page }) => {
  await open(page, "/scan");
  await choose(page, "no-music.mp3");
  await expect(page.locator("[data-problem=file]")).toContainText("save it as MP3 or WAV");
  await choose(page, "unknown.wav");
  await expect(page.getByText("Sonica knows none of the songs in this file.")).toBeVisible();
});

test.describe("without an answer", () => {
  test.use({ tolerated: [new RegExp(`${UNANSWERED.source}|status of 503`)] });

  test("it says that it needs the network, and goes on when there is one", async ({ page, context }) => {
    await open(page, "/scan");
    await context.setOffline(true);
    await choose(page, "mix.wav");
    await expect(page.locator("[data-problem=offline]")).toBeVisible();
    await context.setOffline(false);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByTestId("found")).toHaveCount(3);
  });

  test("a service that is busy says when, and a scan can be cancelled", async ({ page }) => {
    const problem = { type: "/problems/busy", title: "Too much to do", status: 503, detail: "." };
    await page.route("**/v1/scan", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        headers: { "Retry-After": "90" },
        body: JSON.stringify(problem),
      }),
    );
    await open(page, "/scan");
    await choose(page, "mix.wav");
    await expect(page.locator("[data-problem=busy]")).toContainText("Try again in 2 minutes");
    await page.unroute("**/v1/scan");
    await page.route("**/v1/scan", () => undefined); // never answered
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByText("or drop it here")).toBeVisible();
  });
});

async function choose(page: Page, name: string): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(path.join(SOUNDS, name));
}

async function saved(page: Page, name: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name }).click(),
  ]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}
