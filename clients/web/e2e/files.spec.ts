/** Music and videos from files, chosen here or shared by another app. */

import path from "node:path";
import { SOUNDS, songs } from "./places";
import { answered, expect, installed, open, type Page, test } from "./test";

const { heard } = songs();

test.describe("a file of", () => {
  for (const { what, name } of [
    { what: "music", name: "music.mp3" },
    { what: "a film", name: "film.webm" },
  ]) {
    test(`${what} is recognised`, async ({ page }) => {
      await open(page);
      await choose(page, name);
      expect(await answered(page)).toBe("match");
      await expect(page.getByTestId("title")).toHaveText(heard.latin);
      await page.goto("/history");
      await expect(page.getByRole("link", { name: heard.latin })).toBeVisible();
    });
  }

  test("neither says so, and the next one is read", async ({ page }) => {
    await open(page);
    await choose(page, "no-music.mp3");
    const problem = page.locator("[data-problem=file]");
    await expect(problem).toContainText("This file cannot be read");
    await choose(page, "music.mp3");
    expect(await answered(page)).toBe("match");
    await expect(problem).toHaveCount(0);
  });
});

test("what another app shares is recognised, and taken once", async ({ page }) => {
  await open(page);
  await installed(page);
  await share(page, "music.mp3");
  await expect(page).toHaveURL(/\/share/);
  expect(await answered(page)).toBe("match");
  await expect(page.getByTestId("title")).toHaveText(heard.latin);
  await page.reload();
  await expect(page.getByText("There is nothing to listen to")).toBeVisible();
  await choose(page, "film.webm");
  expect(await answered(page)).toBe("match");
});

async function choose(page: Page, name: string): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(path.join(SOUNDS, name));
}

/** As the system does it: by a form of its own (see `share_target` in the manifest). */
async function share(page: Page, name: string): Promise<void> {
  await page.evaluate(() => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", enctype: "multipart/form-data", action: "/share" });
    form.innerHTML = '<input type="file" name="media" id="shared"><button id="send">send</button>';
    document.body.append(form);
  });
  await page.locator("#shared").setInputFiles(path.join(SOUNDS, name));
  await page.locator("#send").click();
}
