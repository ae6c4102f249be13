/** Before `next build`: puts the engine's files where the app serves them from. */
import { cp, rm } from "node:fs/promises";
import path from "node:path";

const MADE = path.join(import.meta.dirname, "..", "..", "engine", "dist");
const PLACE = path.join(import.meta.dirname, "..", "public", "engine");

await rm(PLACE, { recursive: true, force: true });
try {
  await cp(MADE, PLACE, { recursive: true });
} catch (error) {
  if (error.code !== "ENOENT") throw error;
  process.stderr.write("The engine's package has not been built: run `make web`, which builds it first.\n");
  process.exit(1);
}
