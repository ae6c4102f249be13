/** Without a connection: the app is there, songs of a pack are named, and what else was heard waits. */

import { songs } from "./places";
import { PACK } from "./setup";
import { expect, gate, installed, open, type Page, pressed, ready, test, UNANSWERED } from "./test";

const { heard, local } = songs();

test.use({ tolerated: [UNANSWERED] });

test("a pack is fetched, and removed", async ({ page }) => {
  // In two parts, with a rest between them: else it is there before anyone sees how far it is.
  const held = gate();
  await page.route(`**/v1/packs/${PACK}?*`, async (route) => {
    await held.opened;
    await route.continue();
  });
  await open(page, "/settings");
  const row = page.locator(`[data-pack=${PACK}]`);
  await expect(row).toContainText("3 songs");
  await row.getByRole("button", { name: /Download/ }).click();
  await expect(row.getByRole("progressbar")).toBeVisible();
  await expect(row).toContainText("%");
  // Its button has gone, and the focus with it has not.
  await expect(row).toBeFocused();
  // It goes on while another page is open, and says so.
  await page.getByRole("link", { name: "Charts" }).click();
  await expect(page.getByText("Songs for offline use are on their way")).toBeVisible();
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(row.getByRole("progressbar")).toBeVisible();
  held.open();
  await expect(row).toContainText("On this device");
  await expect(row.getByRole("progressbar")).toHaveCount(0);
  await row.getByRole("button", { name: /Remove/ }).click();
  await expect(row.getByRole("button", { name: /Download/ })).toBeVisible();
  await expect(row).not.toContainText("On this device");
});

test("with the network off, a song of the pack is named on the device", async ({ page, context }) => {
  await withPack(page);
  await context.setOffline(true);
  await named(page);
  await expect(
    page.getByRole("status").filter({ hasText: "No network: songs of your downloaded packs" }),
  ).toHaveCount(1);
});

test("with the service dead, too", async ({ page, another }) => {
  const service = await another();
  await withPack(page, service.origin);
  await service.kill();
  await named(page);
});

test("each page is there without a network", async ({ page, context }) => {
  await open(page);
  await installed(page);
  await context.setOffline(true);
  for (const [path, title] of [
    ["/history", "History"],
    ["/settings", "Settings"],
    ["/search", "Search"],
    ["/charts", "Charts"],
    ["/", "Which song is playing?"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  }
  const painted = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint").length);
  expect(painted).toBe(1);
});

test.describe("a song that no pack has", () => {
  test.use({ sound: "local" });

  test("waits for the network, and becomes an answer", async ({ page, context }) => {
    await withPack(page);
    await context.setOffline(true);
    await page.reload();
    await ready(page);
    expect(await pressed(page)).toBe("waiting");
    await expect(page.getByTestId("answer")).toContainText("Kept until there is a network");
    await expect(page.getByText("1 sound waits for the network")).toBeVisible();
    await page.getByRole("link", { name: "History" }).click();
    await expect(page.getByText("Waits for the network")).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText("A sound that waited was looked up")).toBeVisible();
    const entry = page.getByRole("link", { name: local.latin });
    await expect(entry).toBeVisible();
    await expect(page.getByText("Waits for the network")).toHaveCount(0);
    await entry.click();
    await expect(page.getByTestId("title")).toHaveText(local.latin);
    await expect(page.getByTestId("facts")).toContainText("looked up later");
  });
});

/** The app and a pack, both kept in the browser. */
async function withPack(page: Page, origin = ""): Promise<void> {
  await open(page, `${origin}/settings`);
  await installed(page);
  const row = page.locator(`[data-pack=${PACK}]`);
  await row.getByRole("button", { name: /Download/ }).click();
  await expect(row).toContainText("On this device");
  await page.goto(`${origin}/`);
}

async function named(page: Page): Promise<void> {
  await page.reload();
  await ready(page);
  expect(await pressed(page)).toBe("match");
  await expect(page.getByTestId("title")).toHaveText(heard.latin);
  await expect(page.getByTestId("facts")).toContainText("recognised on this device");
}
