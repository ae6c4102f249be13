import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { startCourier } from "../src/offline/courier.ts";
import type { Delivered } from "../src/offline/queue.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = "visible";
}

const result = (left: number, nextAt?: number): Delivered => ({
  answered: 0,
  refused: 0,
  left,
  ...(nextAt === undefined ? {} : { nextAt }),
});

async function start(first: Delivered) {
  const [network, page] = [new EventTarget(), new Page()];
  const listeners = new Set<() => void>();
  const deliver = vi.fn(async () => first);
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const stop = startCourier({ deliver, subscribe, network, page: page as unknown as Document });
  onTestFinished(stop);
  await vi.advanceTimersByTimeAsync(0);
  const told = async () => {
    for (const listener of listeners) listener();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { network, page, deliver, stop, told, times: () => deliver.mock.calls.length };
}

test("delivers at once, and rests where nothing is left", async () => {
  const { times } = await start(result(0));
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(times()).toBe(1);
});

test("comes again when the service said", async () => {
  const { times } = await start(result(1, Date.now() + 120_000));
  await vi.advanceTimersByTimeAsync(119_000);
  expect(times()).toBe(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(times()).toBe(2);
});

test("looks again without a word from the browser, but not where nobody looks at the page", async () => {
  const { times, page } = await start(result(1));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(times()).toBe(2);
  page.visibilityState = "hidden";
  await vi.advanceTimersByTimeAsync(600_000);
  expect(times()).toBe(2);
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  expect(times()).toBe(3);
});

test("goes when the connection is back, and when something is put in", async () => {
  const { times, network, told } = await start(result(0));
  network.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  await told();
  expect(times()).toBe(3);
});

test("what is put in while others wait does not make it try without end", async () => {
  const { times, told } = await start(result(2));
  await told();
  expect(times()).toBe(1);
});

test("one delivery at a time, and a failure is not the end", async () => {
  const { times, network, deliver } = await start(result(0));
  let fail: (error: Error) => void = () => undefined;
  deliver.mockImplementationOnce(() => new Promise((_, reject) => (fail = reject)));
  network.dispatchEvent(new Event("online"));
  network.dispatchEvent(new Event("online"));
  expect(times()).toBe(2);
  fail(new Error("the database is closed"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(times()).toBe(3);
});

test("ends when it is told to", async () => {
  const { times, network, stop, told } = await start(result(1));
  stop();
  network.dispatchEvent(new Event("online"));
  await told();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(times()).toBe(1);
});
