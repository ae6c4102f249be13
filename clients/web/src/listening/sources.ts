/** Where sound comes from: the microphone, another tab, or a file. Nothing here leaves the page. */

import { missing } from "@sonica/engine";
import { LARGEST_BYTES, longestMinutes, Problem } from "./problem";

/** Longest wait for a player to say how long a file is. */
const PATIENCE_MS = 4_000;

/** What browsers do for calls spoils music: a fingerprint needs the sound as it is. */
const AS_IT_IS: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/** The microphone. Throws Problem. */
export async function microphone(): Promise<MediaStream> {
  refuse();
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS, video: false });
  } catch (error) {
    // That no sound came in time is told as if somebody had given up.
    const isLate = error instanceof DOMException && error.name === "AbortError";
    throw isLate ? new Problem("busy", 0, { cause: error }) : captured(error, "denied");
  }
}

/** The sound of a tab that the listener chooses. Throws Problem, and AbortError where they chose none. */
export async function tab(): Promise<MediaStream> {
  refuse();
  let stream: MediaStream;
  try {
    // A picture has to be asked for, too; it is dropped at once.
    stream = await navigator.mediaDevices.getDisplayMedia({ audio: AS_IT_IS, video: true });
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotAllowedError") {
      throw new DOMException("the listener chose nothing", "AbortError");
    }
    throw captured(error, "noSound");
  }
  for (const track of stream.getVideoTracks()) {
    track.stop();
    stream.removeTrack(track);
  }
  if (stream.getAudioTracks().length === 0) throw new Problem("noSound");
  return stream;
}

/** A sound that was decoded. */
export interface Sound {
  seconds: number;
  rate: number;
  /** Its seconds from `from` on, as one channel; fewer at its end. */
  excerpt(from: number, seconds: number): Float32Array<ArrayBuffer>;
}

/** How much of a file is decoded, and at which rate it is kept; as files mostly have it where nothing is said. */
export interface Decoding {
  bytes?: number;
  minutes?: number;
  rate?: number;
}

/** All that is to be heard in a file, music or video. Throws Problem. */
export async function decode(
  file: Blob,
  { bytes = LARGEST_BYTES, minutes: most = longestMinutes(), rate: wanted = 44_100 }: Decoding = {},
): Promise<Sound> {
  if (file.size > bytes || (await minutes(file)) > most) throw new Problem("tooLarge");
  // Never starts, so it needs no loudspeaker.
  const context = new OfflineAudioContext(1, 1, wanted);
  let decoded: AudioBuffer;
  try {
    decoded = await context.decodeAudioData(await file.arrayBuffer());
  } catch (error) {
    throw new Problem("file", 0, { cause: error });
  }
  const { sampleRate: rate } = decoded;
  return {
    seconds: decoded.duration,
    rate,
    excerpt: (from, seconds) => averaged(decoded, Math.floor(from * rate), Math.floor(seconds * rate)),
  };
}

/** How long a file is; 0 where the browser's player cannot tell. */
async function minutes(file: Blob): Promise<number> {
  const url = URL.createObjectURL(file);
  const player = document.createElement("video");
  try {
    player.preload = "metadata";
    const seconds = new Promise<number>((resolve) => {
      player.onloadedmetadata = () => resolve(player.duration);
      player.onerror = () => resolve(0);
      setTimeout(() => resolve(0), PATIENCE_MS);
    });
    player.src = url;
    const long = await seconds;
    return Number.isFinite(long) ? long / 60 : 0; // some films do not say
  } finally {
    player.removeAttribute("src");
    URL.revokeObjectURL(url);
  }
}

function averaged(sound: AudioBuffer, from: number, count: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.max(0, Math.min(count, sound.length - from)));
  for (let channel = 0; channel < sound.numberOfChannels; channel++) {
    const some = sound.getChannelData(channel).subarray(from, from + samples.length);
    for (let i = 0; i < samples.length; i++) {
      samples[i] = (samples[i] ?? 0) + (some[i] ?? 0) / sound.numberOfChannels;
    }
  }
  return samples;
}

/** Throws Problem where this page can never hear anything. */
function refuse(): void {
  const lacks = missing();
  if (lacks === "insecure" || lacks === "microphone") throw new Problem(lacks);
  if (lacks !== "none") throw new Problem("webassembly");
}

function captured(error: unknown, refused: "denied" | "noSound"): unknown {
  if (!(error instanceof DOMException)) return error;
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return new Problem(refused, 0, { cause: error });
    case "NotFoundError":
    case "OverconstrainedError":
      return new Problem("microphone", 0, { cause: error });
    case "NotReadableError":
      return new Problem("busy", 0, { cause: error });
    default:
      return error;
  }
}
