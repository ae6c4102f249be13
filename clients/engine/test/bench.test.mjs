// The bench of packs measures what it says.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { packOf, printOf } from "./packs.mjs";

const script = fileURLToPath(new URL("../bench-pack.mjs", import.meta.url));
const run = (...given) => promisify(execFile)(process.execPath, [script, ...given]);

test("a pack is opened and asked in Chromium, and told of", { timeout: 90_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "sonica-"));
  try {
    const [pack, queries] = [join(folder, "pack"), join(folder, "queries.json")];
    const print = async (seed) => Buffer.from(await printOf(seed)).toString("base64");
    await writeFile(pack, Uint8Array.from(await packOf()));
    await writeFile(
      queries,
      JSON.stringify({ known: [await print(1), await print(2)], unknown: [await print(9)] }),
    );
    const told = JSON.parse((await run(pack, queries)).stdout);
    assert.equal(told.songs, 2);
    assert.equal(told.build, "simd128");
    assert.ok(told.ms > 0 && told.memory > 0);
    assert.deepEqual(
      told.answers.known.map(({ status }) => status),
      ["match", "match"],
    );
    assert.equal(told.answers.known[1].song, 2);
    assert.notEqual(told.answers.unknown[0].status, "match");
    await writeFile(pack, "nonsense");
    await assert.rejects(run(pack, queries), /not a|format|pack/);
  } finally {
    await rm(folder, { recursive: true });
  }
  await assert.rejects(run(), { code: 2, stderr: /usage/ });
});
