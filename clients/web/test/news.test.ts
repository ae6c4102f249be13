import { expect, test } from "vitest";
import { hasNewerPack } from "../src/offline/news.ts";
import type { Installed, UpdateState } from "../src/offline/packs.ts";

const DAY_MS = 24 * 60 * 60_000;

function device(states: Record<string, UpdateState>) {
  let mark = 0;
  let asked = 0;
  return {
    asked: () => asked,
    marks: {
      read: () => mark,
      write: (at: number) => {
        mark = at;
      },
    },
    packs: {
      installed: async () => Object.keys(states).map((name) => ({ name }) as Installed),
      checkForUpdate: async (name: string) => {
        asked += 1;
        return states[name] ?? "absent";
      },
    },
  };
}

test("a pack that is newer is told of, and asked for once a day", async () => {
  const { packs, marks, asked } = device({ hi: "current", bho: "newer" });
  let now = DAY_MS;
  const ask = () => hasNewerPack(packs, marks, () => now);
  expect(await ask()).toBe(true);
  expect(await ask()).toBe(false);
  expect(asked()).toBe(2);
  now += DAY_MS;
  expect(await ask()).toBe(true);
  now -= DAY_MS / 2;
  expect(await ask(), "the clock was set back").toBe(true);
});

test("nothing is told of where all are current, and what failed is asked again", async () => {
  const { packs, marks, asked } = device({ hi: "current" });
  const away = { ...packs, checkForUpdate: () => Promise.reject(new Error("away")) };
  await expect(hasNewerPack(away, marks, () => DAY_MS)).rejects.toThrow("away");
  expect(await hasNewerPack(packs, marks, () => DAY_MS)).toBe(false);
  expect(asked()).toBe(1);
});
