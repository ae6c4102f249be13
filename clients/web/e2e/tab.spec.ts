/** The sound of another tab, as a listener shares it. */

import { PLAYER } from "./browser";
import { songs, wav } from "./places";
import { answered, expect, open, test } from "./test";

const { heard } = songs();

// Chromium says so of every tab that is shared, as if it were filmed by a camera; it is shared all the same.
test.use({ sound: "tab", tolerated: [/camera is not allowed in this document/] });

test("what another tab plays is recognised", async ({ page, context, origin }) => {
  await context.route("**/player.html", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<title>${PLAYER}</title><audio src="player.wav" autoplay loop></audio>`,
    }),
  );
  await context.route("**/player.wav", (route) => route.fulfill({ path: wav("clean") }));
  const player = await context.newPage();
  await player.goto(`${origin}/player.html`);
  await page.bringToFront();
  await open(page);
  await page.getByRole("button", { name: "From a tab" }).click();
  expect(await answered(page)).toBe("match");
  await expect(page.getByTestId("title")).toHaveText(heard.latin);
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("link", { name: heard.latin })).toBeVisible();
});
