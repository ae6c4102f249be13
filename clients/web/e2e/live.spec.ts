/** Listening over a connection that stays open: what goes over it, and what is done where there is none. */

import { songs } from "./places";
import { expect, gate, open, type Page, pressed, test } from "./test";
import { wire } from "./wire";

const { heard } = songs();

/** A connection of the page, and all that went over it. */
interface Connection {
  url: URL;
  frames: Buffer[];
  said: { event: string; heard_s: number; last?: boolean }[];
}

test("a clean song is named before its tenth second, with no request for a look", async ({ page }) => {
  const connections = watched(page);
  const looks = recognitions(page);
  await open(page);
  expect(await pressed(page)).toBe("match");
  await expect(page.getByTestId("title")).toHaveText(heard.latin);
  expect(connections).toHaveLength(1);
  const [{ url, frames, said }] = connections as [Connection];
  expect(url.pathname).toBe("/v1/listen");
  expect(url.searchParams.get("session")).toMatch(/^[\da-f-]{36}$/);
  const end = said.at(-1);
  expect(end).toMatchObject({ event: "match", last: true });
  expect(end?.heard_s).toBeLessThan(10);
  test.info().annotations.push({ type: "named after", description: `${end?.heard_s} s` });
  expect(frames.map(isKey)).toEqual(frames.map((_, i) => i === 0));
  expect(looks).toEqual([]);
  // What listeners say of it finds the recognition.
  await page.getByRole("button", { name: "Wrong song?" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Thank you, that helps" })).toHaveCount(1);
});

test.describe("a service that dies meanwhile", () => {
  // What else the page fetched from it, its service worker too, or through what the test closes.
  test.use({ tolerated: [/net::ERR_|error occurred when fetching the script/] });
  test("is followed by another, which is told all that was heard", async ({ page, another }) => {
    const [first, second] = [await another(), await another()];
    const way = await wire(first.port);
    const connections = watched(page);
    const looks = recognitions(page);
    const begun = gate();
    page.once("websocket", (socket) => socket.once("framereceived", () => begun.open()));
    try {
      await open(page, way.origin);
      await page.getByTestId("listen").click();
      await begun.opened;
      way.lead(second.port);
      await first.kill();
      await expect(page.getByTestId("title")).toHaveText(heard.latin);
    } finally {
      way.close();
    }
    expect(connections.length).toBeGreaterThan(1);
    expect(new Set(connections.map(({ url }) => url.search)).size).toBe(1);
    const { frames, said } = connections.at(-1) as Connection;
    expect(frames.map(isKey)).toEqual(frames.map((_, i) => i === 0));
    expect(said.at(-1)).toMatchObject({ event: "match", last: true });
    expect(looks).toEqual([]);
  });
});

test.describe("a proxy that lets no connection through", () => {
  test.use({ tolerated: [/WebSocket connection to .* failed/] });
  test("is told from a service that is away: each look is asked for", async ({ page, origin }) => {
    const way = await wire(Number(new URL(origin).port), { isLive: false });
    const connections = watched(page);
    const looks = recognitions(page);
    try {
      await open(page, way.origin);
      expect(await pressed(page)).toBe("match");
      await expect(page.getByTestId("title")).toHaveText(heard.latin);
      expect(looks.length).toBeGreaterThan(0);
      // The next listening does not try again.
      await page.getByTestId("listen").click();
      await expect(page.getByTestId("answer")).toHaveCount(0);
      await expect(page.getByTestId("title")).toHaveText(heard.latin);
      expect(connections).toHaveLength(1);
    } finally {
      way.close();
    }
  });
});

test("what it may be is shown, and said, while it is listened on", async ({ page }) => {
  const seen = gate();
  await page.routeWebSocket("**/v1/listen*", (socket) => {
    const server = socket.connectToServer();
    let isTold = false;
    server.onMessage(async (message) => {
      const said = JSON.parse(String(message));
      if (said.result) await seen.opened;
      socket.send(message);
      // What the service says of a song that it is not sure of is not to be had from this one.
      if (!isTold) socket.send(JSON.stringify(unsure));
      isTold = true;
    });
    server.onClose(async (code) => {
      await seen.opened;
      await socket.close({ code: code ?? 1000 });
    });
  });
  await open(page);
  await page.getByTestId("listen").click();
  const text = `Perhaps ${heard.latin}; still listening`;
  await expect(page.locator("p[aria-hidden]", { hasText: text })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: text })).toHaveCount(1);
  await expect(page.getByRole("button", { name: "Stop listening" })).toBeVisible();
  seen.open();
  await expect(page.getByTestId("title")).toHaveText(heard.latin);
  await expect(page.getByText("still listening")).toHaveCount(0);
});

const unsure = {
  event: "unsure",
  heard_s: 0.5,
  last: false,
  result: {
    status: "unsure",
    ambiguous: false,
    alternatives: [
      {
        song: { id: 1, recording_id: 1, title: heard.title, artist: heard.artist, language: heard.language },
        offset_s: 14,
        speed: 1,
        pitch_semitones: 0,
        confidence: 0.4,
      },
    ],
  },
};

function watched(page: Page): Connection[] {
  const connections: Connection[] = [];
  page.on("websocket", (socket) => {
    const connection: Connection = { url: new URL(socket.url()), frames: [], said: [] };
    connections.push(connection);
    socket.on("framesent", ({ payload }) => connection.frames.push(Buffer.from(payload)));
    socket.on("framereceived", ({ payload }) => connection.said.push(JSON.parse(String(payload))));
  });
  return connections;
}

function recognitions(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/v1/recognize") asked.push(request.url());
  });
  return asked;
}

/** docs/formats/fingerprint.md, the flags of a frame. */
function isKey(frame: Buffer): boolean {
  return ((frame[6] ?? 0) & 1) === 1;
}
