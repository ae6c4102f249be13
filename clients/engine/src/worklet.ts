// Runs on the browser's audio thread, where every millisecond counts: it only copies samples and sends them
// to the engine's worker.

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** A twentieth of a second: as often as a level is worth showing, and far fewer messages than blocks. */
const BATCH = Math.ceil(sampleRate / 20 / 128) * 128;

class Listener extends AudioWorkletProcessor {
  #out: MessagePort | undefined;
  #batch = new Float32Array(BATCH);
  #filled = 0;
  #begun = false;
  #stopped = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | "stop">) => {
      if (data === "stop") this.#stopped = true;
      else this.#out = data;
    };
  }

  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    if (this.#stopped) {
      this.#out?.close();
      return false;
    }
    const channels = inputs[0] ?? [];
    if (channels.length > 0) this.#begun = true;
    // An input that went away counts as silence, so that what comes after keeps its time.
    const length = channels[0]?.length ?? (this.#begun ? (outputs[0]?.[0]?.length ?? 0) : 0);
    if (this.#out) for (let i = 0; i < length; i++) this.#take(mean(channels, i));
    return true;
  }

  #take(sample: number): void {
    this.#batch[this.#filled] = sample;
    this.#filled += 1;
    if (this.#filled < BATCH) return;
    this.#out?.postMessage(this.#batch, [this.#batch.buffer]);
    this.#batch = new Float32Array(BATCH);
    this.#filled = 0;
  }
}

function mean(channels: Float32Array[], i: number): number {
  let sum = 0;
  for (const channel of channels) sum += channel[i] ?? 0;
  return channels.length > 1 ? sum / channels.length : sum;
}

registerProcessor("sonica-listener", Listener);
