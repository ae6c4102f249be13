/** A Chromium that hears a file. */

import type { LaunchOptions } from "@playwright/test";
import { chromium, type SoundName, wav } from "./places.ts";

/** `denied`: the listener says no. `none`: there is no microphone. */
export type Sound = SoundName | "denied" | "none";

/** One launch for each sound: each new stream of the microphone plays the file from its beginning. */
export function launching(sound: Sound): LaunchOptions {
  const args = ["--no-sandbox", "--disable-gpu"];
  if (sound !== "denied") args.push("--use-fake-ui-for-media-stream");
  if (sound !== "none") args.push("--use-fake-device-for-media-stream");
  if (sound !== "none" && sound !== "denied")
    args.push(`--use-file-for-fake-audio-capture=${wav(sound)}%noloop`);
  return { executablePath: chromium(), args };
}
