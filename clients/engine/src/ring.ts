/** The last of a sound, in memory alone: what came before is overwritten. */
export class Ring {
  readonly #kept: Float32Array;
  /** Where the next sample goes. */
  #at = 0;
  #isFull = false;

  /** `length`: samples that it holds at most. */
  constructor(length: number) {
    this.#kept = new Float32Array(length);
  }

  push(samples: Float32Array): void {
    const { length } = this.#kept;
    let rest = samples.subarray(Math.max(0, samples.length - length));
    if (rest.length + this.#at >= length) {
      const first = rest.subarray(0, length - this.#at);
      this.#kept.set(first, this.#at);
      rest = rest.subarray(first.length);
      this.#at = 0;
      this.#isFull = true;
    }
    this.#kept.set(rest, this.#at);
    this.#at += rest.length;
  }

  /** All that it holds, the oldest first; it is empty, and holds only zeros, afterwards. */
  take(): Float32Array {
    const newest = this.#kept.subarray(0, this.#at);
    const oldest = this.#isFull ? this.#kept.subarray(this.#at) : this.#kept.subarray(0, 0);
    const all = new Float32Array(oldest.length + newest.length);
    all.set(oldest);
    all.set(newest, oldest.length);
    this.#kept.fill(0);
    this.#at = 0;
    this.#isFull = false;
    return all;
  }
}
