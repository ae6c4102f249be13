/** A live listening: what goes out, what comes in, and what is done where networks fail. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type FrameFlags, type LiveEvent, LiveLost, SonicaProblem } from "../src";
import { closed, failure, heard, hearing, listening, type Peer, say, serving } from "./liveserver.ts";

const RESULT = { id: "0199", feedback_token: "secret", status: "match" };
const END = { event: "match", heard_s: 1.5, last: true, result: RESULT };
const PROBLEM = {
  type: "/problems/rate-limit",
  title: "Asked too often",
  status: 429,
  detail: "This address has asked 100 times in 15 minutes.",
  request_id: "0199",
};

let http: Server | undefined;

afterEach(() => {
  http?.closeAllConnections();
  http?.close();
  http = undefined;
});

test("frames go out, what is said comes in, and both end with the answer", async () => {
  const { port, peers } = await serving((peer, { number }) => {
    say(peer, hearing(number / 2));
    if (number === 2) say(peer, { event: "unsure", heard_s: 1, last: false, result: { status: "unsure" } });
    if (number === 3) say(peer, END);
  });
  const session = "a session/of mine";
  const told = await heard(listening(port, { session }));
  expect(told.map(({ event }) => event)).toEqual(["hearing", "hearing", "unsure", "hearing", "match"]);
  expect(told.at(-1)).toEqual(END);
  const [peer] = peers as [Peer];
  expect(new URL(peer.url, "http://here").searchParams.get("session")).toBe(session);
  expect(new URL(peer.url, "http://here").pathname).toBe("/v1/listen");
  expect(peer.frames).toEqual([
    { key: true, last: false, number: 1 },
    { key: false, last: false, number: 2 },
    { key: false, last: false, number: 3 },
  ]);
  const [code] = peer.socket.readyState === 3 ? [1000] : await once(peer.socket, "close");
  expect(code).toBe(1000);
});

test("the last frame says so, and is the last", async () => {
  const { port, peers } = await serving((peer, { last }) => {
    say(peer, hearing(1));
    if (last) setTimeout(() => say(peer, { ...END, event: "none" }), 20);
  });
  const live = listening(port);
  live.finish();
  const told: LiveEvent[] = [];
  for await (const event of live) {
    told.push(event);
    live.more();
  }
  expect(told.map(({ event }) => event)).toEqual(["hearing", "none"]);
  expect(peers[0]?.frames).toEqual([{ key: true, last: true, number: 1 }]);
});

test("a frame that the service cannot use is followed by a key frame, once", async () => {
  let isLost = false;
  const { port, peers } = await serving((peer, { number, key }) => {
    if (number === 2) isLost = true;
    if (key) isLost = false;
    say(peer, isLost ? { event: "resend" } : hearing(number));
    if (number > 2 && key) say(peer, END);
  });
  const live = listening(port);
  live.more();
  for await (const { event } of live) if (event === "hearing") live.more();
  const keys = peers[0]?.frames.map(({ key }) => key);
  expect(keys).toEqual([true, false, true]);
});

test("a service that can use nothing is given up", async () => {
  const { port, peers } = await serving((peer) => say(peer, { event: "resend" }));
  expect(await failure(heard(listening(port)))).toMatchObject({ name: "LiveLost", wasOpen: true });
  expect(peers[0]?.frames.length).toBeLessThan(10);
});

test("a connection that drops is opened again, under the same session, with a key frame", async () => {
  const { port, peers } = await serving((peer, { number }, all) => {
    if (all.length === 1 && number === 2) return peer.socket.terminate();
    say(peer, hearing(number));
    if (all.length === 2 && number > 3) say(peer, END);
  });
  const told = await heard(listening(port, { session: "a-session-of-mine" }));
  expect(told.at(-1)).toEqual(END);
  expect(new Set(peers.map(({ url }) => url)).size).toBe(1);
  expect(peers).toHaveLength(2);
  expect(peers[1]?.frames[0]).toMatchObject({ key: true, last: false });
  expect(peers[1]?.frames[1]).toMatchObject({ key: false });
});

test("what was the last frame is so on the next connection", async () => {
  const { port, peers } = await serving((peer, { last }, all) => {
    if (all.length === 1) return last ? peer.socket.close(1012) : say(peer, hearing(1));
    say(peer, END);
  });
  const live = listening(port);
  live.finish();
  const told: LiveEvent[] = [];
  for await (const event of live) told.push(event);
  expect(told).toEqual([END]);
  expect(peers.map(({ frames }) => frames.map(({ key, last }) => ({ key, last })))).toEqual([
    [{ key: true, last: true }],
    [{ key: true, last: true }],
  ]);
});

test("a service that is silent counts as gone", async () => {
  const { port, peers } = await serving((peer, _, all) => {
    if (all.length === 2) say(peer, hearing(1), END);
  });
  const told = await heard(listening(port, { patienceMs: 1_500 }));
  expect(told.at(-1)).toEqual(END);
  expect(peers).toHaveLength(2);
});

test("the last look may take longer than a frame", async () => {
  const { port, peers } = await serving((peer) => {
    say(peer, hearing(15));
    setTimeout(() => say(peer, { ...END, event: "none" }), 400);
  });
  const live = listening(port, { patienceMs: 100 });
  live.finish();
  const told: LiveEvent[] = [];
  for await (const event of live) told.push(event);
  expect(told.at(-1)).toMatchObject({ event: "none", last: true });
  expect(peers).toHaveLength(1);
});

test.each([
  ["says nothing", () => undefined],
  ["takes the last frame and drops", (peer: Peer) => say(peer, hearing(15))],
])("a service that %s is given up, however many tries are left", async (_, answer) => {
  const { port, peers } = await serving((peer) => {
    answer(peer);
    setTimeout(() => peer.socket.close(1012), 20);
  });
  const pausesMs = Array<number>(10_000).fill(1);
  const live = listening(port, { limitMs: 300, pausesMs });
  live.finish();
  const error = await failure(
    (async () => {
      for await (const _ of live);
    })(),
  );
  expect(error).toMatchObject({ name: "LiveLost", wasOpen: true, isSilent: true });
  expect(peers.length).toBeGreaterThan(1);
});

test("a listening whose frames are all taken may last longer than the limit", async () => {
  const { port } = await serving((peer, { number }) => {
    setTimeout(() => say(peer, hearing(1), ...(number === 6 ? [END] : [])), 100);
  });
  expect((await heard(listening(port, { limitMs: 400 }))).at(-1)).toEqual(END);
});

test("one that drops each time is given up after as many tries as were allowed", async () => {
  const { port, peers } = await serving((peer) => peer.socket.terminate());
  const error = await failure(heard(listening(port, { pausesMs: [1, 1] })));
  expect(error).toBeInstanceOf(LiveLost);
  expect(error).toMatchObject({ wasOpen: true });
  expect(peers).toHaveLength(3);
});

test("a service that is gone for good", async () => {
  const { port } = await serving((peer) => {
    void closed();
    peer.socket.terminate();
  });
  expect(await failure(heard(listening(port)))).toMatchObject({ name: "LiveLost", wasOpen: true });
});

test("a service that never was there", async () => {
  const { port } = await serving(() => {});
  await closed();
  expect(await failure(heard(listening(port)))).toMatchObject({ name: "LiveLost", wasOpen: false });
});

test("something on the way that lets no connection through", async () => {
  const started = createServer((_, response) => response.writeHead(403).end("no"));
  http = started;
  await once(started.listen(0, "127.0.0.1"), "listening");
  const { port } = started.address() as AddressInfo;
  expect(await failure(heard(listening(port)))).toMatchObject({ name: "LiveLost", wasOpen: false });
});

test("something on the way that never answers", async () => {
  const started = createServer().on("upgrade", () => {});
  http = started;
  await once(started.listen(0, "127.0.0.1"), "listening");
  const { port } = started.address() as AddressInfo;
  const error = await failure(heard(listening(port, { patienceMs: 50 })));
  expect(error).toMatchObject({ name: "LiveLost", wasOpen: false });
});

test("a problem that the service tells of", async () => {
  const { port, peers } = await serving((peer) => {
    say(peer, { event: "problem", problem: PROBLEM, retry_after: 7 });
    peer.socket.close(1008);
  });
  const error = await failure(heard(listening(port)));
  expect(error).toBeInstanceOf(SonicaProblem);
  const { type, status, title, detail } = PROBLEM;
  expect(error).toMatchObject({
    type,
    status,
    title,
    detail,
    requestId: "0199",
    code: null,
    retryAfter: 7,
  });
  expect(peers).toHaveLength(1);
});

test.each([1000, 1003, 1008, 1009, 1011, 1013])("closed with %i, the same would come again", async (code) => {
  const { port, peers } = await serving((peer) => peer.socket.close(code));
  expect(await failure(heard(listening(port)))).toBeInstanceOf(LiveLost);
  expect(peers).toHaveLength(1);
});

test.each([
  "no JSON",
  "[]",
  "null",
  '{"event": "match"}',
  '{"event": "later", "heard_s": 1}',
  '{"heard_s": 1}',
])("%s is passed over", async (said) => {
  const { port } = await serving((peer) => {
    peer.socket.send(said);
    peer.socket.send(Buffer.from([1, 2, 3]), { binary: true });
    say(peer, hearing(1), END);
  });
  expect((await heard(listening(port))).at(-1)).toEqual(END);
});

test("a problem of nobody's is a connection that is lost", async () => {
  const { port } = await serving((peer) => say(peer, { event: "problem", problem: "busy" }));
  expect(await failure(heard(listening(port)))).toBeInstanceOf(LiveLost);
});

test("frames that nothing is said of do not pile up, and none is made in store", async () => {
  let answer: (() => void) | undefined;
  const { port, peers } = await serving((peer, { number }) => {
    answer = () => {
      for (let i = 0; i < number; i++) say(peer, hearing(i));
      answer = () => say(peer, END);
    };
  });
  const made: number[] = [];
  const live = listening(port, {
    frame: async ({ key }) => {
      made.push(made.length);
      return new TextEncoder().encode(JSON.stringify({ key, last: false, number: made.length }));
    },
  });
  const pressing = setInterval(() => live.more(), 1);
  try {
    await expect.poll(() => peers[0]?.frames.length).toBe(4);
    for (let i = 0; i < 50; i++) live.more();
    await new Promise((later) => setTimeout(later, 50));
    expect(made).toHaveLength(4);
    answer?.();
    await expect.poll(() => peers[0]?.frames.length).toBeGreaterThan(4);
  } finally {
    clearInterval(pressing);
  }
  say(peers[0] as Peer, END);
  const told: LiveEvent[] = [];
  for await (const event of live) told.push(event);
  expect(told.at(-1)).toEqual(END);
  expect(peers[0]?.frames.map(({ key }) => key)).toEqual(peers[0]?.frames.map((_, i) => i === 0));
});

test("a network that takes nothing is waited for", async () => {
  const { port, peers } = await serving((peer, { number }) => {
    say(peer, hearing(number));
    if (number === 2) say(peer, END);
  });
  const buffered = { amount: 0 };
  const { WebSocket: original } = globalThis;
  const full = class extends original {
    override get bufferedAmount(): number {
      return buffered.amount;
    }
  };
  globalThis.WebSocket = full;
  try {
    const live = listening(port);
    const told: LiveEvent[] = [];
    live.more();
    for await (const event of live) {
      told.push(event);
      if (event.event !== "hearing" || event.heard_s !== 1) continue;
      buffered.amount = 200;
      live.more();
      live.more();
      await new Promise((later) => setTimeout(later, 120));
      expect(peers[0]?.frames).toHaveLength(1);
      buffered.amount = 0; // nobody says that it is empty
    }
    expect(told.at(-1)).toEqual(END);
    expect(peers[0]?.frames).toHaveLength(2);
  } finally {
    globalThis.WebSocket = original;
  }
});

test("who leaves, and who changes their mind, closes the connection", async () => {
  const { port, peers } = await serving((peer, { number }) => say(peer, hearing(number)));
  const first = listening(port);
  first.more();
  for await (const _ of first) break;
  await expect.poll(() => peers[0]?.socket.readyState).toBe(3);

  const aborting = new AbortController();
  const second = listening(port, { signal: aborting.signal });
  second.more();
  const error = await failure(
    (async () => {
      for await (const _ of second) aborting.abort();
    })(),
  );
  expect(error).toMatchObject({ name: "AbortError" });
  await expect.poll(() => peers[1]?.socket.readyState).toBe(3);

  const never = listening(port, { signal: AbortSignal.abort() });
  expect(await failure(heard(never))).toMatchObject({ name: "AbortError" });
  never.close();
  expect(peers).toHaveLength(2);
});

test("a frame that cannot be made is the end", async () => {
  const { port, peers } = await serving(() => {});
  const why = new Error("the engine is gone");
  expect(await failure(heard(listening(port, { frame: () => Promise.reject(why) })))).toBe(why);
  await expect.poll(() => peers[0]?.socket.readyState).toBe(3);
});

test("a frame that is made while the connection drops is not sent on the next one", async () => {
  let made: ((frame: Uint8Array) => void) | undefined;
  const asked: FrameFlags[] = [];
  const { port, peers } = await serving((peer, { number }) => say(peer, hearing(number), END));
  const live = listening(port, {
    frame: (flags) => {
      asked.push(flags);
      if (asked.length === 1)
        return new Promise((resolve) => {
          made = resolve;
        });
      return Promise.resolve(new TextEncoder().encode(JSON.stringify({ ...flags, number: 2 })));
    },
  });
  live.more();
  await expect.poll(() => asked).toHaveLength(1);
  peers[0]?.socket.terminate();
  await expect.poll(() => peers).toHaveLength(2);
  made?.(new TextEncoder().encode(JSON.stringify({ key: true, last: false, number: 1 })));
  const told: LiveEvent[] = [];
  for await (const event of live) told.push(event);
  expect(told.at(-1)).toEqual(END);
  expect(peers[1]?.frames).toEqual([{ key: true, last: false, number: 2 }]);
});
