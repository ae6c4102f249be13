import type { Hit } from "@sonica/engine";
import { expect, test } from "vitest";
import { fromPack, fromService, type PackAnswer } from "../src/offline/answer.ts";
import { recognized } from "./helpers.ts";

const hit = (id: number, confidence: number): Hit => ({
  recordingId: BigInt(id),
  songId: 10 + id,
  offset: 3,
  speed: 1.02,
  pitch: -0.5,
  score: 9,
  confidence,
  features: [],
});
const of = (id: Hit["recordingId"]) =>
  Number(id) < 90 ? { title: `Song ${id}`, artist: "Someone", language: "bho" } : undefined;
const ids = (named: { recordingId: string }[]) => named.map(({ recordingId }) => recordingId);

function heard(status: PackAnswer["status"], shared: number, ...hits: Hit[]) {
  return fromPack({ status, shared, hits }, of);
}

test("names the best hit, and keeps others only where they are worth showing", () => {
  const { status, song, others } = heard("match", 1, hit(1, 1.00001), hit(2, 0.06), hit(3, 0.04));
  expect(status).toBe("match");
  expect(song).toEqual({
    songId: "11",
    recordingId: "1",
    title: "Song 1",
    artist: "Someone",
    language: "bho",
    offset_s: 3,
    speed: 1.02,
    pitch: -0.5,
    confidence: 1,
  });
  expect(ids(others)).toEqual(["2"]);
});

test("songs that share what was heard are all named, however unlikely they look", () => {
  const { status, song, others } = heard("match", 2, hit(1, 0.99), hit(2, 0.01), hit(3, 0.5));
  expect([status, song?.recordingId, ids(others)]).toEqual(["ambiguous", "1", ["2"]]);
});

test("an unsure answer names no song", () => {
  const { status, song, others } = heard("unsure", 0, hit(1, 0.03), hit(2, 0.06), hit(3, 0.01));
  expect([status, song, ids(others)]).toEqual(["unsure", undefined, ["1", "2"]]);
});

test("recordings that the packs say nothing of are passed over", () => {
  expect(heard("match", 2, hit(91, 0.99), hit(2, 0.98))).toMatchObject({
    status: "match",
    song: { songId: "12" },
  });
  expect(heard("match", 1, hit(91, 0.99))).toEqual({ status: "none", others: [] });
  expect(heard("none", 0, hit(1, 0.2))).toEqual({ status: "none", others: [] });
});

test("takes what an entry needs of the service's answer", () => {
  expect(fromService(recognized("r"))).toEqual({
    status: "match",
    recognitionId: "r",
    feedbackToken: "token-r",
    others: [],
    song: {
      songId: "6",
      recordingId: "7",
      title: "शाम की चिट्ठी",
      artist: "Sonica",
      language: "hi",
      offset_s: 18.02,
      speed: 1.1,
      pitch: 1.65,
      confidence: 0.9994,
    },
  });
  expect(fromService(recognized("r", { ambiguous: true }))?.status).toBe("ambiguous");
});

test("takes answers without a song", () => {
  const { song, offset_s, speed, pitch_semitones, ...rest } = recognized("r");
  const candidate = { song, offset_s, speed, pitch_semitones, confidence: 0.4 };
  expect(fromService({ ...rest, status: "unsure", alternatives: [candidate] })).toMatchObject({
    status: "unsure",
    others: [{ songId: "6", confidence: 0.4 }],
  });
  const none = fromService({ ...rest, status: "none", song: null, alternatives: undefined });
  expect(none).toEqual({ status: "none", recognitionId: "r", feedbackToken: "token-r", others: [] });
});

test.each([
  null,
  "<html>",
  [],
  {},
  recognized("r", { id: 7 }),
  recognized("r", { status: "perhaps" }),
  recognized("r", { song: null }),
  recognized("r", { offset_s: null }),
  recognized("r", { alternatives: [{}] }),
  recognized("r", { alternatives: {} }),
])("is not taken in by what is no answer: %j", (said) => {
  expect(fromService(said)).toBeUndefined();
});
