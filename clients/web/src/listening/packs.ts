/** The packs of this device, opened in the engine when they are first asked for. */

import type { Pack } from "@sonica/engine";
import type { PackRecording } from "@/offline/answer";
import { myPacks } from "@/offline/mine";
import { engine } from "./engine";

export interface Opened {
  pack: Pack;
  /** By the recording's id. */
  songs: Map<string, PackRecording>;
}

interface Known extends Opened {
  /** Tells one content of a pack from the next. */
  version: string;
}

const open = new Map<string, Known>();

/** Those that are installed now; one that is damaged is passed over, so that the others still answer. */
export async function onDevice(): Promise<Opened[]> {
  const installed = await myPacks().installed();
  for (const [name, { pack, version }] of open) {
    if (installed.some((one) => one.name === name && one.sha256 === version)) continue;
    pack.free();
    open.delete(name);
  }
  for (const { name, sha256 } of installed) {
    if (!open.has(name)) await openOne(name, sha256).catch(() => undefined);
  }
  return [...open.values()];
}

async function openOne(name: string, version: string): Promise<void> {
  const pack = await (await engine()).openPack(await myPacks().bytes(name));
  const songs = new Map((await pack.recordings()).map((one) => [String(one.recordingId), one]));
  open.set(name, { pack, songs, version });
}
