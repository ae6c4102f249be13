/** Renders the icons of the app from `public/icons/icon.svg`, which is drawn by hand; to be run when that changes. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "@playwright/test";

const FOLDER = path.join(import.meta.dirname, "..", "public", "icons");
const GROUND = "#0b0d17";
/**
 * `scale`: of the drawing in its square. Launchers cut maskable icons to any shape that holds a circle of 80%, and
 * iOS rounds the corners itself, so both have the ground to the edge.
 */
const ICONS = [
  { name: "icon-192.png", size: 192, scale: 1, isWhole: false },
  { name: "icon-512.png", size: 512, scale: 1, isWhole: false },
  { name: "maskable-512.png", size: 512, scale: 0.92, isWhole: true },
  { name: "apple-touch-icon.png", size: 180, scale: 1, isWhole: true },
  { name: "badge-96.png", size: 96, scale: 1.3, isBadge: true },
];

const svg = await readFile(path.join(FOLDER, "icon.svg"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage();
for (const { name, size, scale, isWhole, isBadge } of ICONS) {
  await page.setViewportSize({ width: size, height: size });
  // Android shows of a badge only where it is opaque.
  const drawn = isBadge
    ? svg.replace(/<rect id="ground"[^>]*>/, "").replaceAll(/url\(#glow\)/g, "#fff")
    : svg;
  await page.setContent(`<style>
    html, body { margin: 0; overflow: hidden; background: ${isWhole ? GROUND : "transparent"} }
    svg { display: block; width: 100vw; height: 100vh; transform: scale(${scale}) }
  </style>${drawn}`);
  await writeFile(path.join(FOLDER, name), await page.screenshot({ omitBackground: true }));
}
await browser.close();
