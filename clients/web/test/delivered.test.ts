import { expect, test, vi } from "vitest";
import type { Entry } from "../src/keep/history.ts";
import { watchDelivered } from "../src/offline/delivered.ts";

function entry(id: string, status: Entry["status"]): Entry {
  return { id, status, heardAt: 1, source: "microphone", how: "queue", others: [] };
}

function kept(entries: Entry[]) {
  let changed: () => void = () => undefined;
  return {
    change(next: Entry[]) {
      entries = next;
      changed();
    },
    list: async () => entries,
    subscribe(listener: () => void) {
      changed = listener;
      return () => {
        changed = () => undefined;
      };
    },
  };
}

test("what waited and was answered is told of once, and what was removed is not", async () => {
  const history = kept([entry("a", "waiting"), entry("b", "waiting"), entry("c", "none")]);
  const told: number[] = [];
  const end = watchDelivered(history, (count) => told.push(count));
  await vi.waitFor(() => expect(told).toEqual([]));
  history.change([entry("a", "match"), entry("c", "none")]);
  history.change([entry("a", "match"), entry("c", "none")]);
  await vi.waitFor(() => expect(told).toEqual([1]));
  history.change([entry("d", "waiting")]);
  end();
  history.change([entry("d", "none")]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(told).toEqual([1]);
});

test("a history that cannot be read is read again at the next change", async () => {
  const history = kept([entry("a", "waiting")]);
  const told: number[] = [];
  watchDelivered(history, (count) => told.push(count));
  await new Promise((resolve) => setTimeout(resolve, 5));
  const list = history.list;
  history.list = () => Promise.reject(new Error("closed"));
  history.change([entry("a", "match")]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  history.list = list;
  history.change([entry("a", "match")]);
  await vi.waitFor(() => expect(told).toEqual([1]));
});
