/** What leaves the device while it listens: fingerprints, and nothing that can be heard. */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { songs, wav } from "./places";
import { expect, installed, open, pressed, test } from "./test";

const { heard } = songs();
/** A run of so many bytes of the sound would be sound. */
const RUN = 64;
const HEADER = 44;

test("only frames of a fingerprint are sent live, to the service alone", async ({
  page,
  context,
  origin,
}) => {
  const asked = new Set<string>();
  context.on("request", (request) => asked.add(new URL(request.url()).origin));
  const frames: Buffer[] = [];
  page.on("websocket", (socket) => {
    asked.add(new URL(socket.url()).origin.replace("ws", "http"));
    socket.on("framesent", ({ payload }) => frames.push(Buffer.from(payload)));
  });
  const wire = await tapped(origin, { isLive: true });
  try {
    await open(page, wire.origin);
    await installed(page);
    expect(await pressed(page)).toBe("match");
  } finally {
    wire.close();
  }
  expect([...asked]).toEqual([wire.origin]);
  expect(wire.sent.filter(({ body }) => body.length > 0)).toEqual([]);
  const isSound = finder(await readFile(wav("clean")));
  expect(frames.length).toBeGreaterThan(0);
  let bytes = 0;
  for (const frame of frames) {
    expect(frame.subarray(0, 4)).toEqual(Buffer.from("SNL\x01"));
    expect(frame.length).toBeLessThanOrEqual(2_500);
    expect(isSound(frame)).toBe(false);
    bytes += frame.length;
  }
  // Nor does anything else go over the connection: each message has a head of 14 bytes at most.
  expect(wire.live()).toBeGreaterThan(bytes);
  expect(wire.live()).toBeLessThanOrEqual(bytes + 14 * (frames.length + 2));
  expect(wire.sent.filter(({ head }) => head > 2_000)).toEqual([]);
});

test.describe("where no connection can be held", () => {
  test.use({ tolerated: [/WebSocket connection to .* failed/] });
  test("only fingerprints are sent, to the service alone", async ({ page, context, origin }) => {
    const asked = new Set<string>();
    context.on("request", (request) => asked.add(new URL(request.url()).origin));
    const wire = await tapped(origin, { isLive: false });
    try {
      await open(page, wire.origin);
      await installed(page); // what the service worker sends is seen, too
      expect(await pressed(page)).toBe("match");
      await expect(page.getByTestId("title")).toHaveText(heard.latin);
    } finally {
      wire.close();
    }
    expect([...asked]).toEqual([wire.origin]);
    const prints = wire.sent.filter(({ path }) => path === "/v1/recognize");
    expect(prints.length).toBeGreaterThan(0);
    expect(wire.sent.filter(({ path, body }) => path !== "/v1/recognize" && body.length > 0)).toEqual([]);
    const isSound = finder(await readFile(wav("clean")));
    for (const { type, body } of prints) {
      expect(type).toBe("application/vnd.sonica.fingerprint");
      expect(body.length).toBeGreaterThan(50);
      expect(body.length).toBeLessThanOrEqual(2_000);
      expect(isSound(body)).toBe(false);
    }
    // Nor is it in what addresses and headers say.
    expect(wire.sent.filter(({ head }) => head > 2_000)).toEqual([]);
  });
});

test("what looks for sound in what is sent finds it", async () => {
  const file = await readFile(wav("clean"));
  const isSound = finder(file);
  const noise = Buffer.from(Array.from({ length: 400 }, (_, i) => (i * 7_919) % 251));
  const part = file.subarray(200_001, 200_001 + RUN);
  expect(isSound(Buffer.concat([noise, part, noise]))).toBe(true);
  const floats = bytesOf(floatsOf(file)).subarray(300_003, 300_003 + RUN);
  expect(isSound(Buffer.concat([noise, floats]))).toBe(true);
  expect(isSound(noise)).toBe(false);
});

interface Sent {
  path: string;
  type: string;
  /** Bytes of its address and headers. */
  head: number;
  body: Buffer;
}

/** A way to the service on which everything is seen that goes there, whoever in the browser sends it. */
async function tapped(service: string, { isLive }: { isLive: boolean }) {
  const sent: Sent[] = [];
  let live = 0;
  const server = createServer((request, response) => {
    const { url = "/", method, headers, rawHeaders } = request;
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      const head = url.length + rawHeaders.join("").length;
      sent.push({ path: url.split("?")[0] ?? "", type: headers["content-type"] ?? "", head, body });
      const onward = ask(new URL(url, service), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      onward.end(body);
    });
  });
  server.on("upgrade", ({ url = "/", method, headers, rawHeaders }, near) => {
    sent.push({ path: url, type: "", head: url.length + rawHeaders.join("").length, body: Buffer.alloc(0) });
    if (!isLive) return near.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
    near.on("error", () => near.destroy());
    const onward = ask(new URL(url, service), { method, headers });
    onward.on("upgrade", ({ rawHeaders: told }, far) => {
      const lines = told.map((text, i) => text + (i % 2 === 0 ? ": " : "\r\n"));
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
      near.on("data", (part: Buffer) => {
        live += part.length;
      });
      far.on("error", () => near.destroy());
      near.pipe(far).pipe(near);
    });
    onward.on("error", () => near.destroy());
    onward.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  /** `live`: bytes that went over connections that stayed open. */
  return { origin: `http://127.0.0.1:${port}`, sent, live: () => live, close };
}

/** Tells whether bytes hold a run of a WAV file's samples, as 16-bit numbers or as floats. */
function finder(file: Buffer): (body: Buffer) => boolean {
  // Each run of 64 bytes, wherever it begins, has one of these whole in it.
  const half = RUN / 2;
  const blocks = new Set<string>();
  for (const all of [file.subarray(HEADER), bytesOf(floatsOf(file))]) {
    for (let at = 0; at + half <= all.length; at += half) blocks.add(all.toString("latin1", at, at + half));
  }
  return (body) => {
    for (let at = 0; at + half <= body.length; at++) {
      if (blocks.has(body.toString("latin1", at, at + half))) return true;
    }
    return false;
  };
}

function floatsOf(file: Buffer): Float32Array {
  const count = (file.length - HEADER) / 2;
  return Float32Array.from({ length: count }, (_, i) => file.readInt16LE(HEADER + 2 * i) / 32_768);
}

function bytesOf(floats: Float32Array): Buffer {
  return Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);
}
