import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";

const PUBLIC = path.join(import.meta.dirname, "..", "public");

interface Icon {
  src: string;
  sizes: string;
  type: string;
}

test("the manifest's icons are there, and as large as it says", async () => {
  const manifest = JSON.parse(await readFile(path.join(PUBLIC, "manifest.webmanifest"), "utf8"));
  const icons: Icon[] = [
    ...manifest.icons,
    ...manifest.shortcuts.flatMap(({ icons }: { icons: Icon[] }) => icons),
  ];
  for (const { src, sizes, type } of icons) {
    const content = await readFile(path.join(PUBLIC, src));
    if (type !== "image/png") continue;
    // Width and height stand first in a PNG.
    expect([src, `${content.readUInt32BE(16)}x${content.readUInt32BE(20)}`]).toEqual([src, sizes]);
    expect(content.length).toBeLessThan(64 * 1024);
  }
});

test("what is shared comes as the worker reads it", async () => {
  const { share_target: target } = JSON.parse(
    await readFile(path.join(PUBLIC, "manifest.webmanifest"), "utf8"),
  );
  expect(target).toMatchObject({ action: "/share", method: "POST", enctype: "multipart/form-data" });
  expect(target.params.files).toEqual([{ name: "media", accept: ["audio/*", "video/*"] }]);
});
