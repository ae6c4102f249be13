import { randomBytes } from "node:crypto";
import { expect, test, vi } from "vitest";
import { createPacks, type PackError, type PacksNeeds } from "../src/offline/packs.ts";
import { createPieces } from "../src/offline/pieces.ts";
import { openTab, spoilt } from "./helpers.ts";
import { type Published, published, servePacks } from "./packserver.ts";

const FAST = { stallMs: 300, pieceBytes: 1_000, patience: 0, breathMs: 0 };

function openPacks(base: string, needs: Partial<PacksNeeds> & { name?: string } = {}) {
  const { name, ...rest } = needs;
  const tab = openTab(name);
  const { database, changes } = tab;
  return { ...tab, packs: createPacks({ database, changes, fetch, base, ...FAST, ...rest }) };
}

const code = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: PackError) => error.code ?? error.name,
  );

const pack = (bytes = 10_000, name = "bhojpuri-lite"): Published => published(name, randomBytes(bytes));

test("lists the packs for phones", async () => {
  const server = await servePacks(pack(100), { ...pack(200, "hindi-full"), profile: "full" });
  const { packs } = openPacks(server.base);
  const [only, ...others] = await packs.available();
  expect(only).toMatchObject({ name: "bhojpuri-lite", bytes: 100, language: "bho", recordings: 12 });
  expect(others).toEqual([]);
});

test("downloads a pack, tells how far it is, and gives its bytes", async () => {
  const wanted = pack();
  const server = await servePacks(wanted);
  const { packs } = openPacks(server.base);
  const changed = vi.fn();
  packs.subscribe(changed);
  const progress: number[] = [];
  const done = await packs.download("bhojpuri-lite", { onProgress: (got) => progress.push(got) });
  expect(done).toMatchObject({ sha256: wanted.sha256, etag: wanted.etag });
  expect([progress[0], progress.at(-1)]).toEqual([0, 10_000]);
  expect(Buffer.from(await packs.bytes("bhojpuri-lite")).equals(wanted.content)).toBe(true);
  expect(await packs.installed()).toEqual([done]);
  expect(changed).toHaveBeenCalledTimes(1);
  await packs.download("bhojpuri-lite");
  expect(server.bodies).toBe(1);
});

test("goes on in another tab from where the connection broke", async () => {
  const wanted = pack();
  const server = await servePacks(wanted);
  server.diesOfIt = true;
  const one = openPacks(server.base);
  server.breakAfter = 4_321;
  expect(await code(one.packs.download("bhojpuri-lite"))).toBe("offline");
  one.database.close();
  server.revive();
  const two = openPacks(server.base, { name: one.name });
  const progress: number[] = [];
  await two.packs.download("bhojpuri-lite", { onProgress: (got) => progress.push(got) });
  expect(progress[0]).toBe(4_321);
  expect(server.ranges).toEqual([undefined, "bytes=4321-"]);
  expect(Buffer.from(await two.packs.bytes("bhojpuri-lite")).equals(wanted.content)).toBe(true);
});

test("goes on by itself as long as that brings it further", async () => {
  const server = await servePacks(pack());
  const { packs } = openPacks(server.base);
  server.breakAfter = 3_000;
  server.breaks = 3;
  expect(await code(packs.download("bhojpuri-lite"))).toBe("done");
  expect(server.ranges).toEqual([undefined, "bytes=3000-", "bytes=6000-", "bytes=9000-"]);
});

test("a body that ends too early is a break, not a pack", async () => {
  const server = await servePacks(pack());
  server.diesOfIt = true;
  const { packs } = openPacks(server.base);
  server.endAfter = 2_500;
  expect(await code(packs.download("bhojpuri-lite"))).toBe("offline");
  expect(await packs.installed()).toEqual([]);
  server.revive();
  expect(await code(packs.download("bhojpuri-lite"))).toBe("done");
  expect(server.ranges.at(-1)).toBe("bytes=2500-");
});

test("a connection on which nothing comes is given up, and what came is kept", async () => {
  const server = await servePacks(pack());
  server.diesOfIt = true;
  const { packs } = openPacks(server.base);
  server.stallAfter = 2_000;
  expect(await code(packs.download("bhojpuri-lite"))).toBe("offline");
  server.revive();
  await packs.download("bhojpuri-lite");
  expect(server.ranges.at(-1)).toBe("bytes=2000-");
});

test("slow is not dead", async () => {
  const server = await servePacks(pack());
  const { packs } = openPacks(server.base);
  server.drip = { bytes: 1_000, everyMs: 60 };
  expect(await code(packs.download("bhojpuri-lite"))).toBe("done");
  expect(server.ranges).toEqual([undefined]);
});

test("stops when it is told to, and keeps what came", async () => {
  const server = await servePacks(pack());
  const { packs } = openPacks(server.base);
  const stop = new AbortController();
  server.stallAfter = 5_000;
  const onProgress = (got: number) => got >= 5_000 && stop.abort();
  expect(await code(packs.download("bhojpuri-lite", { onProgress, signal: stop.signal }))).not.toBe("done");
  await expect(packs.download("bhojpuri-lite", { signal: stop.signal })).rejects.toThrow(
    expect.objectContaining({ name: "AbortError" }),
  );
  server.revive();
  await packs.download("bhojpuri-lite");
  expect(server.ranges.at(-1)).toBe("bytes=5000-");
});

test("bytes that are not what was promised are not installed, and the old pack stays", async () => {
  const old = pack();
  const server = await servePacks(old);
  const { packs } = openPacks(server.base);
  await packs.download("bhojpuri-lite");
  server.publish({ ...pack(), sha256: "0".repeat(64) });
  expect(await code(packs.download("bhojpuri-lite"))).toBe("damaged");
  expect(Buffer.from(await packs.bytes("bhojpuri-lite")).equals(old.content)).toBe(true);
  expect(await packs.installed()).toMatchObject([{ sha256: old.sha256 }]);
  // Nothing of the damaged one is built upon.
  const next = pack();
  server.publish(next);
  await packs.download("bhojpuri-lite");
  expect(Buffer.from(await packs.bytes("bhojpuri-lite")).equals(next.content)).toBe(true);
});

test("what came damaged is fetched anew the next time", async () => {
  const wanted = pack();
  const server = await servePacks({ ...wanted, content: randomBytes(10_000) });
  const { packs } = openPacks(server.base);
  expect(await code(packs.download("bhojpuri-lite"))).toBe("damaged");
  server.publish(wanted);
  expect(await code(packs.download("bhojpuri-lite"))).toBe("done");
});

test("pieces that lie over each other are no gap and no more than the whole", async () => {
  const { database } = openTab();
  const pieces = createPieces(database, "bhojpuri-lite", "a".repeat(64));
  const bytes = Uint8Array.from({ length: 10 }, (_, at) => at);
  for (const [from, to] of [
    [0, 4],
    [2, 6],
    [4, 7],
    [8, 10],
  ] as const) {
    await pieces.put(from, '"t"', bytes.slice(from, to));
  }
  expect(await pieces.reached()).toEqual({ bytes: 7, etag: '"t"' });
  expect(await pieces.whole(10)).toBeUndefined();
  await pieces.put(7, '"other"', bytes.slice(7, 8));
  expect((await pieces.reached()).bytes).toBe(7);
  await pieces.put(7, '"t"', bytes.slice(7, 8));
  expect(await pieces.whole(10)).toEqual(bytes);
});

test("more bytes than were promised are not taken", async () => {
  const wanted = pack();
  const server = await servePacks({ ...wanted, bytes: 9_000 });
  const { packs } = openPacks(server.base);
  expect(await code(packs.download("bhojpuri-lite"))).toBe("damaged");
});

test("begins anew where another pack is published midway, and leaves nothing of the first", async () => {
  const server = await servePacks(pack());
  server.diesOfIt = true;
  const { packs, database } = openPacks(server.base);
  server.breakAfter = 4_000;
  expect(await code(packs.download("bhojpuri-lite"))).toBe("offline");
  const next = pack(7_000);
  server.publish(next);
  server.revive();
  await packs.download("bhojpuri-lite");
  expect(Buffer.from(await packs.bytes("bhojpuri-lite")).equals(next.content)).toBe(true);
  const pieces = await database.use((connection) => connection.getAll("pieces"));
  expect(new Set(pieces.map(({ sha256 }) => sha256))).toEqual(new Set([next.sha256]));
});

test("takes the new one where it is published between the manifest and the bytes", async () => {
  const server = await servePacks(pack());
  const { packs } = openPacks(server.base);
  const next = pack(7_000);
  server.afterManifest = () => {
    server.afterManifest = undefined;
    server.publish(next);
  };
  expect(await packs.download("bhojpuri-lite")).toMatchObject({ sha256: next.sha256 });
});

test("a service that publishes anew each time ends it", async () => {
  const server = await servePacks(pack());
  const { packs } = openPacks(server.base);
  server.afterManifest = () => server.publish(pack());
  expect(await code(packs.download("bhojpuri-lite"))).toBe("server");
});

test.each([
  ["the whole in place of the rest", { ignoresRange: true }],
  ["another range than was asked for", { wrongRange: true }],
  ["that there is no such part", { refusesRange: true }],
  ["another tag for the same address", { otherTag: '"other"' }],
])("a server that sends %s is not believed", async (_, odd) => {
  const wanted = pack();
  const server = await servePacks(wanted);
  const { packs } = openPacks(server.base, { patience: 1 });
  server.breakAfter = 4_000;
  server.breaks = 1;
  Object.assign(server, odd);
  await packs.download("bhojpuri-lite");
  expect(Buffer.from(await packs.bytes("bhojpuri-lite")).equals(wanted.content)).toBe(true);
});

test("a tag that a proxy made weak is no obstacle", async () => {
  const wanted = pack();
  const server = await servePacks({ ...wanted, etag: `W/${wanted.etag}` });
  const { packs } = openPacks(server.base, { patience: 1 });
  server.breakAfter = 4_000;
  server.breaks = 1;
  await packs.download("bhojpuri-lite");
  expect(server.ranges.at(-1)).toBe("bytes=4000-");
  expect(server.bodies).toBe(2);
  expect(server.statuses).toContain(206);
  expect(await packs.checkForUpdate("bhojpuri-lite")).toBe("current");
});

test("calls fetch as browsers want it to be called", async () => {
  const server = await servePacks(pack());
  function picky(this: unknown, ...given: Parameters<typeof fetch>): Promise<Response> {
    if (this !== undefined && this !== globalThis) throw new TypeError("Illegal invocation");
    return fetch(...given);
  }
  const { packs } = openPacks(server.base, { fetch: picky });
  expect(await code(packs.download("bhojpuri-lite"))).toBe("done");
  expect(await packs.checkForUpdate("bhojpuri-lite")).toBe("current");
});

test("asks for an update without fetching it", async () => {
  const server = await servePacks(pack());
  const { packs } = openPacks(server.base);
  expect(await packs.checkForUpdate("bhojpuri-lite")).toBe("absent");
  await packs.download("bhojpuri-lite");
  expect(await packs.checkForUpdate("bhojpuri-lite")).toBe("current");
  expect(server.statuses.at(-1)).toBe(304);
  server.publish(pack());
  expect(await packs.checkForUpdate("bhojpuri-lite")).toBe("newer");
  server.withdraw("bhojpuri-lite");
  expect(await packs.checkForUpdate("bhojpuri-lite")).toBe("gone");
  expect(server.bodies).toBe(1);
});

test("tells what failed", async () => {
  const server = await servePacks(pack());
  const { packs } = openPacks(server.base);
  expect(await code(packs.download("nothing-lite"))).toBe("gone");
  expect(await code(packs.download("../../healthz"))).toBe("gone");
  expect(await code(packs.bytes("bhojpuri-lite"))).toBe("gone");
  server.failure = { status: 503, headers: { "Retry-After": "7" } };
  await expect(packs.available()).rejects.toThrow(
    expect.objectContaining({ code: "server", retryAfterMs: 7_000 }),
  );
  expect(await code(packs.download("bhojpuri-lite"))).toBe("server");
  server.failure = { status: 200, headers: { "Content-Type": "text/html" } };
  expect(await code(packs.available())).toBe("offline");
  await server.close();
  expect(await code(packs.available())).toBe("offline");
  expect(await code(packs.download("bhojpuri-lite"))).toBe("offline");
});

test("a full disk is told of, before it is filled where the browser knows", async () => {
  const server = await servePacks(pack());
  const told = openPacks(server.base, { storage: { estimate: async () => ({ quota: 9_000, usage: 10 }) } });
  expect(await code(told.packs.download("bhojpuri-lite"))).toBe("quota");
  expect(server.bodies).toBe(0);
  const full = openTab();
  let uses = 0;
  const database = spoilt(full.database, async () => {
    uses += 1;
    if (uses > 8) throw new DOMException("full", "QuotaExceededError");
  });
  const packs = createPacks({ database, changes: full.changes, fetch, base: server.base, ...FAST });
  expect(await code(packs.download("bhojpuri-lite"))).toBe("quota");
});

test("asks the browser once to keep the packs", async () => {
  const server = await servePacks(pack(), pack(500, "hindi-lite"));
  const persist = vi.fn(() => new Promise<boolean>(() => undefined));
  const { packs } = openPacks(server.base, { storage: { persist } });
  await packs.download("bhojpuri-lite");
  await packs.download("hindi-lite");
  expect(persist).toHaveBeenCalledTimes(1);
});

test("two tabs that download at once end with one pack", async () => {
  const wanted = pack();
  const server = await servePacks(wanted);
  const one = openPacks(server.base);
  const two = openPacks(server.base, { name: one.name, pieceBytes: 700 });
  const both = [one, two].map(({ packs }) => packs.download("bhojpuri-lite"));
  await Promise.allSettled(both);
  expect(await code(one.packs.download("bhojpuri-lite"))).toBe("done");
  expect(Buffer.from(await two.packs.bytes("bhojpuri-lite")).equals(wanted.content)).toBe(true);
});

test("goes on where the browser closes the database in the midst of it", async () => {
  const wanted = pack();
  const server = await servePacks(wanted);
  const tab = openTab();
  const database = spoilt(tab.database, () => tab.database.use(async (connection) => connection.close()));
  const packs = createPacks({ database, changes: tab.changes, fetch, base: server.base, ...FAST });
  await packs.download("bhojpuri-lite");
  expect(Buffer.from(await packs.bytes("bhojpuri-lite")).equals(wanted.content)).toBe(true);
});

test("removes a pack, and what was begun of it", async () => {
  const server = await servePacks(pack());
  server.diesOfIt = true;
  const { packs, database } = openPacks(server.base);
  await packs.download("bhojpuri-lite");
  server.publish(pack());
  server.breakAfter = 4_000;
  await code(packs.download("bhojpuri-lite"));
  await packs.remove("bhojpuri-lite");
  expect(await packs.installed()).toEqual([]);
  expect(await database.use((connection) => connection.count("pieces"))).toBe(0);
});

test("a pack of which a piece is missing is damaged", async () => {
  const server = await servePacks(pack());
  const { packs, database } = openPacks(server.base);
  const { sha256 } = await packs.download("bhojpuri-lite");
  await database.use((connection) => connection.delete("pieces", ["bhojpuri-lite", sha256, 0]));
  expect(await code(packs.bytes("bhojpuri-lite"))).toBe("damaged");
});
