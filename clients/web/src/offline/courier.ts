import type { Delivered } from "./queue.ts";

export interface CourierNeeds {
  deliver: () => Promise<Delivered>;
  /** Says when something was put in: `queue.subscribe`. */
  subscribe: (listener: () => void) => () => void;
  network?: Pick<EventTarget, "addEventListener" | "removeEventListener">;
  page?: Pick<Document, "visibilityState" | "addEventListener" | "removeEventListener">;
  now?: () => number;
}

/** Browsers do not always say that a connection is back, or that it is any good. */
const LOOK_AGAIN_MS = 60_000;

/**
 * Delivers what waits while a page is open: at once, when the connection is back, when the page is looked at, when
 * something is put in, and when the service said to come again. For browsers without Background Sync this is all
 * there is. Gives what ends it.
 */
export function startCourier(needs: CourierNeeds): () => void {
  const { deliver, subscribe, network = window, page = document, now = Date.now } = needs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isUnderWay = false;
  let isEnded = false;
  let waiting = -1;

  async function go(): Promise<void> {
    clearTimeout(timer);
    if (isUnderWay || isEnded) return;
    isUnderWay = true;
    const done = await deliver().catch(() => undefined);
    isUnderWay = false;
    waiting = done?.left ?? -1;
    if (isEnded || done?.left === 0) return;
    const restMs = done?.nextAt === undefined ? LOOK_AGAIN_MS : Math.max(1_000, done.nextAt - now());
    timer = setTimeout(look, restMs);
  }

  /** Nobody's battery is for a page that nobody looks at: it goes on when it is seen again. */
  function look(): void {
    if (page.visibilityState === "visible") void go();
  }

  network.addEventListener("online", go);
  page.addEventListener("visibilitychange", look);
  const stop = subscribe(() => {
    // Deliveries change the queue as well; only what waits when none is under way is news.
    if (!isUnderWay && waiting <= 0) void go();
  });
  void go();
  return () => {
    isEnded = true;
    clearTimeout(timer);
    network.removeEventListener("online", go);
    page.removeEventListener("visibilitychange", look);
    stop();
  };
}
