import { expect, test, vi } from "vitest";
import { createQueue, type QueueNeeds, type Recognize } from "../src/offline/queue.ts";
import type { Locks } from "../src/offline/turns.ts";
import { entryOf, openTab, problem, recognized } from "./helpers.ts";

function openQueue(needs: Partial<QueueNeeds> & { name?: string } = {}) {
  const { name, ...rest } = needs;
  const tab = openTab(name);
  const queue = createQueue({ database: tab.database, changes: tab.changes, now: () => 0, ...rest });
  const hear = async (...ids: string[]) => {
    for (const id of ids) {
      await tab.history.add(entryOf({ id }));
      await queue.enqueue(new TextEncoder().encode(id), id);
    }
  };
  return { ...tab, queue, hear };
}

const text = (fingerprint: Uint8Array) => new TextDecoder().decode(fingerprint);
const answering: Recognize = async (fingerprint) => Response.json(recognized(text(fingerprint)));

/** Locks as a browser has them: one at a time, in order. */
function webLocks(): Locks {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request(_name, _options, work) {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

test("delivers in order, each with its own key, and says in the history what came", async () => {
  const { queue, hear, history } = openQueue();
  await hear("a", "b", "c");
  const recognize = vi.fn(answering);
  expect(await queue.deliver({ recognize, now: () => 0 })).toEqual({ answered: 3, refused: 0, left: 0 });
  expect(recognize.mock.calls.map(([fingerprint]) => text(fingerprint))).toEqual(["a", "b", "c"]);
  expect(new Set(recognize.mock.calls.map(([, key]) => key)).size).toBe(3);
  expect(await history.get("b")).toMatchObject({
    status: "match",
    how: "queue",
    recognitionId: "b",
    feedbackToken: "token-b",
    song: { songId: "6" },
  });
});

test("keeps a copy of the fingerprint, not the memory that it lies in", async () => {
  const { queue, database } = openQueue();
  const memory = new Uint8Array(65_536).fill(1);
  const kept = queue.enqueue(memory.subarray(10, 14), "a");
  memory.fill(2);
  await kept;
  const [item] = await database.use((connection) => connection.getAll("queue"));
  expect([...(item?.fingerprint ?? [])]).toEqual([1, 1, 1, 1]);
  expect(item?.fingerprint.buffer.byteLength).toBe(4);
});

test("what was accepted is there for the next tab, with the same key after a lost answer", async () => {
  const one = openQueue();
  await one.hear("a");
  const keys: string[] = [];
  const broken: Recognize = async (_, key) => {
    keys.push(key);
    throw new TypeError("Failed to fetch");
  };
  expect(await one.queue.deliver({ recognize: broken, now: () => 0 })).toEqual({
    answered: 0,
    refused: 0,
    left: 1,
  });
  one.database.close();
  const two = openQueue({ name: one.name });
  const noting: Recognize = (fingerprint, key) => {
    keys.push(key);
    return answering(fingerprint, key);
  };
  expect(await two.queue.deliver({ recognize: noting, now: () => 0 })).toMatchObject({
    answered: 1,
    left: 0,
  });
  expect(keys[0]).toBe(keys[1]);
});

test("no connection ends the delivery: the rest would fare no better", async () => {
  const { queue, hear } = openQueue();
  await hear("a", "b");
  const recognize = vi.fn<Recognize>().mockRejectedValue(new TypeError("Failed to fetch"));
  await queue.deliver({ recognize, now: () => 0 });
  expect(recognize).toHaveBeenCalledTimes(1);
  expect(await queue.count()).toBe(2);
});

test.each([
  ["seconds", "120", 120_000],
  ["a date", "Thu, 01 Jan 1970 00:02:01 GMT", 120_000],
  ["half a day, which is not ours", "43200", 3_600_000],
])("honours Retry-After in %s", async (_, said, restMs) => {
  const { queue, hear } = openQueue();
  await hear("a", "b");
  const recognize = vi.fn(answering);
  recognize.mockResolvedValueOnce(problem(429, "rate-limit", { "Retry-After": said }));
  const begun = 1_000;
  const first = await queue.deliver({ recognize, now: () => begun });
  expect(first).toEqual({ answered: 0, refused: 0, left: 2, nextAt: begun + restMs });
  await queue.deliver({ recognize, now: () => begun + restMs - 1 });
  expect(recognize).toHaveBeenCalledTimes(1);
  expect(await queue.deliver({ recognize, now: () => begun + restMs })).toMatchObject({
    answered: 2,
    left: 0,
  });
});

test("rests longer each time where the service does not say how long", async () => {
  const { queue, hear } = openQueue();
  await hear("a");
  const recognize: Recognize = async () => problem(503, "busy");
  const rests: number[] = [];
  for (let [times, now] = [0, 0]; times < 9; times += 1) {
    const at = now;
    const { nextAt } = await queue.deliver({ recognize, now: () => at });
    rests.push((nextAt ?? 0) - now);
    now = nextAt ?? 0;
  }
  expect(rests.slice(0, 3)).toEqual([5_000, 10_000, 20_000]);
  expect(rests.at(-1)).toBe(600_000);
});

test("a clock that was set back makes nothing rest for years", async () => {
  const { queue, hear } = openQueue();
  await hear("a");
  await queue.deliver({ recognize: async () => problem(503, "busy"), now: () => 1e12 });
  expect(await queue.deliver({ recognize: answering, now: () => 5 })).toMatchObject({ answered: 1 });
});

test("a fingerprint over which the service fails holds up no other, and is not lost", async () => {
  const { queue, hear, history } = openQueue();
  await hear("bad", "good");
  const recognize: Recognize = async (fingerprint, key) =>
    text(fingerprint) === "bad" ? problem(500, "internal") : answering(fingerprint, key);
  expect(await queue.deliver({ recognize, now: () => 0 })).toEqual({
    answered: 1,
    refused: 0,
    left: 1,
    nextAt: 5_000,
  });
  expect(await history.get("bad")).toMatchObject({ status: "waiting" });
  expect(await queue.deliver({ recognize: answering, now: () => 5_000 })).toMatchObject({
    answered: 1,
    left: 0,
  });
});

test.each([
  [400, "body-missing"],
  [413, "body-too-large"],
  [415, "unsupported-type"],
  [422, "bad-fingerprint"],
])("gives up, and says so, what the service will never take: %i %s", async (status, name) => {
  const { queue, hear, history } = openQueue();
  await hear("a", "b");
  const recognize = vi.fn(answering).mockResolvedValueOnce(problem(status, name));
  expect(await queue.deliver({ recognize, now: () => 0 })).toEqual({ answered: 1, refused: 1, left: 0 });
  expect(await history.get("a")).toMatchObject({ status: "none", failure: name, how: "queue" });
});

test.each([
  ["a login page in place of the answer", () => new Response("<html>", { status: 200 })],
  ["another JSON", () => Response.json({ ok: true })],
  ["a refusal that is not the service's", () => new Response("<html>", { status: 400 })],
  ["a wall before the service", () => new Response("no", { status: 403 })],
  ["a service that is not there yet", () => problem(404, "not-found")],
  ["a body that came too slowly", () => problem(408, "body-too-slow")],
])("keeps it after %s", async (_, make) => {
  const { queue, hear, history } = openQueue();
  await hear("a");
  await queue.deliver({ recognize: async () => make(), now: () => 0 });
  expect(await queue.count()).toBe(1);
  expect(await history.get("a")).toMatchObject({ status: "waiting" });
  expect(await queue.deliver({ recognize: answering, now: () => 5_000 })).toMatchObject({ answered: 1 });
});

test("takes another key where its own was used for something else", async () => {
  const { queue, hear } = openQueue();
  await hear("a");
  const recognize = vi.fn(answering).mockResolvedValueOnce(problem(422, "idempotency-key"));
  await queue.deliver({ recognize, now: () => 0 });
  await queue.deliver({ recognize, now: () => 5_000 });
  const [first, second] = recognize.mock.calls;
  expect(first?.[1]).not.toBe(second?.[1]);
  expect(await queue.count()).toBe(0);
});

test.each([
  ["with Web Locks", webLocks()],
  ["with a lease", undefined],
])("two tabs at once deliver each once, %s", async (_, locks) => {
  const one = openQueue({ locks });
  const two = openQueue({ locks, name: one.name });
  await one.hear("a", "b", "c");
  const recognize = vi.fn<Recognize>(async (fingerprint, key) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return answering(fingerprint, key);
  });
  const done = await Promise.all([one, two].map(({ queue }) => queue.deliver({ recognize, now: () => 0 })));
  expect(recognize).toHaveBeenCalledTimes(3);
  expect(done[0]?.answered).toBe(3);
});

test("a lease of a tab that died ends by itself, and so does one from the future", async () => {
  const { queue, hear, database } = openQueue();
  await hear("a");
  const held = { holder: "dead", from: 1_000, until: 61_000 };
  await database.use((connection) => connection.put("settings", held, "lease-sonica-queue"));
  expect(await queue.deliver({ recognize: answering, now: () => 60_000 })).toMatchObject({
    answered: 0,
    left: 1,
  });
  expect(await queue.deliver({ recognize: answering, now: () => 900 })).toMatchObject({ answered: 1 });
  await hear("b");
  await database.use((connection) => connection.put("settings", held, "lease-sonica-queue"));
  expect(await queue.deliver({ recognize: answering, now: () => 61_000 })).toMatchObject({ answered: 1 });
});

test("an answer that comes after another tab took over changes nothing", async () => {
  const [one, clock] = [openQueue(), { now: 0 }];
  const two = openQueue({ name: one.name });
  await one.hear("a");
  const slow: Recognize = async () => {
    // Longer than a lease: the phone slept.
    clock.now = 61_000;
    await two.queue.deliver({ recognize: answering, now: () => clock.now });
    return Response.json(recognized("late", { status: "none" }));
  };
  expect(await one.queue.deliver({ recognize: slow, now: () => clock.now })).toMatchObject({
    answered: 0,
    left: 0,
  });
  expect(await one.history.get("a")).toMatchObject({ status: "match", recognitionId: "a" });
});

test("what comes in while others are delivered is delivered too", async () => {
  const { queue, hear } = openQueue();
  await hear("a");
  const recognize: Recognize = async (fingerprint, key) => {
    if (text(fingerprint) === "a") await hear("b");
    return answering(fingerprint, key);
  };
  expect(await queue.deliver({ recognize, now: () => 0 })).toMatchObject({ answered: 2, left: 0 });
});

test("an entry that is deleted while its answer is on the way stays deleted", async () => {
  const { queue, hear, history } = openQueue();
  await hear("a");
  const recognize: Recognize = async (fingerprint, key) => {
    await history.remove("a");
    return answering(fingerprint, key);
  };
  expect(await queue.deliver({ recognize, now: () => 0 })).toEqual({ answered: 0, refused: 0, left: 0 });
  expect(await history.list()).toEqual([]);
});

test("goes on where the browser closed the database in the midst of it", async () => {
  const { queue, hear, database, history } = openQueue();
  await hear("a", "b");
  const recognize: Recognize = async (fingerprint, key) => {
    await database.use(async (connection) => connection.close());
    return answering(fingerprint, key);
  };
  expect(await queue.deliver({ recognize, now: () => 0 })).toMatchObject({ answered: 2, left: 0 });
  expect(await history.get("b")).toMatchObject({ status: "match" });
});

test("tells of its changes, and asks the browser to wake the worker; that it cannot is no failure", async () => {
  const requestSync = vi.fn().mockRejectedValue(new Error("not allowed"));
  const { queue, hear } = openQueue({ requestSync });
  const listener = vi.fn();
  queue.subscribe(listener);
  await hear("a");
  expect([listener.mock.calls.length, requestSync.mock.calls.length, await queue.count()]).toEqual([1, 1, 1]);
  await queue.deliver({ recognize: answering, now: () => 0 });
  expect(listener).toHaveBeenCalledTimes(2);
});
