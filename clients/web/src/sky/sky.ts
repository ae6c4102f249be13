/**
 * The constellation of what is heard, drawn as it comes: each peak flares up where the hand stands, and stays.
 *
 * What has settled is kept in a picture of its own, so that a frame draws that and a few dozen new stars: a
 * slow phone keeps its 60 frames a second.
 */

import type { Peak } from "@sonica/engine";
import { angleOf, at, INNER, neighbours, OUTER, place, ROUND_S, restingStars, type Star } from "./place";

/** Milliseconds that a star flares, and until the sky of before has gone. */
const FLARE_MS = 1_100;
/** Peaks of the last two seconds come and go until the engine has made up its mind. */
const SETTLED_MS = 2_300;
/** Peaks of so many last seconds are told of each time, and a little more. */
const TOLD_S = 4.8;
const FADE_MS = 700;
const CLOSE_MS = 900;
/** Between two pictures of the sky at rest, which turns so slowly that a battery need not see more. */
const RESTING_MS = 66;
const SHARPEST = 2;
const SHADES = 8;
/** How dark a line is that has settled. */
const LINE = 0.16;
/** Until one that is no longer told of cannot be seen. */
const GONE_MS = 300;

/** What both kinds of canvas can do. */
type Drawing = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
type Line = readonly [Star, Star];

interface New {
  name: string;
  star: Star;
  to: Star[];
  since: number;
  /** Since when it is no longer told of, though its time is: it fades, and may come back. */
  goneAt: number | undefined;
}

export class Sky {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #settled = document.createElement("canvas");
  readonly #watch: ResizeObserver;
  #sprites: CanvasImageSource[] = [];
  #colours = { star: "", hot: "", isDark: true };
  /** By time. */
  #stars: Star[] = [];
  readonly #known = new Set<string>();
  #fresh: New[] = [];
  #size = 0;
  #frame = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #level = 0;
  #heard = { seconds: 0, at: 0 };
  #isListening = false;
  #since = 0;
  #isStill = false;
  /** Seconds of a round, and what they become at the end: what was heard closes to a ring. */
  #round = ROUND_S;
  #closing: { from: number; to: number; since: number } | null = null;

  /** Throws where the browser has no canvas to draw on. */
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    this.#canvas = canvas;
    this.#context = context;
    this.#watch = new ResizeObserver(() => this.#resize());
    this.#watch.observe(canvas);
    this.#resize();
  }

  /** Whether nothing may move: then each change is drawn once. */
  set isStill(isStill: boolean) {
    this.#isStill = isStill;
    this.#ask();
  }

  /** Begins a new round, with an empty sky. */
  begin(): void {
    this.#stars = [];
    this.#known.clear();
    this.#fresh = [];
    this.#heard = { seconds: 0, at: performance.now() };
    this.#isListening = true;
    this.#round = ROUND_S;
    this.#closing = null;
    this.#since = performance.now();
    this.#redrawSettled();
    this.#ask();
  }

  /** Nothing more comes: what there is closes to a ring. */
  end(): void {
    if (!this.#isListening) return;
    this.#isListening = false;
    this.#level = 0;
    const to = Math.min(ROUND_S, Math.max(1, this.#heard.seconds));
    if (this.#stars.length > 0) this.#closing = { from: this.#round, to, since: performance.now() };
    this.#ask();
  }

  /** The peaks of the last seconds, of which those that are new flare up, and how much was heard in all. */
  show(peaks: readonly Peak[], seconds: number): void {
    const now = performance.now();
    const latest = new Set<string>();
    const since = this.#isStill ? now - FLARE_MS : now;
    const come: New[] = [];
    for (const peak of peaks) {
      const name = `${Math.round(peak.time * 1000)} ${Math.round(peak.frequency)}`;
      latest.add(name);
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      come.push({ name, star: place(peak), to: [], since, goneAt: undefined });
    }
    for (const one of this.#fresh) {
      if (one.star.time >= seconds - TOLD_S)
        one.goneAt = latest.has(one.name) ? undefined : (one.goneAt ?? now);
    }
    if (come.length > 0) this.#stars = byTime([...this.#stars, ...come.map(({ star }) => star)]);
    for (const one of come) one.to = neighbours(one.star, this.#stars);
    this.#fresh.push(...come);
    this.#heard = { seconds, at: now };
    this.#ask();
  }

  /** How loud it is, 0 to 1. */
  set level(level: number) {
    // Up at once and down slowly, as ears have it.
    this.#level = Math.max(Math.min(1, level), this.#level * 0.85);
  }

  /** The colours of the page have changed. */
  recolour(): void {
    this.#colour();
    this.#redrawSettled();
    this.#ask();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rest);
    this.#watch.disconnect();
  }

  #resize(): void {
    const sharp = Math.min(SHARPEST, devicePixelRatio || 1);
    const size = Math.round(this.#canvas.clientWidth * sharp);
    if (size === 0 || size === this.#size) return;
    this.#size = size;
    for (const canvas of [this.#canvas, this.#settled]) canvas.width = canvas.height = size;
    this.#colour();
    this.#redrawSettled();
    this.#draw(performance.now());
  }

  #colour(): void {
    const style = getComputedStyle(this.#canvas);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    this.#colours = {
      star: colour("--star"),
      hot: colour("--star-hot"),
      isDark: style.colorScheme === "dark",
    };
    this.#sprites = Array.from({ length: SHADES }, (_, i) => this.#sprite(i / (SHADES - 1)));
  }

  /** A soft point: low notes in one colour, high ones in the other. */
  #sprite(height: number): CanvasImageSource {
    const size = Math.max(8, Math.round(this.#size / 24));
    const hasOffscreen = typeof OffscreenCanvas === "function";
    const sprite = hasOffscreen ? new OffscreenCanvas(size, size) : document.createElement("canvas");
    sprite.width = sprite.height = size;
    const context = sprite.getContext("2d") as Drawing | null;
    if (!context) return sprite;
    const shade = (alpha: number) => mixed(this.#colours.star, this.#colours.hot, height, alpha);
    const gradient = context.createRadialGradient(size / 2, size / 2, 0, size / 2, size / 2, size / 2);
    gradient.addColorStop(0, this.#colours.isDark ? "#ffffff" : shade(1));
    gradient.addColorStop(0.14, shade(1));
    gradient.addColorStop(0.3, shade(0.32));
    gradient.addColorStop(1, shade(0));
    context.fillStyle = gradient;
    context.fillRect(0, 0, size, size);
    // A picture that cannot change: a canvas would be copied each time that it is drawn.
    return "transferToImageBitmap" in sprite ? sprite.transferToImageBitmap() : sprite;
  }

  #ask(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now: number): void {
    this.#frame = 0;
    this.#close(now);
    this.#settleDue(now);
    const context = this.#context;
    const half = this.#size / 2;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#size, this.#size);
    if (this.#stars.length === 0) this.#drawResting(now);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#settled, 0, 0);
    context.setTransform(half, 0, 0, half, half, half);
    this.#drawFresh(now);
    if (this.#isListening) this.#drawHand(now);
    const moves =
      this.#isListening || this.#closing !== null || this.#fresh.length > 0 || this.#stars.length === 0;
    if (!moves || this.#isStill) return;
    if (this.#isListening || this.#stars.length > 0) this.#ask();
    else this.#rest = setTimeout(() => this.#ask(), RESTING_MS);
  }

  #close(now: number): void {
    if (!this.#closing) return;
    const { from, to, since } = this.#closing;
    const part = this.#isStill ? 1 : Math.min(1, (now - since) / CLOSE_MS);
    this.#round = from + (to - from) * (1 - (1 - part) ** 3);
    if (part === 1) this.#closing = null;
    for (const one of this.#fresh) one.since = Math.min(one.since, now - SETTLED_MS * part);
    this.#redrawSettled();
  }

  /** A sky that turns slowly, while there is nothing to hear; it fades as listening begins. */
  #drawResting(now: number): void {
    const context = this.#context;
    const half = this.#size / 2;
    const faded = this.#isListening ? Math.min(1, (now - this.#since) / FADE_MS) : 0;
    const turn = this.#isStill ? 0 : now / 90_000;
    context.setTransform(half, 0, 0, half, half, half);
    context.rotate(turn * 2 * Math.PI);
    context.globalAlpha = 0.6 * (1 - faded);
    drawLines(context, RESTING_LINES, ROUND_S, this.#colours.star, LINE * (1 - faded));
    for (const star of RESTING) {
      const twinkle = this.#isStill ? 1 : 0.75 + 0.25 * Math.sin(now / 900 + star.time * 40);
      this.#point(context, star, ROUND_S, 0.7 * twinkle * (1 - faded));
    }
    context.globalAlpha = 1;
  }

  /** What has been there for long enough goes into the picture that is kept. */
  #settleDue(now: number): void {
    const settling: New[] = [];
    const flaring: New[] = [];
    for (const one of this.#fresh) {
      if (now - one.since < SETTLED_MS) flaring.push(one);
      else if (one.goneAt === undefined) settling.push(one);
      else this.#drop(one);
    }
    // What a line led to may have gone, and something nearer have come.
    this.#settle(settling.map(({ star }) => ({ star, to: neighbours(star, this.#stars) })));
    this.#fresh = flaring;
  }

  #drop({ name, star }: New): void {
    this.#stars = this.#stars.filter((other) => other !== star);
    this.#known.delete(name); // it may come again
  }

  #drawFresh(now: number): void {
    const context = this.#context;
    // As many strokes as there are shades, and not one for each line: strokes are what takes time.
    const lines: Line[][] = Array.from({ length: SHADES }, () => []);
    for (const { star, to, since, goneAt } of this.#fresh) {
      const flare = 1 - Math.min(1, (now - since) / FLARE_MS);
      const there = goneAt === undefined ? 1 : 1 - (now - goneAt) / GONE_MS;
      if (there <= 0) continue;
      const shade = lines[Math.round(flare * there * (SHADES - 1))];
      for (const other of to) shade?.push([star, other]);
      this.#point(context, star, this.#round, there, 1 + 1.6 * flare ** 2);
    }
    for (const [shade, some] of lines.entries()) {
      drawLines(context, some, this.#round, this.#colours.star, LINE + (0.5 * shade) / (SHADES - 1));
    }
    context.globalAlpha = 1;
  }

  #settle(settling: readonly Pick<New, "star" | "to">[]): void {
    const context = this.#settled.getContext("2d");
    if (!context || settling.length === 0) return;
    const half = this.#size / 2;
    context.setTransform(half, 0, 0, half, half, half);
    const lines = settling.flatMap(({ star, to }) => to.map((other): Line => [star, other]));
    drawLines(context, lines, this.#round, this.#colours.star, LINE);
    for (const { star } of settling) this.#point(context, star, this.#round, 1);
  }

  #redrawSettled(): void {
    const context = this.#settled.getContext("2d");
    context?.setTransform(1, 0, 0, 1, 0, 0);
    context?.clearRect(0, 0, this.#size, this.#size);
    const isFresh = new Set(this.#fresh.map(({ star }) => star));
    const settled = this.#stars.filter((star) => !isFresh.has(star));
    this.#settle(settled.map((star) => ({ star, to: neighbours(star, settled) })));
  }

  #point(context: CanvasRenderingContext2D, star: Star, round: number, alpha: number, scale = 1): void {
    const sprite = this.#sprites[Math.round(star.height * (SHADES - 1))];
    if (!sprite) return;
    const size = (0.022 + 0.05 * star.strength) * scale;
    context.globalAlpha = alpha * (0.45 + 0.55 * star.strength);
    const { x, y } = at(star, round);
    context.drawImage(sprite, x - size / 2, y - size / 2, size, size);
  }

  /** Where what is heard now will lie, and how loud it is. */
  #drawHand(now: number): void {
    const context = this.#context;
    const ahead = this.#isStill ? 0 : Math.min(0.25, (now - this.#heard.at) / 1000);
    const seconds = Math.min(ROUND_S, this.#heard.seconds + ahead);
    const end = angleOf(seconds, this.#round);
    const start = angleOf(0, this.#round);
    context.globalAlpha = 0.9;
    context.strokeStyle = this.#colours.hot;
    context.lineCap = "round";
    context.lineWidth = 0.012;
    context.beginPath();
    context.arc(0, 0, OUTER + 0.03, start, end);
    context.stroke();
    context.globalAlpha = 0.1 + 0.35 * this.#level;
    context.lineWidth = 0.006 + 0.05 * this.#level;
    context.strokeStyle = this.#colours.star;
    context.beginPath();
    context.arc(0, 0, INNER - 0.06, 0, 2 * Math.PI);
    context.stroke();
    context.globalAlpha = 0.35;
    context.lineWidth = 0.004;
    context.beginPath();
    context.moveTo(INNER * Math.cos(end), INNER * Math.sin(end));
    context.lineTo(OUTER * Math.cos(end), OUTER * Math.sin(end));
    context.stroke();
    context.globalAlpha = 1;
  }
}

function byTime(stars: Star[]): Star[] {
  return stars.sort((a, b) => a.time - b.time);
}

const RESTING = restingStars();
const RESTING_LINES = RESTING.flatMap((star) =>
  neighbours(star, RESTING).map((other): Line => [star, other]),
);

/** Between two colours (`#rrggbb`); canvases of older browsers cannot mix. */
function mixed(from: string, to: string, share: number, alpha: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16) || 0);
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * share);
  });
  return `rgba(${parts.join(", ")}, ${alpha})`;
}

function drawLines(
  context: CanvasRenderingContext2D,
  lines: readonly Line[],
  round: number,
  colour: string,
  alpha: number,
): void {
  if (lines.length === 0) return;
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = 0.0035;
  context.beginPath();
  for (const [from, to] of lines) {
    const [begin, end] = [at(from, round), at(to, round)];
    context.moveTo(begin.x, begin.y);
    context.lineTo(end.x, end.y);
  }
  context.stroke();
}
