import { Problem } from "./problem";
import { pause } from "./signals";

const POLL_MS = 40;
/** Without a sample for so long, the microphone gives none: the browser holds it back, or another program has it. */
const STALLED_MS = 5_000;

/** Waits until so many seconds were heard. Throws Problem (`busy`) where nothing more comes. */
export async function reached(
  sound: { readonly seconds: number },
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  let before = sound.seconds;
  let since = performance.now();
  while (sound.seconds < seconds) {
    await pause(POLL_MS, signal);
    if (sound.seconds > before) {
      before = sound.seconds;
      since = performance.now();
    } else if (performance.now() - since > STALLED_MS) throw new Problem("busy");
  }
}
