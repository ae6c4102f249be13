/** A time line as other programs read it, just as `sonica scan --format` writes it: a test compares the two. */

import type { ScanSong } from "@sonica/sdk";

export const FORMATS = ["csv", "cue", "json"] as const;
export type Format = (typeof FORMATS)[number];

const COLUMNS =
  "title,artist,language,start_s,end_s,start,end,offset_s,speed,pitch_semitones,confidence,song_id,recording_id,path";
/** Of a second, in a cue sheet. */
const FRAMES = 75;
const MOST_TRACKS = 99;
/** What a cue sheet calls a file; any other is a wave. */
const CUE_TYPES: Record<string, string> = { mp3: "MP3", aif: "AIFF", aiff: "AIFF" };

const WRITERS: Record<Format, (songs: readonly ScanSong[], file: string) => string> = {
  csv: asCsv,
  cue: asCue,
  json: asJson,
};
const TYPES: Record<Format, string> = {
  csv: "text/csv;charset=utf-8",
  cue: "application/x-cue;charset=utf-8",
  json: "application/x-ndjson",
};

/** The text as a file, named after the recording. */
export function asFile(format: Format, songs: readonly ScanSong[], file: string): File {
  const name = `${file.replace(/\.[^.]*$/, "") || "songs"}.${format === "json" ? "jsonl" : format}`;
  return new File([WRITERS[format](songs, file)], name, { type: TYPES[format] });
}

export function asJson(songs: readonly ScanSong[]): string {
  return songs.map(({ event: _, ...song }) => `${JSON.stringify(song)}\n`).join("");
}

export function asCsv(songs: readonly ScanSong[]): string {
  const rows = songs.map(({ song, ...one }) =>
    [
      ...[song.title, song.artist, song.language].map(cell),
      ...[decimal(one.start_s), decimal(one.end_s), longClock(one.start_s), longClock(one.end_s)],
      ...[one.offset_s, one.speed, one.pitch_semitones, one.confidence].map(decimal),
      ...[song.id, song.recording_id, cell(song.path)],
    ].join(","),
  );
  return [COLUMNS, ...rows, ""].join("\r\n");
}

export function asCue(songs: readonly ScanSong[], file: string): string {
  const kind = CUE_TYPES[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ""] ?? "WAVE";
  const lines = ['REM COMMENT "Songs found by Sonica"', `FILE ${quoted(file || "-")} ${kind}`];
  let before = -1;
  for (const [index, { song, start_s, end_s }] of songs.entries()) {
    if (index >= MOST_TRACKS) {
      const both = song.artist ? `${song.title}, ${song.artist}` : song.title;
      lines.push(`REM MORE ${quoted(both)} ${place(frames(start_s))}`);
      continue;
    }
    before = Math.max(before + 1, frames(start_s));
    lines.push(`  TRACK ${two(index + 1)} AUDIO`, `    TITLE ${quoted(song.title)}`);
    if (song.artist) lines.push(`    PERFORMER ${quoted(song.artist)}`);
    lines.push(`    INDEX 01 ${place(before)}`, `    REM END ${place(frames(end_s))}`);
  }
  return [...lines, ""].join("\n");
}

/** `3723.4` as `1:02:03`. */
export function longClock(seconds: number): string {
  const whole = Math.max(0, round(seconds));
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** As Python has it: a number that may have a fraction says so. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function frames(seconds: number): number {
  return Math.max(0, round(seconds * FRAMES));
}

function place(count: number): string {
  return `${two(Math.floor(count / FRAMES / 60))}:${two(Math.floor(count / FRAMES) % 60)}:${two(count % FRAMES)}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** To the nearest, and of two that are as near to the even one, as Python does. */
function round(value: number): number {
  const floor = Math.floor(value);
  const isUp = value - floor === 0.5 ? floor % 2 === 1 : value - floor > 0.5;
  return isUp ? floor + 1 : floor;
}

/** On one line, between quotation marks, with none inside: a sheet has no way to write them. */
function quoted(text: string): string {
  const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  if (lines.at(-1) === "") lines.pop();
  return `"${lines
    .join(" ")
    .replace(/\p{Cc}/gu, "\ufffd")
    .replaceAll('"', "\u201d")}"`;
}
