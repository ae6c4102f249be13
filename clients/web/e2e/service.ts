/** `sonica serve` of this checkout, for the tests: a real one, with a PostgreSQL that it starts itself. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { BIN, LOGS, OUT } from "./places.ts";

export interface Service {
  origin: string;
  port: number;
  /** Tells it to stop, and waits until it has. */
  stop(): Promise<void>;
  /** As when the power fails. */
  kill(): Promise<void>;
}

const PATIENCE_MS = 90_000;

export interface Wishes {
  port?: number;
  /** The folder of the app. */
  web?: string;
  /** How often an address may ask; without end where nothing is said. */
  quota?: string;
}

/** Starts one; several may share a data folder. */
export async function serve(home: string, { port = 0, web = OUT, quota = "off" }: Wishes = {}) {
  const child = spawn(`${BIN}/sonica`, ["serve", "--port", String(port)], {
    env: { ...environment(home), SONICA_WEB: web, SONICA_RATE_LIMIT: quota },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  child.stderr.on("data", (part) => log.push(String(part)));
  child.once("exit", (code, signal) => {
    // Who asked for it or not: where a test fails by it, here is why.
    mkdirSync(LOGS, { recursive: true });
    writeFileSync(`${LOGS}/${child.pid}.log`, `${log.join("")}\nended: ${code ?? signal}\n`);
  });
  try {
    const origin = await opened(child, AbortSignal.timeout(PATIENCE_MS));
    return serviceOf(child, origin);
  } catch (cause) {
    child.kill("SIGKILL");
    throw new Error(`the service did not start: ${log.join("").slice(-2_000)}`, { cause });
  }
}

async function opened(child: ChildProcess, signal: AbortSignal): Promise<string> {
  if (!child.stdout) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout, signal })) {
    const address = /^Open (http:\S+)/.exec(line)?.[1];
    if (address) return new URL(address).origin;
  }
  throw new Error("it ended");
}

function serviceOf(child: ChildProcess, origin: string): Service {
  child.stdout?.resume();
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  return {
    origin,
    port: Number(new URL(origin).port),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Runs the command line on a data folder; gives what it says. */
export async function sonica(home: string, ...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(`${BIN}/sonica`, words, { env: environment(home) });
  return stdout;
}

function environment(home: string): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...rest } = process.env;
  return { ...rest, SONICA_HOME: home, NO_COLOR: "1" };
}
