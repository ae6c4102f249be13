import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test, vi } from "vitest";
import { createQueue } from "../src/offline/queue.ts";
import { entryOf, openTab } from "./helpers.ts";

test("lists the newest first, page by page, also within one millisecond", async () => {
  const { history } = openTab();
  for (const id of ["a", "b", "c", "d", "e"]) await history.add(entryOf({ id, heardAt: id < "c" ? 1 : 2 }));
  const seen: string[] = [];
  for (let page = await history.list({ limit: 2 }); page.length > 0; ) {
    seen.push(...page.map(({ id }) => id));
    const before = page.at(-1);
    page = before ? await history.list({ limit: 2, before }) : [];
  }
  expect(seen).toEqual(["e", "d", "c", "b", "a"]);
  expect(await history.list({ limit: 0 })).toEqual([]);
});

test("changes an entry, but not its id", async () => {
  const { history } = openTab();
  await history.add(entryOf({ id: "a" }));
  expect(await history.update("a", { wrong: true })).toMatchObject({
    id: "a",
    wrong: true,
    status: "waiting",
  });
  expect(await history.get("a")).toMatchObject({ wrong: true });
});

test("an entry that was removed does not come back", async () => {
  const { history } = openTab();
  await history.add(entryOf({ id: "a" }));
  await history.remove("a");
  expect(await history.update("a", { status: "none" })).toBeUndefined();
  expect(await history.list()).toEqual([]);
});

test("what waits for an entry that is removed is not sent", async () => {
  const { history, database, changes } = openTab();
  const queue = createQueue({ database, changes });
  await queue.enqueue(new Uint8Array([1]), "a");
  await queue.enqueue(new Uint8Array([2]), "b");
  await history.remove("a");
  expect(await queue.count()).toBe(1);
  await history.clear();
  expect(await queue.count()).toBe(0);
});

test("tells this tab and others of changes, until they want no more", async () => {
  const channel = `test-${randomUUID()}`;
  const open = () => new BroadcastChannel(channel);
  const one = openTab(undefined, open);
  const two = openTab(one.name, open);
  const [here, there, queue] = [vi.fn(), vi.fn(), vi.fn()];
  const stop = one.history.subscribe(here);
  two.history.subscribe(there);
  two.changes.subscribe("queue", queue);
  await one.history.add(entryOf());
  await vi.waitFor(() => expect(there).toHaveBeenCalledTimes(1));
  expect(here).toHaveBeenCalledTimes(1);
  expect(queue).not.toHaveBeenCalled();
  stop();
  await one.history.clear();
  await vi.waitFor(() => expect(there).toHaveBeenCalledTimes(2));
  expect(here).toHaveBeenCalledTimes(1);
});

test("a foreign message on the channel does no harm", async () => {
  const channel = `test-${randomUUID()}`;
  const tab = openTab(undefined, () => new BroadcastChannel(channel));
  const listener = vi.fn();
  tab.history.subscribe(listener);
  const foreign = new BroadcastChannel(channel);
  onTestFinished(() => foreign.close());
  for (const message of [null, "history", 7, [null, {}], ["history", "history"]])
    foreign.postMessage(message);
  await vi.waitFor(() => expect(listener).toHaveBeenCalledTimes(1));
});
