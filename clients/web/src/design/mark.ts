/** How long, when and where, as a listener reads it. */

/** `3:07` of seconds; `1:02:03` from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Speeds that differ from 1 by less are told to nobody: turntables and encoders do that. */
export const NOTICED_SPEED = 0.015;
/** Semitones that nobody hears. */
export const NOTICED_PITCH = 0.3;

/** What was done to a song before it was heard, as far as a listener would notice. */
export function change(speed: number, pitch: number): { speed?: number; pitch?: number } {
  const told: { speed?: number; pitch?: number } = {};
  if (Math.abs(speed - 1) >= NOTICED_SPEED) told.speed = speed;
  // A song that is played faster as a whole is higher by just so much: that goes without saying.
  const expected = 12 * Math.log2(speed);
  const goesWithout = told.speed !== undefined && Math.abs(pitch - expected) < NOTICED_PITCH;
  if (Math.abs(pitch) >= NOTICED_PITCH && !goesWithout) told.pitch = pitch;
  return told;
}
