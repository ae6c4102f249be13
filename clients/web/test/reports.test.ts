import { expect, test } from "vitest";
import type { Report } from "../src/keep/database.ts";
import { createReports } from "../src/offline/reports.ts";
import { tellBy } from "../src/offline/service.ts";
import { entryOf, openTab, problem } from "./helpers.ts";

function report(entryId: string): Report {
  return { entryId, recognitionId: `of ${entryId}`, token: "secret" };
}

function opened() {
  const tab = openTab();
  return { ...tab, reports: createReports(tab) };
}

const HEARD = () => new Response(null, { status: 204 });

test("what was said of an answer waits until the service has heard it", async () => {
  const { reports } = opened();
  await reports.add(report("a"));
  await reports.add(report("a")); // said twice, told once
  await reports.add(report("b"));
  const told: string[] = [];
  const deaf = await reports.deliver(async () => {
    throw new TypeError("no network");
  });
  expect(deaf).toBe(2);
  const left = await reports.deliver(async ({ entryId }) => {
    told.push(entryId);
    return HEARD();
  });
  expect([left, told]).toEqual([0, ["a", "b"]]);
});

test.each([
  ["the service is busy", problem(503, "busy"), 1],
  ["it was asked too often", problem(429, "quota"), 1],
  ["a network wants a login", new Response("<html>", { status: 403 }), 1],
  ["the service knows of no such answer", problem(404, "not-found"), 0],
])("%s", async (_, response, left) => {
  const { reports } = opened();
  await reports.add(report("a"));
  expect(await reports.deliver(async () => response)).toBe(left);
});

test("what was removed from the history is not told any more", async () => {
  const { reports, history } = opened();
  for (const id of ["a", "b", "c"]) {
    await history.add(entryOf({ id }));
    await reports.add(report(id));
  }
  await history.remove("b");
  const told: string[] = [];
  await reports.deliver(async ({ entryId }) => {
    told.push(entryId);
    throw new TypeError("no network");
  });
  await history.clear();
  expect(told).toEqual(["a"]);
  expect(await reports.deliver(async () => HEARD())).toBe(0);
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
