/** A WebSocket server that speaks as the service does, and a listening that it answers. */

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { type FrameFlags, Live, type LiveEvent, type LiveOptions } from "../src";

/** What a frame is here: its number, and its flags. */
export type Frame = FrameFlags & { number: number };

/** One connection, as the service sees it. */
export interface Peer {
  socket: WebSocket;
  url: string;
  frames: Frame[];
}

let server: WebSocketServer | undefined;

afterEach(() => {
  for (const client of server?.clients ?? []) client.terminate();
  server?.close();
  server = undefined;
});

/** Takes no new connections; resolves when it is gone. */
export function closed(): Promise<void> {
  return new Promise((done) => {
    if (server) server.close(() => done());
    else done();
  });
}

/** A service that does this with each frame; every connection that came. */
export async function serving(
  take: (peer: Peer, frame: Frame, peers: Peer[]) => void,
): Promise<{ port: number; peers: Peer[] }> {
  const peers: Peer[] = [];
  const started = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server = started;
  started.on("connection", (socket, request) => {
    const peer: Peer = { socket, url: request.url ?? "", frames: [] };
    peers.push(peer);
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      peer.frames.push(frame);
      take(peer, frame, peers);
    });
  });
  await once(started, "listening");
  return { port: (started.address() as AddressInfo).port, peers };
}

export function say({ socket }: Peer, ...said: unknown[]): void {
  for (const one of said) socket.send(JSON.stringify(one));
}

export const hearing = (heard_s: number) => ({ event: "hearing", heard_s, looked_s: 0 });

/** A listening of frames that say their number. */
export function listening(port: number, options: Partial<LiveOptions> = {}): Live {
  let number = 0;
  return new Live({
    baseUrl: `http://127.0.0.1:${port}/`,
    pausesMs: [1, 1, 1],
    frame: async (flags) => {
      number += 1;
      return new TextEncoder().encode(JSON.stringify({ ...flags, number }));
    },
    ...options,
  });
}

/** All that is said until the end; more is heard at each `hearing`. */
export async function heard(live: Live): Promise<LiveEvent[]> {
  const told: LiveEvent[] = [];
  live.more();
  for await (const event of live) {
    told.push(event);
    if (event.event === "hearing") live.more();
  }
  return told;
}

export async function failure(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => expect.fail("it ended well"),
    (error: unknown) => error,
  );
}
