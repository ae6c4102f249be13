/** The packs of this device, opened in the engine when they are first asked for. */

import type { Pack } from "@sonica/engine";
import type { PackRecording } from "@/offline/answer";
import { myPacks } from "@/offline/mine";
import { engine, onEngineLost } from "./engine";

export interface Opened {
  pack: Pack;
  /** By the recording's id. */
  songs: Map<string, PackRecording>;
}

/** By name and content; null is one that is damaged, which is not tried at each look. */
const open = new Map<string, Promise<Opened | null>>();
onEngineLost(() => open.clear());

/** Those that are installed now; one that is damaged is passed over, so that the others still answer. */
export async function onDevice(): Promise<Opened[]> {
  const installed = await myPacks().installed();
  const wanted = new Map(installed.map(({ name, sha256 }) => [`${name} ${sha256}`, name]));
  for (const [key, opened] of open) {
    if (wanted.has(key)) continue;
    open.delete(key);
    void opened.then((one) => one?.pack.free());
  }
  for (const [key, name] of wanted) {
    if (!open.has(key))
      open.set(
        key,
        openOne(name).catch(() => null),
      );
  }
  const opened = await Promise.all(open.values());
  return opened.filter((one) => one !== null);
}

async function openOne(name: string): Promise<Opened> {
  const pack = await (await engine()).openPack(await myPacks().bytes(name));
  const songs = new Map((await pack.recordings()).map((one) => [String(one.recordingId), one]));
  return { pack, songs };
}
