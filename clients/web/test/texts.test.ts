import compile from "icu-minify/compile";
import { expect, test } from "vitest";
import bho from "../src/i18n/bho.json" with { type: "json" };
import en from "../src/i18n/en.json" with { type: "json" };
import hi from "../src/i18n/hi.json" with { type: "json" };
import { firstOf, inScript, languageName } from "../src/i18n/languages.ts";
import { PROBLEMS } from "../src/listening/problem.ts";
import { SCAN_PROBLEMS } from "../src/scan/problem.ts";

type Texts = { [name: string]: string | Texts };

function flat(texts: Texts, at = ""): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([name, text]) =>
      typeof text === "string" ? [[at + name, text] as const] : [...flat(text, `${at}${name}.`)],
    ),
  );
}

/** The names of what a text is to be given: `[name]`, or `[name, how, …]` with a number above 0 for how. */
function given(part: unknown): string[] {
  if (!Array.isArray(part)) return isObject(part) ? Object.values(part).flatMap(given) : [];
  const [name, how] = part;
  const isGiven = typeof name === "string" && (part.length === 1 || (typeof how === "number" && how > 0));
  return isGiven ? [name, ...part.slice(2).flatMap(given)] : part.flatMap(given);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const arguments_ = (text: string) => [...new Set(given(compile(text)))].sort();

test.each([
  ["hi", hi],
  ["bho", bho],
])("%s says all that English says, of the same things", (_, texts) => {
  const [wanted, there] = [flat(en), flat(texts)];
  expect([...there.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, text] of wanted) {
    expect(arguments_(there.get(name) ?? ""), name).toEqual(arguments_(text));
    expect(there.get(name)?.trim(), name).not.toBe("");
  }
});

test("Hindi and Bhojpuri are written in Devanagari, but for names", () => {
  const named = /Sonica|YouTube|Spotify|WebAssembly|AudioWorklet|https|MB|ISRC|MP3|WAV|jsonl/g;
  for (const texts of [hi, bho]) {
    for (const [name, text] of flat(texts)) {
      const said = text.replace(/\{[^{}]*\{|\{[^{}]*\}|\w+ \{/g, " ").replace(named, " ");
      expect(said, name).not.toMatch(/\b[A-Za-z]{4,}\b/);
    }
  }
});

test("every problem says what to do", () => {
  const texts: Record<string, string> = en.problem;
  for (const code of PROBLEMS) {
    expect(texts[code], code).toBeTruthy();
    expect(texts[`${code}Hint`], code).toBeTruthy();
  }
  const ofScans: Record<string, string> = en.scan.problem;
  for (const code of SCAN_PROBLEMS) {
    expect(ofScans[code], code).toBeTruthy();
    expect(ofScans[`${code}Hint`], code).toBeTruthy();
  }
});

test("the first language that there is", () => {
  expect(firstOf(["bho-IN", "hi"])).toBe("bho");
  expect(firstOf(["ta", "HI-in", "en"])).toBe("hi");
  expect(firstOf(["fr"])).toBe("en");
  expect(firstOf([])).toBe("en");
});

test("a title in two scripts has the listener's first", () => {
  const title = "शाम की चिट्ठी (Shaam ki Chitthi)";
  expect(inScript(title, "hi")).toEqual({ first: "शाम की चिट्ठी", second: "Shaam ki Chitthi" });
  expect(inScript(title, "en")).toEqual({ first: "Shaam ki Chitthi", second: "शाम की चिट्ठी" });
  expect(inScript("Shaam (शाम)", "bho")).toEqual({ first: "शाम", second: "Shaam" });
  for (const other of ["Tum Hi Ho (Unplugged)", "गंगा (भाग २)", "plain", "(odd", ""]) {
    expect(inScript(other, "hi")).toEqual({ first: other, second: "" });
  }
});

test("languages have names in those of the listener, and what nobody knows stays", () => {
  expect(languageName("ta", "en")).toBe("Tamil");
  expect(languageName("not a tag", "hi")).toBe("not a tag");
});
