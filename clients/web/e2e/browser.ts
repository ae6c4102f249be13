/** A Chromium that hears a file. */

import type { LaunchOptions } from "@playwright/test";
import { chromium, type SoundName, wav } from "./places.ts";

/** `denied`: the listener says no. `none`: there is no microphone. `tab`: what a tab called `PLAYER` plays is shared. */
export type Sound = SoundName | "denied" | "none" | "tab";
export const PLAYER = "A player";

/** One launch for each sound: each new stream of the microphone plays the file from its beginning. */
export function launching(sound: Sound): LaunchOptions {
  const args = ["--no-sandbox", "--disable-gpu"];
  if (sound === "tab") {
    args.push("--autoplay-policy=no-user-gesture-required");
    // As if the listener chose it in the browser's dialogue.
    args.push(`--auto-select-tab-capture-source-by-title=${PLAYER}`);
    // Playwright silences its browsers, and with them what their tabs share.
    return { executablePath: chromium(), args, ignoreDefaultArgs: ["--mute-audio"] };
  }
  if (sound !== "denied") args.push("--use-fake-ui-for-media-stream");
  if (sound !== "none") args.push("--use-fake-device-for-media-stream");
  if (sound !== "none" && sound !== "denied")
    args.push(`--use-file-for-fake-audio-capture=${wav(sound)}%noloop`);
  return { executablePath: chromium(), args };
}
