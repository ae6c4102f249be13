import { randomUUID } from "node:crypto";
import { openDB } from "idb";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase, UPGRADES } from "../src/keep/database.ts";
import { entryOf, openTab } from "./helpers.ts";

test("a newer version keeps what is there, and the tab with the older lets it in", async () => {
  const { name, history } = openTab();
  await history.add(entryOf({ id: "a" }));
  const addition = (connection: { createObjectStore(name: string): unknown }) => {
    connection.createObjectStore("later");
  };
  const newer = openDatabase({ name, upgrades: [...UPGRADES, addition] });
  onTestFinished(() => newer.close());
  expect(await newer.use((connection) => connection.count("history"))).toBe(1);
  expect(await newer.use(async (connection) => [...connection.objectStoreNames])).toContain("later");
  // The older one would have to be loaded anew.
  await expect(history.list()).rejects.toThrow(expect.objectContaining({ name: "VersionError" }));
});

test("what the first version kept is there in this one", async () => {
  const name = randomUUID();
  const first = openDatabase({ name, upgrades: UPGRADES.slice(0, 1) });
  await first.use((connection) => connection.put("history", entryOf({ id: "a" })));
  first.close();
  const { database, history } = openTab(name);
  expect((await history.list()).map(({ id }) => id)).toEqual(["a"]);
  expect(await database.use((connection) => connection.count("reports"))).toBe(0);
});

test("what is done with a connection that was closed is done with another", async () => {
  const { database, history } = openTab();
  await history.add(entryOf({ id: "a" }));
  await database.use(async (connection) => connection.close());
  await history.add(entryOf({ id: "b" }));
  expect((await history.list()).map(({ id }) => id)).toEqual(["b", "a"]);
});

test("a connection that closes in the midst of a transaction is opened anew", async () => {
  const { database, history } = openTab();
  await history.add(entryOf({ id: "a" }));
  let times = 0;
  const found = await database.use(async (connection) => {
    times += 1;
    if (times === 1) connection.close();
    return connection.get("history", "a");
  });
  expect([times, found?.id]).toEqual([2, "a"]);
});

test("other errors are not tried again", async () => {
  const { database } = openTab();
  let times = 0;
  const work = database.use(async () => {
    times += 1;
    throw new RangeError("no");
  });
  await expect(work).rejects.toThrow(RangeError);
  expect(times).toBe(1);
});

test("after a failure to open it is opened anew", async () => {
  const name = randomUUID();
  const blocker = await openDB(name, UPGRADES.length + 1);
  const database = openDatabase({ name });
  onTestFinished(() => database.close());
  await expect(database.use((connection) => connection.count("history"))).rejects.toThrow();
  blocker.close();
  indexedDB.deleteDatabase(name);
  expect(await database.use((connection) => connection.count("history"))).toBe(0);
});
