import type { History } from "../keep/history.ts";

/** Entries that are looked at: what waits is among the newest. */
const LOOKED_AT = 200;

/**
 * Tells how many of those that waited have been looked up, whoever sent them: this page, another, or the service
 * worker. Gives what ends it.
 */
export function watchDelivered(
  history: Pick<History, "list" | "subscribe">,
  onDelivered: (count: number) => void,
): () => void {
  let waiting = new Set<string>();
  let turn = Promise.resolve();
  let isEnded = false;

  async function look(): Promise<void> {
    const entries = await history.list({ limit: LOOKED_AT });
    const isWaiting = (entry: (typeof entries)[number]) => entry.status === "waiting";
    const answered = entries.filter((entry) => waiting.has(entry.id) && !isWaiting(entry));
    waiting = new Set(entries.filter(isWaiting).map(({ id }) => id));
    if (answered.length > 0 && !isEnded) onDelivered(answered.length);
  }

  // One after the other, so that none is told of twice; what cannot be read now is told of at the next change.
  const next = () => {
    turn = turn.then(look).catch(() => undefined);
  };
  next();
  const stop = history.subscribe(next);
  return () => {
    isEnded = true;
    stop();
  };
}
