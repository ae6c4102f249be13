/** All that is not listening: history, charts, search, songs, and addresses that lead nowhere. */

import path from "node:path";
import { SOUNDS, songs } from "./places";
import { answered, expect, open, type Page, test, UNANSWERED } from "./test";

const { heard, local } = songs();

test.describe("the history", () => {
  test("keeps what was heard, and forgets it when told to", async ({ page }) => {
    await recognised(page, "music.mp3");
    await recognised(page, "film.webm");
    await recognised(page, "music.mp3");
    await page.getByRole("link", { name: "History" }).click();
    const entries = page.getByRole("main").getByRole("listitem");
    await expect(entries).toHaveCount(3);
    await expect(page.getByText(heard.artist)).toHaveCount(3);

    await entries.first().getByRole("link").click();
    await expect(page.getByTestId("title")).toHaveText(heard.latin);
    await expect(page.getByText(/^Heard /)).toBeVisible();
    await page.goBack();

    await page
      .getByRole("button", { name: `Remove ${heard.latin}` })
      .first()
      .click();
    await expect(entries).toHaveCount(2);
    await page.reload();
    await expect(entries).toHaveCount(2);

    await page.getByRole("button", { name: "Clear history" }).click();
    const question = page.getByRole("alertdialog", { name: "Remove all 2 entries" });
    await question.getByRole("button", { name: "Keep them" }).click();
    await expect(entries).toHaveCount(2);
    await page.getByRole("button", { name: "Clear history" }).click();
    await question.getByRole("button", { name: "Remove all" }).click();
    await expect(page.getByText("What you hear is kept here")).toBeVisible();
    await page.reload();
    await expect(page.getByText("What you hear is kept here")).toBeVisible();
  });

  test("says so where an answer is gone", async ({ page }) => {
    await open(page, "/answer?id=00000000-0000-4000-8000-000000000000");
    await expect(page.getByText("This answer is no longer on this device")).toBeVisible();
  });
});

test("an answer can be called wrong, and leads to the song", async ({ page }) => {
  await recognised(page, "music.mp3");
  const told = page.waitForRequest((request) => /\/v1\/recognitions\/[^/]+\/feedback$/.test(request.url()));
  await page.getByRole("button", { name: "Wrong song?" }).click();
  expect((await (await told).response())?.status()).toBe(204);
  await expect(page.getByRole("button", { name: "Thank you, that helps" })).toBeVisible();
  await page.getByRole("link", { name: "More about this song" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(heard.latin);
  await expect(page.getByRole("definition").filter({ hasText: "Hindi" })).toHaveCount(1);
  await expect(page.getByRole("link", { name: "Find on YouTube" })).toBeVisible();
});

test.describe("without a network", () => {
  test.use({ tolerated: [UNANSWERED] });

  test("an answer can be called wrong, and the service hears of it later", async ({ page, context }) => {
    await recognised(page, "music.mp3");
    await context.setOffline(true);
    const wrong = page.getByRole("button", { name: "Wrong song?" });
    await wrong.focus();
    await page.keyboard.press("Enter");
    const said = page.getByRole("button", { name: "Noted; it is sent when there is a network" });
    await expect(said).toBeFocused();
    const told = page.waitForRequest((request) => /\/feedback$/.test(request.url()));
    await context.setOffline(false);
    expect((await (await told).response())?.status()).toBe(204);
  });
});

test.describe("search", () => {
  for (const { script, typed } of [
    { script: "Latin", typed: heard.latin.slice(0, 6).toLowerCase() },
    { script: "Devanagari", typed: heard.devanagari.slice(0, 4) },
  ]) {
    test(`finds a song as its name is typed in ${script}`, async ({ page }) => {
      await open(page, "/search");
      const found = page.getByRole("main").getByRole("listitem");
      await expect(found).toHaveCount(4);
      await page.getByRole("searchbox").pressSequentially(typed);
      await expect(found).toHaveCount(1);
      await expect(found).toContainText(heard.latin);
      await expect(found).toContainText(heard.devanagari);
      await found.getByRole("link").click();
      await expect(page).toHaveURL(/\/song\?id=\d+/);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(heard.latin);
      await expect(page.getByText(heard.artist)).toBeVisible();
    });
  }

  test("says where there is none", async ({ page }) => {
    await open(page, "/search");
    await page.getByRole("searchbox").fill("qqqq");
    await expect(page.getByText("No song with “qqqq”.")).toBeVisible();
  });
});

test("charts show what is asked for most, by language and time", async ({ page }) => {
  // The service draws its charts every hour; these are as it would say it.
  const songOf = ({ title, artist, language }: typeof heard, id: number) => ({ id, title, artist, language });
  await page.route("**/v1/charts?*", async (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const all = [
      { rank: 1, song: songOf(heard, 1), listens: 12, listens_before: 3 },
      { rank: 2, song: songOf(local, 2), listens: 4, listens_before: 9 },
    ];
    const language = asked.get("language") ?? "";
    const items =
      asked.get("period") === "day" ? [] : all.filter(({ song }) => !language || song.language === language);
    await route.fulfill({ json: { period: asked.get("period"), items } });
  });
  await open(page, "/charts");
  const rows = page.getByRole("main").getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText(heard.latin);
  await expect(rows.first()).toContainText("12 times");
  await expect(rows.first().getByRole("img", { name: "More than before" })).toBeVisible();
  await page.getByText("Bhojpuri", { exact: true }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(local.latin);
  await page.getByText("Today", { exact: true }).click();
  await expect(page.getByText("Nobody has been named a song in this time yet.")).toBeVisible();
});

test("charts of the service are shown", async ({ page }) => {
  const said = page.waitForResponse((response) => response.url().includes("/v1/charts"));
  await open(page, "/charts");
  const { items } = await (await said).json();
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(items.length);
  await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
});

test.describe("an address that leads nowhere", () => {
  test.use({ tolerated: [/status of 404/] });

  test("says so", async ({ page }) => {
    const answer = await page.goto("/no/such/page");
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such page");
    await page.getByRole("main").getByRole("link", { name: "To the first page" }).click();
    await expect(page.getByTestId("listen")).toBeVisible();
  });

  test("of a song says so", async ({ page }) => {
    await open(page, "/song?id=999999");
    await expect(page.getByText("There is no such song.")).toBeVisible();
  });
});

async function recognised(page: Page, name: string): Promise<void> {
  await open(page);
  await page.locator("input[type=file]").setInputFiles(path.join(SOUNDS, name));
  expect(await answered(page)).toBe("match");
}
