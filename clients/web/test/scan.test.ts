import type { ScanSong } from "@sonica/sdk";
import { expect, test } from "vitest";
import { asCsv, asCue, asFile, asJson, longClock } from "../src/scan/formats.ts";
import { covered, lanes, rows } from "../src/scan/lanes.ts";

function song(title: string, start: number, end: number, artist = "Sonica"): ScanSong {
  return {
    event: "song",
    song: { id: 7, recording_id: 9, title, artist, language: "hi", path: "" },
    start_s: start,
    end_s: end,
    offset_s: 3,
    speed: 1.08,
    pitch_semitones: -0.5,
    confidence: 1,
  };
}

test("a table is that of the command line", () => {
  expect(asCsv([song('a "quoted", title', 0.5, 3723.4)])).toBe(
    "title,artist,language,start_s,end_s,start,end,offset_s,speed,pitch_semitones,confidence,song_id,recording_id,path\r\n" +
      '"a ""quoted"", title",Sonica,hi,0.5,3723.4,0:00:00,1:02:03,3.0,1.08,-0.5,1.0,7,9,\r\n',
  );
});

test("a cue sheet has no quotation marks, line ends or control characters of a title", () => {
  const sheet = asCue([song('two\n"lines"\u001b', 0, 61.5), song("next", 0, 70, "")], "dj set.mp3");
  expect(sheet.split("\n")).toEqual([
    'REM COMMENT "Songs found by Sonica"',
    'FILE "dj set.mp3" MP3',
    "  TRACK 01 AUDIO",
    '    TITLE "two ”lines”\ufffd"',
    '    PERFORMER "Sonica"',
    "    INDEX 01 00:00:00",
    "    REM END 01:01:37",
    "  TRACK 02 AUDIO",
    '    TITLE "next"',
    "    INDEX 01 00:00:01",
    "    REM END 01:10:00",
    "",
  ]);
});

test("a cue sheet has 99 tracks, and the others as remarks", () => {
  const songs = Array.from({ length: 101 }, (_, index) => song(`${index}`, 20 * index, 20 * index + 15));
  const lines = asCue(songs, "").split("\n");
  expect(lines[1]).toBe('FILE "-" WAVE');
  expect(lines.filter((line) => line.includes("TRACK"))).toHaveLength(99);
  expect(lines.filter((line) => line.startsWith("REM MORE"))).toHaveLength(2);
});

test("lines for programs are what the service said, and named after the file", async () => {
  const one = song("मन", 1, 40);
  const { event: _, ...said } = one;
  expect(JSON.parse(asJson([one]))).toEqual(said);
  const file = asFile("json", [one], "wedding.part 1.mp4");
  expect(file.name).toBe("wedding.part 1.jsonl");
  expect(await file.text()).toBe(asJson([one]));
});

test("clocks round as Python does", () => {
  expect([0.5, 1.5, 2.5, -3, 59.6].map(longClock)).toEqual([
    "0:00:00",
    "0:00:02",
    "0:00:02",
    "0:00:00",
    "0:01:00",
  ]);
});

test("songs of one time have lanes of their own, and no more than there are", () => {
  const spans = [
    { start_s: 0, end_s: 30 },
    { start_s: 25, end_s: 60 },
    { start_s: 30, end_s: 40 },
    { start_s: 60, end_s: 90 },
  ];
  expect(lanes(spans)).toEqual([0, 1, 0, 0]);
  expect(covered(spans)).toBe(90);
});

test("a song over the end of a row goes on in the next", () => {
  const drawn = rows([{ start_s: 1700, end_s: 1900 }], 3600);
  expect(drawn.map(({ bars }) => bars.length)).toEqual([1, 1]);
  const length = drawn.flatMap(({ bars }) => bars).reduce((sum, { width }) => sum + width, 0);
  expect(length * 1800).toBeCloseTo(200);
  expect(rows([], 0)).toHaveLength(1);
});
