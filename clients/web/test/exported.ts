import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

export const page = (body: string, head = '<meta charSet="utf-8"/>') =>
  `<!DOCTYPE html><html lang="hi"><head>${head}</head><body>${body}</body></html>`;

/** A small export, as `next build` leaves one. */
export async function exported(files: Record<string, string | Uint8Array>): Promise<string> {
  const out = await mkdtemp(path.join(tmpdir(), "sonica-out-"));
  onTestFinished(() => rm(out, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(out, name)), { recursive: true });
    await writeFile(path.join(out, name), content);
  }
  return out;
}
