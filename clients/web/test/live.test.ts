/** Who is asked while it is listened, against a service that speaks WebSocket and HTTP, and refuses either. */

import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { Heard } from "../src/offline/answer.ts";
import { recognized } from "./helpers.ts";

/** What comes of a frame, and of a look. */
interface Service {
  take: (socket: WebSocket, last: boolean, number: number) => void;
  look: (response: ServerResponse) => void;
  /** Whether connections are let through. */
  isLive: boolean;
  frames: { key: boolean; last: boolean }[];
  sessions: (string | null)[];
  upgrades: number;
}

let server: Server;
let Anyone: typeof import("../src/listening/ask.ts").Anyone;
let service: Service;
let listeners: Map<string, () => void>;

beforeAll(async () => {
  const sockets = new WebSocketServer({ noServer: true });
  server = createServer((request, response) => {
    service.sessions.push(String(request.headers["sonica-session"]));
    request.resume().on("end", () => service.look(response));
  });
  server.on("upgrade", (request, socket, head) => {
    service.upgrades += 1;
    service.sessions.push(new URL(request.url ?? "", "http://here").searchParams.get("session"));
    if (!service.isLive) return socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
    sockets.handleUpgrade(request, socket, head, (open) => {
      open.on("message", (data) => {
        const frame = JSON.parse(String(data));
        service.frames.push(frame);
        open.send(JSON.stringify({ event: "hearing", heard_s: 1, looked_s: 0 }));
        service.take(open, frame.last, service.frames.length);
      });
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("NEXT_PUBLIC_SONICA_API", `http://127.0.0.1:${port}`);
  ({ Anyone } = await import("../src/listening/ask.ts")); // now that the address is known
}, 60_000);

beforeEach(() => {
  service = { take: () => {}, look: say, isLive: true, frames: [], sessions: [], upgrades: 0 };
  listeners = new Map();
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("addEventListener", (name: string, listener: () => void) => listeners.set(name, listener));
  vi.stubGlobal("removeEventListener", (name: string) => listeners.delete(name));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

afterAll(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

function say(response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(known()));
}

function end(socket: WebSocket, status: string, more: object = {}): void {
  const result = known({ status, ...more });
  socket.send(JSON.stringify({ event: status, heard_s: 1, last: true, result }));
}

const known = (changed: Record<string, unknown> = {}) => recognized("0199", changed);

/** A recorder that has heard a bit more each time it is looked at. */
function recorder() {
  let heard = 0;
  return {
    get seconds() {
      heard += 0.2;
      return heard;
    },
    frame: async (flags: object = {}) => new TextEncoder().encode(JSON.stringify(flags)),
  };
}

const never = () => new AbortController().signal;
const nothing = () => undefined;

test("what the service says in the end is the answer, and what it may be is told before", async () => {
  service.take = (socket, _, number) => {
    const {
      id: _id,
      feedback_token: _token,
      ...result
    } = known({ status: "unsure", alternatives: [known()] });
    if (number === 2) socket.send(JSON.stringify({ event: "unsure", heard_s: 1, last: false, result }));
    if (number === 3) end(socket, "match");
  };
  const asking = new Anyone();
  const unsure: Heard[] = [];
  const heard = await asking.live(recorder(), (one) => unsure.push(one), never());
  expect(heard).toMatchObject({ status: "match", recognitionId: "0199" });
  expect(unsure.map(({ status }) => status)).toEqual(["unsure"]);
  expect(unsure[0]).not.toHaveProperty("recognitionId");
  expect([asking.how, asking.away]).toEqual(["service", null]);
  expect(service.frames.map(({ key }) => key).slice(0, 3)).toEqual([true, false, false]);
  expect(listeners.size).toBe(0);
});

test("what nobody knows is heard to its end, which is told", async () => {
  service.take = (socket, last) => last && end(socket, "none");
  const heard = await new Anyone().live(recorder(), nothing, never());
  expect(heard?.status).toBe("none");
  expect(service.frames.at(-1)?.last).toBe(true);
  expect(service.frames.filter(({ last }) => last)).toHaveLength(1);
});

test("where no connection comes about and looks are answered, the next listening does not try", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 10 * 60_000 });
  service.isLive = false;
  const asking = new Anyone();
  expect(await asking.live(recorder(), nothing, never())).toBeUndefined();
  expect((await asking.look(new Uint8Array(9), never())).status).toBe("match");
  expect(new Set(service.sessions).size).toBe(1);
  asking.begin();
  expect(await asking.live(recorder(), nothing, never())).toBeUndefined();
  expect(service.upgrades).toBe(1);
  await asking.look(new Uint8Array(9), never());
  expect(new Set(service.sessions).size).toBe(2);
  vi.useRealTimers(); // ten minutes later: the way may be another
  await asking.live(recorder(), nothing, never());
  expect(service.upgrades).toBe(2);
});

test("where nothing is answered at all, the next listening tries again", async () => {
  service.isLive = false;
  service.look = (response) => response.destroy();
  const asking = new Anyone();
  expect(await asking.live(recorder(), nothing, never())).toBeUndefined();
  expect((await asking.look(new Uint8Array(9), never())).status).toBe("none");
  expect([asking.how, asking.away?.code]).toEqual(["pack", "server"]);
  service.isLive = true;
  service.take = (socket) => end(socket, "match");
  expect((await new Anyone().live(recorder(), nothing, never()))?.status).toBe("match");
});

test("a quota that is used up is told by the look that follows, and for how long", async () => {
  const problem = { type: "/problems/rate-limit", title: "Asked too often", status: 429, detail: "" };
  service.take = (socket) => {
    socket.send(JSON.stringify({ event: "problem", problem }));
    socket.close(1008);
  };
  service.look = (response) =>
    response
      .writeHead(429, { "Content-Type": "application/problem+json", "Retry-After": "321" })
      .end(JSON.stringify(problem));
  const asking = new Anyone();
  expect(await asking.live(recorder(), nothing, never())).toBeUndefined();
  await asking.look(new Uint8Array(9), never());
  expect(asking.away).toMatchObject({ code: "quota", retryAfter: 321 });
  expect(await asking.live(recorder(), nothing, never())).toBeUndefined();
  expect(service.upgrades).toBe(1);
});

test("a network that goes away is not waited for, and without one nobody is asked", async () => {
  service.take = (_, __, number) => number === 2 && listeners.get("offline")?.();
  const asking = new Anyone();
  expect(await asking.live(recorder(), nothing, never())).toBeUndefined();
  vi.stubGlobal("navigator", { onLine: false });
  expect(await asking.live(recorder(), nothing, never())).toBeUndefined();
  expect(service.upgrades).toBe(1);
});

test("who is silent after the last frame is waited for once, and the packs are asked then", async () => {
  const asking = new Anyone(); // nothing is said of the frames but that they came
  expect(await asking.live(recorder(), nothing, never())).toBeUndefined();
  expect(service.upgrades).toBe(1);
  expect((await asking.look(new Uint8Array(9), never())).status).toBe("none");
  expect(service.sessions).toHaveLength(1);
  expect([asking.how, asking.away?.code]).toEqual(["pack", "server"]);
}, 60_000);

test("an answer that is not the service's is none", async () => {
  service.take = (socket) => end(socket, "match", { song: "Tum Hi Ho" });
  expect(await new Anyone().live(recorder(), nothing, never())).toBeUndefined();
});

test("who stops, and an engine that is gone, end it", async () => {
  const stops = new AbortController();
  service.take = () => stops.abort();
  const asking = new Anyone();
  await expect(asking.live(recorder(), nothing, stops.signal)).rejects.toMatchObject({ name: "AbortError" });
  const gone = new Error("the engine was closed");
  const deaf = { seconds: 2, frame: () => Promise.reject(gone) };
  await expect(asking.live(deaf, nothing, never())).rejects.toBe(gone);
});
