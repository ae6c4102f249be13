import { EngineError } from "./error.ts";
import { alone, Line, peaksOf } from "./line.ts";
import type { Answer, Build, FrameFlags, Peak, Profile, RecognizeOptions, Recording } from "./types.ts";

/** The engine, in a worker of its own. */
export class Engine {
  /** @internal */
  readonly line: Line;
  /** @internal The folder that holds worker.js, worklet.js and the builds. */
  readonly assets: URL;
  /** The build that runs. */
  readonly build: Build;

  private constructor(line: Line, assets: URL, build: Build) {
    this.line = line;
    this.assets = assets;
    this.build = build;
  }

  /** `assets`: the folder of this package's dist/, of the same origin. Resolves when the worker is ready. */
  static async open({
    assets = "/engine/",
    build,
  }: {
    assets?: string | URL;
    build?: Build;
  } = {}): Promise<Engine> {
    const folder = new URL(assets, document.baseURI);
    if (!folder.pathname.endsWith("/")) folder.pathname += "/";
    const line = new Line(new Worker(new URL("worker.js", folder)));
    try {
      return new Engine(line, folder, await line.call("open", { build }));
    } catch (why) {
      line.end(why as EngineError);
      throw why;
    }
  }

  /** Makes one fingerprint of samples at `rate` Hz; a rate that is none is told by its first answer. */
  fingerprinter(rate: number): Fingerprinter {
    return new Fingerprinter(this.line, rate);
  }

  /** Opens a pack and checks all of it. The buffer is transferred: it is empty afterwards. */
  async openPack(bytes: Uint8Array): Promise<Pack> {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("a pack must be a Uint8Array");
    const { view, transfer } = alone(bytes);
    const on = this.line.name();
    return new Pack(this.line, on, await this.line.call("pack", { on, bytes: view }, transfer));
  }

  /** Names the recording that a fingerprint is of. */
  async recognize(
    packs: readonly Pack[],
    fingerprint: Uint8Array,
    options: RecognizeOptions = {},
  ): Promise<Answer> {
    if (packs.some((pack) => pack.line !== this.line)) {
      throw new EngineError("usage", "a pack of another engine; open it with this one");
    }
    return this.line.call("recognize", { packs: packs.map((pack) => pack.on), fingerprint, options });
  }

  /** Ends the worker, and with it all that it holds; what is pending is rejected. */
  close(): void {
    this.line.end(new EngineError("closed", "the engine was closed; open another"));
  }
}

/** Something that the worker holds until it is freed. */
class Held {
  /** @internal */
  readonly line: Line;
  /** @internal */
  readonly on: number;

  constructor(line: Line, on: number) {
    this.line = line;
    this.on = on;
  }

  /** Gives its memory back. May be called twice. */
  free(): void {
    this.line.tell("free", { on: this.on });
  }
}

/** Makes one fingerprint of samples that arrive in pieces; however they are cut, the bytes are the same. */
export class Fingerprinter extends Held {
  /** @internal */
  constructor(line: Line, rate: number) {
    super(line, line.name());
    line.tell("fingerprinter", { on: this.on, rate });
  }

  /**
   * Takes more samples: mono, full scale 1. Their buffer is transferred, and is empty afterwards. Why they
   * could not be taken is told by the next answer.
   */
  push(samples: Float32Array): void {
    if (!(samples instanceof Float32Array)) throw new TypeError("samples must be a Float32Array");
    const { view, transfer } = alone(samples);
    this.line.tell("push", { on: this.on, samples: view }, transfer);
  }

  /** The fingerprint of what was heard so far, as if the sound ended here. */
  async snapshot(): Promise<Uint8Array> {
    return (await this.line.call("snapshot", { on: this.on })).fingerprint;
  }

  /** What `snapshot` gives now, as a frame: only what has changed since the frame before. */
  frame(flags: FrameFlags = {}): Promise<Uint8Array> {
    return this.line.call("frame", { on: this.on, flags });
  }

  /** The peaks of the snapshot at `from` seconds and later. Those of the last two seconds still change. */
  async peaks(from: number): Promise<Peak[]> {
    return peaksOf(await this.line.call("peaks", { on: this.on, from }));
  }

  /** The fingerprint of all that was pushed. The object is spent, and freed, afterwards. */
  finish(): Promise<Uint8Array> {
    return this.line.call("finish", { on: this.on });
  }
}

/** An index of recordings that can be searched. */
export class Pack extends Held {
  /** Number of recordings. */
  readonly length: number;
  /** How much of each it holds: `lite` is the strongest peaks alone. */
  readonly profile: Profile;

  /** @internal */
  constructor(line: Line, on: number, { length, profile }: { length: number; profile: Profile }) {
    super(line, on);
    this.length = length;
    this.profile = profile;
  }

  recordings(): Promise<Recording[]> {
    return this.line.call("recordings", { on: this.on });
  }
}
