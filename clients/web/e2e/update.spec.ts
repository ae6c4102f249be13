/** A new build of the app: offered, and taken when the listener says so. */

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { OUT } from "./places";
import { expect, installed, open, type Page, ready, test } from "./test";

const PAGE = "history.html";

test("a new version is offered, and comes when it is asked for", async ({ page, another }) => {
  const web = await mkdtemp(path.join(tmpdir(), "sonica-e2e-web-"));
  try {
    await cp(OUT, web, { recursive: true });
    const { origin } = await another({ web });
    await open(page, origin);
    await installed(page);
    await page.reload();
    await ready(page);
    await expect(page.getByText("A new version is ready.")).toHaveCount(0);
    expect(await isNew(page)).toBe(false);

    await build(web);
    await page.reload();
    await expect(page.getByText("A new version is ready.")).toBeVisible();
    expect(await isNew(page)).toBe(false);
    await page.reload();
    await expect(page.getByText("A new version is ready.")).toBeVisible();
    expect(await isNew(page), "not by being loaded anew").toBe(false);

    const loaded = page.waitForEvent("load");
    await page.getByRole("button", { name: "Use it now" }).click();
    await loaded;
    await ready(page);
    await expect.poll(() => isNew(page)).toBe(true);
    await expect(page.getByText("A new version is ready.")).toHaveCount(0);
  } finally {
    await rm(web, { recursive: true, force: true });
  }
});

/** Changes a page, and what the service worker knows of it, as another build would. */
async function build(web: string): Promise<void> {
  const [page, worker] = [path.join(web, PAGE), path.join(web, "sw.js")];
  await writeFile(page, `${await readFile(page, "utf8")}<!-- new -->`);
  const before = await readFile(worker, "utf8");
  const after = before.replace(
    /("?revision"?:\s*")[0-9a-f]+("[^{}]*history\.html)|(history\.html[^{}]*"?revision"?:\s*")[0-9a-f]+(")/,
    "$1$30123456789abcdef$2$4",
  );
  expect(after).not.toBe(before);
  await writeFile(worker, after);
  for (const file of [page, worker]) {
    // Of the build before: a browser would be given these.
    for (const packed of [".gz", ".br"]) await rm(file + packed, { force: true });
  }
}

function isNew(page: Page): Promise<boolean> {
  return page.evaluate(
    async (name) => (await (await fetch(`/${name}`)).text()).includes("<!-- new -->"),
    PAGE,
  );
}
