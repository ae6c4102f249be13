import type { Packs } from "./packs";

const DAY_MS = 24 * 60 * 60_000;

/** What of local storage is needed here. */
export interface Marks {
  read(): number;
  write(at: number): void;
}

/**
 * Whether a pack of this device has been published anew, asked once a day: a question of a few bytes each (ETag).
 * It is not fetched by itself, since it may be all that a listener's day has of data.
 */
export async function hasNewerPack(
  packs: Pick<Packs, "installed" | "checkForUpdate">,
  marks: Marks,
  now: () => number = Date.now,
): Promise<boolean> {
  const asked = marks.read();
  // A clock that was set back asks again.
  if (asked <= now() && now() - asked < DAY_MS) return false;
  const installed = await packs.installed();
  const states = await Promise.all(installed.map(({ name }) => packs.checkForUpdate(name)));
  marks.write(now());
  return states.includes("newer");
}
