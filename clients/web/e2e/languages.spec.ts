/** The app in each of its languages: as the browser asks for it, and as the listener chooses. */

import bho from "../src/i18n/bho.json" with { type: "json" };
import en from "../src/i18n/en.json" with { type: "json" };
import hi from "../src/i18n/hi.json" with { type: "json" };
import { songs } from "./places";
import { answered, expect, open, type Page, ready, test } from "./test";

const CATALOGUES = { en, hi, bho };
type Language = keyof typeof CATALOGUES;
const LANGUAGES = Object.keys(CATALOGUES) as Language[];
const PATHS = ["/", "/history", "/charts", "/search", "/settings", "/song", "/answer", "/share", "/scan"];
const { heard } = songs();

for (const language of LANGUAGES) {
  test.describe(`a browser of someone who reads ${language}`, () => {
    test.use({ locale: `${language}-IN` });

    test("shows every page in it, and in nothing else", async ({ page, origin }) => {
      const fonts: string[] = [];
      page.on("request", (request) => {
        if (request.resourceType() === "font") fonts.push(request.url());
      });
      for (const path of PATHS) {
        await open(page, path);
        await expect(page.locator("html")).toHaveAttribute("lang", language);
        await expect(page.getByRole("link", { name: CATALOGUES[language].nav.charts })).toBeVisible();
        expect(await foreign(page, language), path).toEqual([]);
        expect(await page.title()).toContain("Sonica");
      }
      expect(fonts.length).toBeGreaterThan(0);
      expect(fonts.filter((url) => !url.startsWith(`${origin}/_next/static/`))).toEqual([]);
      const script = language === "en" ? "a" : "\u0915";
      const family = language === "en" ? "Inter Variable" : "Noto Sans Devanagari Variable";
      expect(await hasFont(page, family, script)).toBe(true);
    });

    test("names songs in its letters", async ({ page }) => {
      await open(page);
      await page.getByTestId("listen").click();
      expect(await answered(page)).toBe("match");
      await expect(page.getByTestId("title")).toHaveText(language === "en" ? heard.latin : heard.devanagari);
      expect(await foreign(page, language)).toEqual([]);
    });
  });
}

test("what is chosen holds, against what the browser says", async ({ page }) => {
  await open(page, "/settings");
  for (const language of ["hi", "bho", "en"] as const) {
    await page
      .getByText({ en: "English", hi: "हिन्दी", bho: "भोजपुरी" }[language], { exact: true })
      .first()
      .click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(CATALOGUES[language].settings.title);
    await page.reload();
    await ready(page);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(CATALOGUES[language].settings.title);
    expect(await foreign(page, language)).toEqual([]);
  }
});

/** Texts on the page that are another language's, and names of texts. */
async function foreign(page: Page, language: Language): Promise<string[]> {
  const own = textsOf(CATALOGUES[language]);
  const others = new Set(LANGUAGES.flatMap((one) => [...textsOf(CATALOGUES[one]).values()]));
  for (const text of own.values()) others.delete(text);
  const shown = await page.evaluate(() => {
    const found: string[] = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      // Where one chooses among languages, each is called what it calls itself, and says so.
      if (node instanceof Text && !node.parentElement?.matches("label [lang]")) found.push(node.data);
      else if (node instanceof Element)
        for (const name of ["aria-label", "title", "placeholder"]) found.push(node.getAttribute(name) ?? "");
    }
    return found.map((text) => text.trim());
  });
  return shown.filter((text) => others.has(text) || own.has(text));
}

/** Those without values in them, by their names. */
function textsOf(catalogue: object, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, text] of Object.entries(catalogue)) {
    if (typeof text === "object") for (const pair of textsOf(text, `${prefix}${name}.`)) found.set(...pair);
    else if (!text.includes("{")) found.set(prefix + name, text);
  }
  return found;
}

function hasFont(page: Page, family: string, letter: string): Promise<boolean> {
  return page.evaluate(
    async ([name, text]) => {
      await document.fonts.ready;
      return document.fonts.check(`16px "${name}"`, text);
    },
    [family, letter] as const,
  );
}
