// The identity suite (engine/identity/checks.mjs) where the engine runs in the field: Chromium and workerd.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import workerd from "workerd";

import { withPage } from "./browser.mjs";

const BUILDS = ["simd128", "plain"];
const CHECKS = 6;

/** Runs in the page: all checks of a build, and what went wrong in each. */
async function inPage(build) {
  const { createEngine } = await import("/source/engine/wasm/engine.mjs");
  const { engineChecks, signalChecks } = await import("/source/engine/identity/checks.mjs");
  const vectors = await (await fetch("/source/engine/identity/vectors.json")).json();
  const wasm = await WebAssembly.instantiateStreaming(fetch(`/engine/sonica-${build}.wasm`));
  const engine = createEngine(wasm.instance.exports);
  const results = [];
  for (const [name, work] of [...signalChecks(vectors), ...engineChecks(() => engine, vectors)]) {
    results.push([name, await work().then(() => "right", String)]);
  }
  return results;
}

describe("Chromium", () => {
  for (const build of BUILDS) {
    test(`the bytes are the same: ${build}`, { timeout: 120_000 }, async () => {
      const results = await withPage((page) => page.evaluate(inPage, build));
      assert.equal(results.length, CHECKS + 1);
      for (const [name, result] of results) assert.equal(result, "right", name);
    });
  }
});

/** What workerd runs: a test that fails names the first check that does. */
const WORKER = `
import { createEngine } from "../wasm/engine.mjs";
import module from "./sonica.wasm";
import vectors from "./vectors.json";
import { engineChecks, signalChecks } from "./checks.mjs";

export default {
  async test() {
    const engine = createEngine((await WebAssembly.instantiate(module, {})).exports);
    const checks = [...signalChecks(vectors), ...engineChecks(() => engine, vectors)];
    for (const [name, work] of checks) {
      await work();
      console.log("right: " + name);
    }
  },
};
`;

const CONFIG = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = (
  compatibilityDate = "2026-01-01",
  modules = [
    (name = "identity/test.mjs", esModule = embed "identity/test.mjs"),
    (name = "identity/checks.mjs", esModule = embed "identity/checks.mjs"),
    (name = "identity/signals.mjs", esModule = embed "identity/signals.mjs"),
    (name = "identity/vectors.json", json = embed "identity/vectors.json"),
    (name = "identity/sonica.wasm", wasm = embed "sonica.wasm"),
    (name = "wasm/engine.mjs", esModule = embed "wasm/engine.mjs"),
    (name = "wasm/outputs.mjs", esModule = embed "wasm/outputs.mjs"),
  ],
))]);
`;
const SOURCES = ["checks.mjs", "signals.mjs", "vectors.json"].map((name) => `identity/${name}`);

/** The worker and all it imports, in a folder: workerd reads only what lies beside its configuration. */
async function withWorker(build, work) {
  const folder = await mkdtemp(join(tmpdir(), "sonica-workerd-"));
  const source = (path) => fileURLToPath(new URL(`../../../engine/${path}`, import.meta.url));
  try {
    for (const path of [...SOURCES, "wasm/engine.mjs", "wasm/outputs.mjs"]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await copyFile(source(path), join(folder, path));
    }
    await copyFile(source(`wasm/dist/sonica-${build}.wasm`), join(folder, "sonica.wasm"));
    await writeFile(join(folder, "identity/test.mjs"), WORKER);
    await writeFile(join(folder, "config.capnp"), CONFIG);
    return await work(join(folder, "config.capnp"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("workerd", () => {
  for (const build of BUILDS) {
    test(`the bytes are the same: ${build}`, { timeout: 120_000 }, async () => {
      const run = (config) => promisify(execFile)(workerd.default ?? workerd, ["test", config]);
      const { stdout, stderr } = await withWorker(build, run);
      assert.equal(`${stdout}${stderr}`.split("right: ").length - 1, CHECKS + 1, stderr);
    });
  }
});
