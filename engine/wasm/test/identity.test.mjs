// The identity suite (engine/identity/checks.mjs) under Node, in every build.

import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { engineChecks, signalChecks } from "../../identity/checks.mjs";
import { BUILDS, load } from "../index.mjs";

globalThis.crypto ??= webcrypto; // Node 18 keeps it elsewhere

const vectors = JSON.parse(readFileSync(new URL("../../identity/vectors.json", import.meta.url), "utf8"));

for (const [name, work] of signalChecks(vectors)) test(name, work);

for (const build of BUILDS) {
  describe(build, async () => {
    const engine = await load(build);
    for (const [name, work] of engineChecks(() => engine, vectors)) test(name, work);
  });
}
