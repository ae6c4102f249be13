import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { recognizeBy } from "../src/offline/service.ts";

const KEY = "5e0f3f1c-5f0c-4f7b-9a53-0a9a0b6f4f6e";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

test("posts a fingerprint with its key", async () => {
  const base = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { "idempotency-key": key, "content-type": type } = request.headers;
    const said = { method: request.method, url: request.url, key, type, body: [...Buffer.concat(chunks)] };
    response.writeHead(429, { "Retry-After": "7" }).end(JSON.stringify(said));
  });
  const response = await recognizeBy(fetch, base)(new Uint8Array([1, 2]), KEY);
  expect([response.status, response.headers.get("Retry-After")]).toEqual([429, "7"]);
  expect(await response.json()).toEqual({
    method: "POST",
    url: "/v1/recognize",
    key: KEY,
    type: "application/vnd.sonica.fingerprint",
    body: [1, 2],
  });
});

test.each<[string, RequestListener]>([
  ["says nothing", () => undefined],
  ["stops in the midst of its answer", (_, response) => void response.writeHead(200).write("{")],
])("a network that %s is given up", async (_, listener) => {
  let isAsked = false;
  const base = await serve((request, response) => {
    isAsked = true;
    listener(request, response);
  });
  const asked = recognizeBy(fetch, base)(new Uint8Array([1]), KEY);
  asked.catch(() => undefined);
  await vi.waitFor(() => expect(isAsked).toBe(true));
  await vi.advanceTimersByTimeAsync(30_000);
  await expect(asked).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
});

test("a network that sends elsewhere for a login is no answer", async () => {
  const base = await serve((_, response) => void response.writeHead(302, { Location: "/login" }).end());
  await expect(recognizeBy(fetch, base)(new Uint8Array([1]), KEY)).rejects.toThrow(TypeError);
});
