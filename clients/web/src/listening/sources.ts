/** Where sound comes from: the microphone, another tab, or a file. Nothing here leaves the page. */

import { missing } from "@sonica/engine";
import { LARGEST_BYTES, Problem } from "./problem";

/** What browsers do for calls spoils music: a fingerprint needs the sound as it is. */
const AS_IT_IS: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/** The microphone. Throws Problem, and AbortError where nobody answered the browser's question. */
export async function microphone(): Promise<MediaStream> {
  refuse();
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS, video: false });
  } catch (error) {
    throw captured(error, "denied");
  }
}

/** The sound of a tab that the listener chooses. Throws as `microphone` does. */
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

export interface Sound {
  samples: Float32Array<ArrayBuffer>;
  rate: number;
}

/** All that is to be heard in a file, music or video, as one channel. Throws Problem. */
export async function decode(file: Blob): Promise<Sound> {
  if (file.size > LARGEST_BYTES) throw new Problem("tooLarge");
  // Never starts, so it needs no loudspeaker; the rate is what files mostly have.
  const context = new OfflineAudioContext(1, 1, 44_100);
  let decoded: AudioBuffer;
  try {
    decoded = await context.decodeAudioData(await file.arrayBuffer());
  } catch (error) {
    throw new Problem("file", 0, { cause: error });
  }
  return { samples: averaged(decoded), rate: decoded.sampleRate };
}

function averaged(sound: AudioBuffer): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel++) {
    const some = sound.getChannelData(channel);
    for (let i = 0; i < samples.length; i++)
      samples[i] = (samples[i] ?? 0) + (some[i] ?? 0) / sound.numberOfChannels;
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
