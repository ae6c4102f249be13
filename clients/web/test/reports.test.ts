import { expect, test } from "vitest";
import type { Report } from "../src/keep/database.ts";
import { createReports, type Tell } from "../src/offline/reports.ts";
import { tellBy } from "../src/offline/service.ts";
import { entryOf, openTab, problem } from "./helpers.ts";

function report(entryId: string): Report {
  return { entryId, recognitionId: `of ${entryId}`, token: "secret" };
}

/** `tell` says what becomes of each. */
async function opened(tell: Tell, ...ids: string[]) {
  const tab = openTab();
  const reports = createReports({ ...tab, tell });
  for (const id of ids) {
    await tab.history.add(entryOf({ id, status: "match" }));
    await reports.add(report(id));
  }
  return { ...tab, reports };
}

const HEARD = () => new Response(null, { status: 204 });

test("what was said of an answer waits until the service has heard it", async () => {
  const told: string[] = [];
  let isThere = false;
  const tell: Tell = async ({ entryId }) => {
    if (!isThere) throw new TypeError("no network");
    told.push(entryId);
    return HEARD();
  };
  const { reports, history } = await opened(tell, "a", "b");
  await reports.add(report("a")); // said twice, told once
  expect((await history.get("a"))?.wrong).toBe(true);
  expect(await reports.send(report("a"))).toBe("later");
  expect(await reports.deliver()).toBe(2);
  isThere = true;
  expect([await reports.deliver(), told]).toEqual([0, ["a", "b"]]);
});

test.each([
  ["the service is busy", () => problem(503, "busy"), "later"],
  ["it was asked too often", () => problem(429, "quota"), "later"],
  ["a network wants a login", () => new Response("<html>", { status: 403 }), "later"],
  ["the service knows of no such answer", () => problem(404, "not-found"), "refused"],
  ["it is heard", HEARD, "heard"],
] as const)("%s", async (_, response, told) => {
  const { reports } = await opened(async () => response(), "a");
  expect(await reports.send(report("a"))).toBe(told);
  expect(await reports.deliver()).toBe(told === "later" ? 1 : 0);
});

test("one that the service fails over does not hold up the others", async () => {
  const { reports } = await opened(
    async ({ entryId }) => (entryId === "a" ? problem(500, "internal") : HEARD()),
    "a",
    "b",
  );
  expect(await reports.deliver()).toBe(1);
});

test("what was removed from the history is not told any more, nor said of", async () => {
  const told: string[] = [];
  const tell: Tell = async ({ entryId }) => {
    told.push(entryId);
    throw new TypeError("no network");
  };
  const { reports, history } = await opened(tell, "a", "b", "c");
  await history.remove("b");
  await reports.add(report("b"));
  expect(await reports.deliver()).toBe(2);
  expect(told).toEqual(["a", "c"]);
  await history.clear();
  expect(await reports.deliver()).toBe(0);
});

test("says of which answer, and that it was wrong", async () => {
  const sent: [unknown, RequestInit | undefined][] = [];
  const tell = tellBy(async (url, request) => {
    sent.push([url, request]);
    return HEARD();
  }, "https://sonica.example");
  expect((await tell({ entryId: "a", recognitionId: "x/y", token: "secret" })).status).toBe(204);
  const [[url, request] = []] = sent;
  expect(url).toBe("https://sonica.example/v1/recognitions/x%2Fy/feedback");
  expect(JSON.parse(String(request?.body))).toEqual({ token: "secret", is_right: false });
});
