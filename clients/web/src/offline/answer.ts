import type { Answer, Hit, Recording } from "@sonica/engine";
import type { Entry, Named } from "../keep/history.ts";

/** What a history entry takes of an answer. */
export type Heard = Pick<Entry, "status" | "others"> &
  Partial<Pick<Entry, "song" | "recognitionId" | "feedbackToken">>;

/** The engine's answer, as far as it is needed here. */
export type PackAnswer = Pick<Answer, "status" | "shared" | "hits">;
export type PackRecording = Pick<Recording, "title" | "artist" | "language">;

/** As the service has it: below this a song is no help to whoever asks. */
const WORTH_SHOWING = 0.05;

/** The answer from packs, in the terms in which the service answers. `of`: what the packs say of a recording. */
export function fromPack(
  answer: PackAnswer,
  of: (recordingId: Hit["recordingId"]) => PackRecording | undefined,
): Heard {
  const named = answer.hits.flatMap((hit, place) => {
    const recording = of(hit.recordingId);
    return recording ? [{ song: nameOf(hit, recording), isShared: place < answer.shared }] : [];
  });
  const [best, ...rest] = named;
  if (answer.status === "none" || !best) return { status: "none", others: [] };
  const likely = rest.filter(({ song }) => song.confidence >= WORTH_SHOWING).map(({ song }) => song);
  if (answer.status === "unsure") return { status: "unsure", others: [best.song, ...likely] };
  const shared = rest.filter(({ isShared }) => isShared).map(({ song }) => song);
  return shared.length > 0
    ? { status: "ambiguous", song: best.song, others: shared }
    : { status: "match", song: best.song, others: likely };
}

function nameOf(hit: Hit, { title, artist, language }: PackRecording): Named {
  return {
    songId: String(hit.songId),
    recordingId: String(hit.recordingId),
    title,
    artist,
    language,
    offset_s: hit.offset,
    speed: hit.speed,
    pitch: hit.pitch,
    confidence: Math.min(1, Math.max(0, hit.confidence)),
  };
}

/** The service's answer; undefined where it is none: networks that ask for a login answer anything with a page. */
export function fromService(said: unknown): Heard | undefined {
  if (!isObject(said) || typeof said.id !== "string" || typeof said.feedback_token !== "string")
    return undefined;
  const heard = fromLook(said);
  return heard && { ...heard, recognitionId: said.id, feedbackToken: said.feedback_token };
}

/** The same while it is listened on: of an answer that is not the last there is nothing to be said to the service. */
export function fromLook(said: unknown): Heard | undefined {
  if (!isObject(said)) return undefined;
  const { status } = said;
  if (status !== "match" && status !== "unsure" && status !== "none") return undefined;
  const others = manyOf(said.alternatives ?? []);
  if (!others) return undefined;
  if (status !== "match") return { others, status };
  const song = songOf(said);
  return song && { others, status: said.ambiguous === true ? "ambiguous" : "match", song };
}

function manyOf(candidates: unknown): Named[] | undefined {
  if (!Array.isArray(candidates)) return undefined;
  const named = candidates.map(songOf).filter((one) => one !== undefined);
  return named.length === candidates.length ? named : undefined;
}

function songOf(said: unknown): Named | undefined {
  if (!isObject(said) || !isObject(said.song)) return undefined;
  const { id, recording_id, title, artist, language } = said.song;
  if (!isId(id) || !isId(recording_id) || !isText(title) || !isText(artist) || !isText(language))
    return undefined;
  const { offset_s, speed, pitch_semitones, confidence } = said;
  const numbers = [offset_s, speed, pitch_semitones, confidence];
  if (!numbers.every((number) => typeof number === "number")) return undefined;
  return {
    songId: String(id),
    recordingId: String(recording_id),
    title,
    artist,
    language,
    offset_s: Number(offset_s),
    speed: Number(speed),
    pitch: Number(pitch_semitones),
    confidence: Number(confidence),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
