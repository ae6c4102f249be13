import type { Engine } from "./engine.ts";
import { EngineError } from "./error.ts";
import { peaksOf } from "./line.ts";
import type { Report } from "./protocol.ts";
import type { FrameFlags, Peak } from "./types.ts";

export interface RecorderOptions {
  /** One that runs already; else one is made, at the device's own rate, and closed at the end. */
  context?: AudioContext;
  /** Seconds after which nothing more is heard; without end where nothing is said. */
  longest?: number;
  /** Only keeps the last so many seconds, in memory, until `begin`: then they are heard first. */
  before?: number;
  /** About 20 times a second: all peaks of the last 5 seconds, and the seconds heard so far. */
  onPeaks?: (peaks: Peak[], seconds: number) => void;
  /** About 20 times a second: how loud it is, full scale 1. */
  onLevel?: (rms: number) => void;
  /** The microphone is gone: unplugged, or its permission withdrawn. What was heard is still there. */
  onEnded?: () => void;
}

/** Listens: the samples go from the AudioWorklet straight to the engine's worker, and nowhere else. */
export class Recorder {
  readonly #engine: Engine;
  readonly #options: RecorderOptions;
  readonly #tracks: MediaStreamTrack[];
  readonly #context: AudioContext;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #node: AudioWorkletNode;
  readonly #on: number;
  #seconds = 0;
  #stopped = false;

  private constructor(
    stream: MediaStream,
    engine: Engine,
    context: AudioContext,
    on: number,
    options: RecorderOptions,
  ) {
    this.#engine = engine;
    this.#options = options;
    this.#context = context;
    this.#tracks = stream.getAudioTracks();
    const { line } = engine;
    this.#source = context.createMediaStreamSource(stream);
    this.#node = new AudioWorkletNode(context, "sonica-listener", { numberOfInputs: 1, numberOfOutputs: 1 });
    this.#on = on;
    line.hear(on, (report) => this.#hear(report));
    const { port1, port2 } = new MessageChannel();
    line.tell("listen", { on, port: port1, peaks: options.onPeaks !== undefined }, [port1]);
    this.#node.port.postMessage(port2, [port2]);
    // Its output is silence; some browsers run only what leads to the loudspeaker.
    this.#source.connect(this.#node).connect(context.destination);
    for (const track of this.#tracks) track.addEventListener("ended", this.#ended);
    context.addEventListener("statechange", this.#wake);
    this.#wake();
  }

  /** Begins to listen. When this fails, the stream is as it was. */
  static async start(source: MediaStream, engine: Engine, options: RecorderOptions = {}): Promise<Recorder> {
    if (source.getAudioTracks().every((track) => track.readyState === "ended")) {
      throw new EngineError("usage", "the stream has no sound, or has ended; ask for the microphone anew");
    }
    const { line } = engine;
    const context = options.context ?? new AudioContext();
    const on = line.name();
    try {
      const { longest, before } = options;
      const hearing = { ...(longest !== undefined && { longest }), ...(before !== undefined && { before }) };
      line.tell("fingerprinter", { on, rate: context.sampleRate, ...hearing });
      // Whether it could be made: nobody would ask otherwise before all has been heard.
      await line.call("peaks", { on, from: Number.POSITIVE_INFINITY });
      await context.audioWorklet.addModule(new URL("worklet.js", engine.assets));
      return new Recorder(source, engine, context, on, options);
    } catch (cause) {
      line.tell("free", { on });
      if (!options.context) await context.close();
      if (!(cause instanceof DOMException) || cause.name !== "AbortError") throw cause;
      throw new EngineError("assets", "the engine's worklet.js could not be loaded", { cause });
    }
  }

  /** Heard so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Wakes a sound that the browser holds back until the page is touched; for a handler of such a touch. */
  wake(): void {
    this.#wake();
  }

  /** Begins to hear, with what was kept `before`; where it hears already, nothing changes. */
  begin(): Promise<void> {
    this.#wake(); // only a press may start sound in some browsers
    return this.#engine.line.call("begin", { on: this.#on });
  }

  /** The fingerprint of what was heard so far, and how long that is. */
  snapshot(): Promise<{ fingerprint: Uint8Array; seconds: number }> {
    return this.#engine.line.call("snapshot", { on: this.#on });
  }

  /** What `snapshot` gives now, as a frame: only what has changed since the frame before. */
  frame(flags: FrameFlags = {}): Promise<Uint8Array> {
    return this.#engine.line.call("frame", { on: this.#on, flags });
  }

  /** Stops the microphone and forgets what was heard. May be called twice. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const track of this.#tracks) {
      track.removeEventListener("ended", this.#ended);
      track.stop();
    }
    this.#context.removeEventListener("statechange", this.#wake);
    this.#node.port.postMessage("stop");
    this.#source.disconnect();
    this.#node.disconnect();
    this.#engine.line.hear(this.#on);
    this.#engine.line.tell("free", { on: this.#on });
    if (!this.#options.context && this.#context.state !== "closed") await this.#context.close();
  }

  readonly #ended = (): void => this.#options.onEnded?.();

  /** A context may begin suspended, and a telephone call interrupts it; a browser that refuses says so itself. */
  readonly #wake = (): void => {
    const { state } = this.#context;
    if (state !== "running" && state !== "closed") this.#context.resume().catch(() => {});
  };

  #hear({ seconds, rms, peaks }: Report): void {
    this.#seconds = seconds;
    this.#options.onLevel?.(rms);
    if (peaks) this.#options.onPeaks?.(peaksOf(peaks), seconds);
  }
}
