/** The client against a server that answers as the service does. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createSonica, editSong, ScanLost, type Sonica, SonicaProblem } from "../src/index.ts";

interface Asked {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A client of a server that answers so, and what it was asked. */
async function serving(answer: (response: ServerResponse) => void): Promise<[Sonica, Asked[]]> {
  const asked: Asked[] = [];
  const started = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method, url, headers } = request;
    asked.push({ method, url, headers, body: Buffer.concat(pieces) });
    answer(response);
  });
  server = started;
  await new Promise<void>((listening) => started.listen(0, "127.0.0.1", listening));
  const { port } = started.address() as AddressInfo;
  return [createSonica({ baseUrl: `http://127.0.0.1:${port}/` }), asked];
}

function json(said: unknown, status = 200, headers: Record<string, string> = {}) {
  const kind = status < 400 ? "application/json" : "application/problem+json";
  return (response: ServerResponse) =>
    response.writeHead(status, { "Content-Type": kind, ...headers }).end(JSON.stringify(said));
}

const RECOGNIZED = { id: "0199a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b", feedback_token: "secret", status: "none" };
const BUSY = {
  type: "/problems/busy",
  title: "Too much to do",
  status: 503,
  detail: "More is asked than can be answered just now.",
  code: "requests",
  request_id: "0199",
};

/** What a promise is rejected with. */
async function failure(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => expect.fail("it was answered"),
    (error: unknown) => error,
  );
}

test("a fingerprint is sent as it is, and named", async () => {
  const [sonica, asked] = await serving(json(RECOGNIZED));
  const around = new Uint8Array([9, 0, 255, 7, 9]);
  const session = "a-session-of-mine";
  const idempotencyKey = "a-key-that-is-used-once";
  const answer = await sonica.recognizeFingerprint(around.subarray(1, 4), { session, idempotencyKey });
  expect(answer).toEqual(RECOGNIZED);
  expect(asked[0]).toMatchObject({ method: "POST", url: "/v1/recognize" });
  expect(asked[0]?.headers).toMatchObject({
    "content-type": "application/vnd.sonica.fingerprint",
    "content-length": "3",
    "sonica-session": session,
    "idempotency-key": idempotencyKey,
  });
  expect(asked[0]?.body).toEqual(Buffer.from([0, 255, 7]));
});

test("what is not said is not sent", async () => {
  const [sonica, asked] = await serving(json({ ...RECOGNIZED, items: [], next: null }));
  await sonica.recognizeFingerprint(new Uint8Array(1));
  expect(asked[0]?.headers).not.toHaveProperty("sonica-session");
  expect(asked[0]?.headers).not.toHaveProperty("idempotency-key");
  await sonica.songs();
  expect(asked[1]?.url).toBe("/v1/songs");
});

test("what a listener says of an answer", async () => {
  const [sonica, asked] = await serving((response) => response.writeHead(204).end());
  expect(await sonica.feedback(RECOGNIZED, { isRight: false, songId: 2 ** 53 - 1 })).toBeUndefined();
  expect(asked[0]?.url).toBe(`/v1/recognitions/${RECOGNIZED.id}/feedback`);
  expect(asked[0]?.body.toString()).toBe('{"token":"secret","is_right":false,"song_id":9007199254740991}');
  await sonica.feedback(RECOGNIZED, { isRight: true });
  expect(asked[1]?.body.toString()).toBe('{"token":"secret","is_right":true}');
});

test("songs, charts and packs are asked for where they are", async () => {
  const [sonica, asked] = await serving(json({ items: [], next: null }));
  expect(await sonica.songs({ q: "चिट्ठी & more", cursor: "MC4x", limit: 5 })).toEqual({
    items: [],
    next: null,
  });
  await sonica.song(12);
  await sonica.charts({ period: "month", language: "bho", order: "rising" });
  await sonica.packs();
  const [songs, ...others] = asked.map((one) => new URL(one.url ?? "", "http://here"));
  expect(Object.fromEntries(songs?.searchParams ?? [])).toEqual({
    q: "चिट्ठी & more",
    cursor: "MC4x",
    limit: "5",
  });
  expect(others.map((one) => one.pathname + one.search)).toEqual([
    "/v1/songs/12",
    "/v1/charts?period=month&language=bho&order=rising",
    "/v1/packs",
  ]);
});

test("a manifest keeps the bytes that were signed", async () => {
  const signed = '{ "name": "hindi",\n "bytes":1.0e3 }';
  const [sonica, asked] = await serving((response) =>
    response.writeHead(200, { "Content-Type": "application/json", "Sonica-Signature": "c2ln" }).end(signed),
  );
  const told = await sonica.packManifest("hindi/../key");
  expect(asked[0]?.url).toBe("/v1/packs/hindi%2F..%2Fkey/manifest");
  expect(new TextDecoder().decode(told.bytes)).toBe(signed);
  expect(told).toMatchObject({ manifest: { name: "hindi", bytes: 1000 }, signature: "c2ln" });
});

test("a problem says all that it knows", async () => {
  const [sonica] = await serving(json(BUSY, 503, { "Retry-After": "7" }));
  const error = await failure(sonica.packs());
  expect(error).toBeInstanceOf(SonicaProblem);
  const { status, type, title, detail, code } = BUSY;
  expect(error).toMatchObject({ status, type, title, detail, code, requestId: "0199", retryAfter: 7 });
  expect(error).toMatchObject({ name: "SonicaProblem", message: detail });
  expect(await failure(sonica.packManifest("hindi"))).toBeInstanceOf(SonicaProblem);
  expect(await failure(sonica.feedback(RECOGNIZED, { isRight: true }))).toBeInstanceOf(SonicaProblem);
});

test("a proxy that answers instead is a problem, too", async () => {
  const until = new Date(Date.now() + 90_000).toUTCString();
  const [sonica] = await serving((response) =>
    response.writeHead(502, { "Content-Type": "text/html", "Retry-After": until }).end("<h1>Bad</h1>"),
  );
  const error = (await failure(sonica.song(1))) as SonicaProblem;
  expect(error).toBeInstanceOf(SonicaProblem);
  expect(error).toMatchObject({ status: 502, type: "about:blank", title: "Bad Gateway", requestId: null });
  expect(error.retryAfter).toBeGreaterThan(60);
  expect(error.retryAfter).toBeLessThanOrEqual(90);
});

test.each(["soon", "-1", ""])("Retry-After: %j says nothing", async (said) => {
  const [sonica] = await serving(json("no problem document", 429, { "Retry-After": said }));
  expect(await failure(sonica.packs())).toMatchObject({ status: 429, retryAfter: null });
});

test("who does not want to wait, before and meanwhile", async () => {
  const aborting = new AbortController();
  const [sonica, asked] = await serving(() => aborting.abort());
  const { signal } = aborting;
  expect(await failure(sonica.recognizeFingerprint(new Uint8Array(1), { signal }))).toMatchObject({
    name: "AbortError",
  });
  expect(await failure(sonica.songs({}, { signal }))).toMatchObject({ name: "AbortError" });
  expect(asked).toHaveLength(1);
});

test("an answer that breaks off is no problem of the service", async () => {
  const [sonica] = await serving((response) => {
    response.writeHead(503, { "Content-Type": "application/problem+json" });
    response.write("{", () => response.destroy());
  });
  expect(await failure(sonica.packs())).toBeInstanceOf(TypeError);
});

test("nobody is there", async () => {
  const [sonica] = await serving(() => {});
  await new Promise((closed) => server?.close(closed));
  const error = await failure(sonica.packs());
  expect(error).toBeInstanceOf(TypeError);
  expect(error).not.toBeInstanceOf(SonicaProblem);
});

test("another fetch, and what only the generated code has", async () => {
  const asked: Request[] = [];
  const ours: typeof fetch = async (request) => {
    asked.push(request as Request);
    return Response.json({ id: 3 });
  };
  const { client } = createSonica({ baseUrl: "https://songs.example/base/", fetch: ours });
  const told = await editSong({ client, auth: "key", path: { id: 3 }, body: { title: "" } });
  expect(told.data?.id).toBe(3);
  expect(asked[0]?.url).toBe("https://songs.example/base/v1/songs/3");
  expect(asked[0]?.headers.get("Authorization")).toBe("Bearer key");
});

const SONG = { id: 1, recording_id: 1, title: "मन", artist: "Sonica", language: "hi", path: "" };
const SCANNED = [
  { event: "progress", done_s: 0, of_s: 60 },
  {
    event: "song",
    song: SONG,
    start_s: 1,
    end_s: 50,
    offset_s: 0,
    speed: 1,
    pitch_semitones: 0,
    confidence: 1,
  },
  { event: "end", songs: 1, of_s: 60 },
];

/** Answers with these bytes, a few at a time. */
function inPieces(text: string) {
  return async (response: ServerResponse) => {
    response.writeHead(200, { "Content-Type": "application/x-ndjson" });
    const bytes = Buffer.from(text);
    const size = Math.max(7, bytes.length / 100);
    for (let at = 0; at < bytes.length; at += size) {
      response.write(bytes.subarray(at, at + size));
      await new Promise((soon) => setImmediate(soon));
    }
    response.end();
  };
}

async function all(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const said: unknown[] = [];
  for await (const line of lines) said.push(line);
  return said;
}

test("a scan is told line by line, however they are cut on the way", async () => {
  const [sonica, asked] = await serving(inPieces(SCANNED.map((one) => `${JSON.stringify(one)}\n`).join("")));
  expect(await all(sonica.scan(new Uint8Array([1, 2, 3])))).toEqual(SCANNED);
  expect(asked[0]).toMatchObject({ method: "POST", url: "/v1/scan", body: Buffer.from([1, 2, 3]) });
  expect(asked[0]?.headers["content-type"]).toBe("application/vnd.sonica.fingerprint");
});

test("a scan that is refused, at once or on the way, says why", async () => {
  const [refusing] = await serving(json(BUSY, 503, { "Retry-After": "7" }));
  const refused = (await failure(all(refusing.scan(new Uint8Array())))) as SonicaProblem;
  expect(refused).toBeInstanceOf(SonicaProblem);
  expect(refused.retryAfter).toBe(7);
  server?.close();
  const problem = { event: "problem", problem: BUSY, retry_after: 2 };
  const [failing] = await serving(inPieces(`${JSON.stringify(SCANNED[0])}\n${JSON.stringify(problem)}\n`));
  const failed = (await failure(all(failing.scan(new Uint8Array())))) as SonicaProblem;
  expect(failed).toBeInstanceOf(SonicaProblem);
  expect([failed.code, failed.retryAfter]).toEqual(["requests", 2]);
});

test.each([
  ["breaks off", `${JSON.stringify(SCANNED[0])}\n`],
  ["is no line of ours", "<html>\n"],
  ["is no object", "null\n"],
  ["never ends a line", "x".repeat(70_000)],
])("an answer that %s is no end of a scan", async (_, text) => {
  const [sonica] = await serving(inPieces(text));
  expect(await failure(all(sonica.scan(new Uint8Array())))).toBeInstanceOf(ScanLost);
});

test("whoever leaves a scan, or aborts it, closes the connection", async () => {
  for (const how of ["leaves", "aborts"]) {
    let closed = () => {};
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const [sonica] = await serving((response) => {
      response.on("close", closed);
      response.writeHead(200).write(`${JSON.stringify(SCANNED[0])}\n`);
    });
    const ends = new AbortController();
    const lines = sonica.scan(new Uint8Array(), { signal: ends.signal });
    expect((await lines.next()).value).toEqual(SCANNED[0]);
    if (how === "leaves") await lines.return();
    else {
      ends.abort();
      expect(await failure(lines.next())).toMatchObject({ name: "AbortError" });
    }
    await isClosed;
    server?.close();
  }
});
