import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Published {
  name: string;
  profile: string;
  content: Buffer;
  bytes: number;
  sha256: string;
  etag: string;
}

export function published(name: string, content: Buffer): Published {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { name, profile: "lite", content, bytes: content.length, sha256, etag: `"${sha256.slice(0, 32)}"` };
}

/** The packs of the service, and what goes wrong with them. */
class PackServer {
  base = "";
  /** Closes the connection after so many bytes of a body, `breaks` times. */
  breakAfter: number | undefined;
  breaks = Number.POSITIVE_INFINITY;
  /** Ends the body in good order, too early. */
  endAfter: number | undefined;
  /** Sends it in parts of so many bytes, with this long between them. */
  drip: { bytes: number; everyMs: number } | undefined;
  /** Sends nothing more. */
  stallAfter: number | undefined;
  afterManifest: (() => void) | undefined;
  failure: { status: number; headers: Record<string, string> } | undefined;
  ignoresRange = false;
  wrongRange = false;
  refusesRange = false;
  otherTag: string | undefined;
  /** What was asked for. */
  readonly ranges: (string | undefined)[] = [];
  readonly statuses: number[] = [];
  bodies = 0;
  close: () => Promise<void> = async () => undefined;
  /** With the first break nothing can be reached, until `revive`. */
  diesOfIt = false;
  #isDead = false;
  readonly #packs = new Map<string, Published>();

  publish(pack: Published): void {
    this.#packs.set(pack.name, pack);
  }

  withdraw(name: string): void {
    this.#packs.delete(name);
  }

  revive(): void {
    this.breakAfter = this.endAfter = this.stallAfter = undefined;
    this.#isDead = false;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    response.on("close", () => this.statuses.push(response.statusCode));
    const url = new URL(request.url ?? "/", "http://localhost");
    const [, name = "", part] = /^\/v1\/packs(?:\/([^/]+))?(\/manifest)?$/.exec(url.pathname) ?? [];
    const pack = this.#packs.get(name);
    if (this.#isDead) request.socket.destroy();
    else if (this.failure) response.writeHead(this.failure.status, this.failure.headers).end("<html>");
    else if (url.pathname === "/v1/packs") json(response, { items: [...this.#packs.values()].map(manifest) });
    else if (!pack) problem(response, "unknown_pack");
    else if (part) {
      json(response, manifest(pack));
      this.afterManifest?.();
    } else this.#send(pack, url, request, response);
  }

  #send(pack: Published, url: URL, request: IncomingMessage, response: ServerResponse): void {
    const { range, "if-none-match": known, "if-range": of } = request.headers;
    const wanted = url.searchParams.get("sha256");
    if (wanted && wanted !== pack.sha256) problem(response, "replaced");
    else if (known?.includes(pack.etag)) response.writeHead(304, { ETag: pack.etag }).end();
    else if (request.method === "HEAD") response.writeHead(200, { ETag: pack.etag }).end();
    else this.#sendFrom(pack, isSame(of, pack) ? range : undefined, range, response);
  }

  #sendFrom(
    pack: Published,
    range: string | undefined,
    asked: string | undefined,
    response: ServerResponse,
  ): void {
    const isWhole = range === undefined || this.ignoresRange;
    const from = isWhole ? 0 : Number(/^bytes=(\d+)-$/.exec(range)?.[1]);
    const etag = isWhole ? pack.etag : (this.otherTag ?? pack.etag);
    const length = pack.content.length;
    this.ranges.push(asked);
    if (!isWhole && (this.refusesRange || from >= length)) {
      response.writeHead(416).end();
      return;
    }
    this.bodies += 1;
    const shown = this.wrongRange ? from + 1 : from;
    const told = { "Content-Range": `bytes ${shown}-${length - 1}/${length}` };
    response.writeHead(isWhole ? 200 : 206, { ETag: etag, ...(isWhole ? {} : told) });
    this.#write(pack.content.subarray(from), response);
  }

  #write(content: Buffer, response: ServerResponse): void {
    const { breakAfter, stallAfter, endAfter, drip } = this;
    this.#isDead = this.diesOfIt && (breakAfter ?? stallAfter ?? endAfter) !== undefined;
    if (breakAfter !== undefined && this.breaks > 0 && content.length > breakAfter) {
      this.breaks -= 1;
      // Later: what was written is to arrive.
      response.write(content.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 30));
    } else if (drip) {
      response.write(content.subarray(0, drip.bytes));
      const rest = content.subarray(drip.bytes);
      if (rest.length > 0) setTimeout(() => this.#write(rest, response), drip.everyMs);
      else response.end();
    } else if (stallAfter !== undefined) response.write(content.subarray(0, stallAfter));
    else response.end(content.subarray(0, endAfter));
  }
}

/** A weak tag is never the same here (RFC 9110, 13.1.5). */
function isSame(of: string | string[] | undefined, pack: Published): boolean {
  return of === undefined || (of === pack.etag && !pack.etag.startsWith("W/"));
}

export async function servePacks(...packs: Published[]): Promise<PackServer> {
  const told = new PackServer();
  for (const pack of packs) told.publish(pack);
  const server = createServer((request, response) => told.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  told.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  told.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(told.close);
  return told;
}

function manifest({ name, profile, bytes, sha256 }: Published): Record<string, unknown> {
  const madeAt = "2026-11-28T06:00:00Z";
  return { name, profile, language: "bho", recordings: 12, bytes, sha256, made_at: madeAt };
}

function json(response: ServerResponse, said: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(said));
}

function problem(response: ServerResponse, code: string): void {
  const said = { type: "/problems/not-found", title: "", status: 404, detail: "", code };
  response.writeHead(404, { "Content-Type": "application/problem+json" }).end(JSON.stringify(said));
}
