// The engine's worker: holds the WebAssembly and all objects in it.

import { bestBuild } from "../../../engine/wasm/builds.mjs";
import { createEngine, type Engine, EngineError } from "../../../engine/wasm/engine.mjs";
import { Ear } from "./ear.ts";
import type { Asked, Calls, Failure, Operation, Reply, Request } from "./protocol.ts";
import type { Build } from "./types.ts";

interface Scope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(message: Reply, transfer?: Transferable[]): void;
}
const scope = self as unknown as Scope;

type Pack = InstanceType<Engine["Pack"]>;

/** What the page has named: an object, or why there is none. */
type Held = Ear | Pack | { why: unknown };

const held = new Map<number, Held>();
let engine: Engine | undefined;

function ready(): Engine {
  if (!engine) throw new EngineError("usage", "the engine is not open");
  return engine;
}

function find(on: number): Ear | Pack {
  const object = held.get(on);
  if (!object) throw new EngineError("usage", "this object is finished or freed; make a new one");
  if ("why" in object) throw object.why;
  return object;
}

function ear(on: number): Ear {
  const object = find(on);
  if (!(object instanceof Ear)) throw new EngineError("usage", "this is a pack, and hears nothing");
  object.tellFailure();
  return object;
}

function pack(on: number): Pack {
  const object = find(on);
  if (object instanceof Ear) throw new EngineError("usage", "this is no pack");
  return object;
}

async function compile(build: Build): Promise<WebAssembly.Exports> {
  const name = `sonica-${build}.wasm`;
  const response = await fetch(new URL(name, self.location.href)).catch(() => undefined);
  if (!response?.ok) throw new EngineError("assets", `the engine's ${name} could not be loaded`);
  // Compiling while it comes is refused for any other type, which not every server knows.
  const streams = response.headers.get("content-type")?.trim().toLowerCase() === "application/wasm";
  const compiled = streams
    ? await WebAssembly.instantiateStreaming(response)
    : await WebAssembly.instantiate(await response.arrayBuffer());
  return compiled.instance.exports;
}

/** The Uint8Arrays of the engine are whole buffers, which may be given away. */
const desk: Calls = {
  async open({ build = bestBuild() === "plain" ? "plain" : "simd128" }) {
    engine = createEngine(await compile(build));
    return build;
  },
  fingerprinter({ on, rate, ...hearing }) {
    try {
      held.set(on, new Ear(new (ready().Fingerprinter)(rate), rate, hearing));
    } catch (why) {
      held.set(on, { why });
    }
  },
  push({ on, samples }) {
    // One that is gone, or never was: the next call that is answered says so.
    const object = held.get(on);
    if (object instanceof Ear) object.push(samples);
  },
  listen({ on, port, peaks }) {
    const object = held.get(on);
    if (object instanceof Ear) object.listen(port, { peaks }, (report) => send({ on, report }, report.peaks));
  },
  begin: ({ on }) => ear(on).begin(),
  snapshot({ on }) {
    const heard = ear(on);
    return { fingerprint: heard.fingerprinter.snapshot(), seconds: heard.seconds };
  },
  frame: ({ on, flags }) => ear(on).fingerprinter.frame(flags),
  peaks: ({ on, from }) => ear(on).peaks(from),
  finish({ on }) {
    const print = ear(on).fingerprinter.finish();
    desk.free({ on });
    return print;
  },
  pack({ on, bytes }) {
    const opened = new (ready().Pack)(bytes);
    held.set(on, opened);
    return { length: opened.length, profile: opened.profile };
  },
  recordings: ({ on }) => pack(on).recordings(),
  recognize: ({ packs, fingerprint, options }) => ready().recognize(packs.map(pack), fingerprint, options),
  free({ on }) {
    const object = held.get(on);
    held.delete(on);
    if (object && "free" in object) object.free();
  },
};

function send(reply: Reply, part?: unknown): void {
  scope.postMessage(reply, ArrayBuffer.isView(part) ? [part.buffer as ArrayBuffer] : []);
}

function failure(why: unknown): Failure {
  if (why instanceof EngineError) return { code: why.code, message: why.message };
  // What the engine's functions throw at a wrong kind of value.
  const wrongUse = why instanceof TypeError || why instanceof RangeError;
  return { code: wrongUse ? "usage" : "unknown", message: why instanceof Error ? why.message : String(why) };
}

async function perform<K extends Operation>(op: K, asked: Asked<K>): Promise<unknown> {
  return await (desk[op] as (asked: Asked<K>) => unknown)(asked);
}

async function answer({ op, asked, id }: Request): Promise<void> {
  try {
    const value = await perform(op, asked);
    if (id !== undefined) send({ id, value }, value);
  } catch (why) {
    if (id !== undefined) send({ id, failure: failure(why) });
  }
}

scope.onmessage = ({ data }) => {
  void answer(data);
};
