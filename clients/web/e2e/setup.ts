/** Before all tests: the sounds, a service that knows the songs, and a pack of those in one language. */

import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { BIN, SOUNDS } from "./places.ts";
import { serve, sonica } from "./service.ts";

export const PACK = "hindi";

export default async function setup(): Promise<() => Promise<void>> {
  await promisify(execFile)(`${BIN}/python`, [path.join(import.meta.dirname, "sounds.py"), SOUNDS]);
  const folder = await mkdtemp(path.join(tmpdir(), "sonica-e2e-"));
  await chmod(folder, 0o711); // the user that PostgreSQL runs as passes through
  const home = path.join(folder, "home");
  const service = await serve(home);
  const clear = async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await sonica(home, "add", path.join(SOUNDS, "songs"));
    await publish(home, service.origin);
  } catch (error) {
    await clear();
    throw error;
  }
  // The only way from here to the processes that run the tests.
  process.env.SONICA_E2E_HOME = home;
  process.env.SONICA_E2E_ORIGIN = service.origin;
  return clear;
}

/** Has the pack be made, and waits until it is there. */
async function publish(home: string, origin: string): Promise<void> {
  const { key } = JSON.parse(await sonica(home, "admin", "key", "tests", "--json", "--may", "packs"));
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  const url = `${origin}/v1/packs/${PACK}`;
  await fetch(url, { method: "PUT", headers, body: JSON.stringify({ profile: "lite", language: "hi" }) });
  for (let tries = 0; tries < 300; tries++) {
    const { state, error } = await (await fetch(`${url}/making`, { headers })).json();
    if (state === "ready") return;
    if (state !== "waiting") throw new Error(`the pack was not made: ${error}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the pack is not ready");
}
