/** A way to the service that a test can cut, or lead to another: TCP, in which nothing is looked at but who asks. */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Wire {
  origin: string;
  /** From now on it leads there; what is open stays as it is. */
  lead(port: number): void;
  close(): void;
}

/** `isLive`: false is a proxy that lets no WebSocket through. */
export async function wire(port: number, { isLive = true } = {}): Promise<Wire> {
  let target = port;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    open.add(near);
    near.on("error", () => near.destroy()).on("close", () => open.delete(near));
    near.once("data", (first) => {
      if (!isLive && first.toString("latin1").startsWith("GET /v1/listen")) {
        near.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
      }
      const far = connect(target, "127.0.0.1");
      far.on("error", () => near.destroy()).on("close", () => near.destroy());
      near.on("close", () => far.destroy());
      far.write(first);
      near.pipe(far).pipe(near);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead: (next) => {
      target = next;
    },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
