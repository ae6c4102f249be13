/** The generated code is that of openapi.json, and small. */

import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
/** Bytes, gzipped: the web app has 170 kB for everything. */
const MOST = 5500;

async function texts(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const pairs = paths.map(async (path) => [path.slice(folder.length), await readFile(path, "utf8")]);
  return Object.fromEntries(await Promise.all(pairs));
}

test("run `pnpm --filter @sonica/sdk run generate`, and look at what changed", {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "sdk-"));
  try {
    const fresh = join(folder, "generated");
    await promisify(execFile)("openapi-ts", [], { cwd: ROOT, env: { ...process.env, SDK_OUTPUT: fresh } });
    const [kept, made] = await Promise.all([texts(join(ROOT, "src", "generated")), texts(fresh)]);
    expect(Object.keys(kept).sort()).toEqual(Object.keys(made).sort());
    for (const [name, text] of Object.entries(made)) expect(kept[name], name).toBe(text);
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function packed(contents: string): Promise<number> {
  const made = await build({
    stdin: { contents, resolveDir: join(ROOT, "src"), loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
  });
  return gzipSync(made.outputFiles[0]?.contents ?? "", { level: 9 }).length;
}

test("all that a page needs is small, and what it does not use is left out", async () => {
  const all = await packed(
    'import { createSonica, SonicaProblem } from "./index"; globalThis.x = [createSonica, SonicaProblem];',
  );
  expect(all).toBeGreaterThan(1000);
  expect(all).toBeLessThan(MOST);
  expect(await packed('import { SonicaProblem } from "./index"; globalThis.x = SonicaProblem;')).toBeLessThan(
    500,
  );
  const live = await packed('import { Live } from "./index"; globalThis.x = Live;');
  expect(live).toBeGreaterThan(1000);
  expect(live).toBeLessThan(2000);
});

test("ids are numbers that JavaScript keeps", async () => {
  const { paths, components } = JSON.parse(await readFile(join(ROOT, "../../openapi.json"), "utf8"));
  const [id] = paths["/v1/songs/{id}"].get.parameters;
  expect(id.schema.maximum).toBe(Number.MAX_SAFE_INTEGER);
  expect(components.schemas.Recognized.properties.id.type).toBe("string");
});
