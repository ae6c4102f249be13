/** `test` with a browser whose microphone hears a file, and that takes no error in silence. */

import { type Browser, test as base, expect, type Page, type WebSocketRoute } from "@playwright/test";
import { launching, type Sound } from "./browser";
import { type Service, serve, type Wishes } from "./service";

export { expect, type Page };

interface Options {
  sound: Sound;
  /** Errors that a test brings about, as the console has them. */
  tolerated: RegExp[];
}

interface Fixtures {
  /** What went wrong in any page of the test: checked at its end. */
  faults: string[];
  /** Starts another service on the data of the first; stopped at the end. */
  another: (wishes?: Wishes) => Promise<Service>;
  origin: string;
}

interface Shared {
  hearing: (sound: Sound) => Promise<Browser>;
}

export const test = base.extend<Options & Fixtures, Shared>({
  sound: ["clean", { option: true }],
  tolerated: [[], { option: true }],
  baseURL: async ({ origin }, use) => use(origin),
  // biome-ignore lint/correctness/noEmptyPattern: fixtures are told apart by their patterns
  origin: async ({}, use) => use(process.env.SONICA_E2E_ORIGIN ?? ""),

  hearing: [
    async ({ playwright }, use) => {
      let last: { sound: Sound; browser: Browser } | undefined;
      await use(async (sound) => {
        if (last?.sound === sound && last.browser.isConnected()) return last.browser;
        await last?.browser.close();
        last = { sound, browser: await playwright.chromium.launch(launching(sound)) };
        return last.browser;
      });
      await last?.browser.close();
    },
    { scope: "worker" },
  ],

  context: async ({ hearing, sound, contextOptions, baseURL, faults, tolerated, origin }, use) => {
    const browser = await hearing(sound);
    const context = await browser.newContext({ ...contextOptions, ...(baseURL ? { baseURL } : {}) });
    context.on("console", (message) => {
      if (message.type() === "error") faults.push(`${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => faults.push(String(error.error())));
    context.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      // Other services of a test are on this host, too.
      if (/^(?:https?|wss?):$/.test(protocol) && hostname !== new URL(origin).hostname) {
        faults.push(`a request to ${request.url()}`);
      }
    });
    await use(context);
    await context.close();
    const serious = faults.filter((fault) => !tolerated.some((one) => one.test(fault)));
    expect(serious, "errors in the console, and requests to elsewhere").toEqual([]);
  },

  // biome-ignore lint/correctness/noEmptyPattern: see above
  faults: async ({}, use) => use([]),

  // biome-ignore lint/correctness/noEmptyPattern: see above
  another: async ({}, use) => {
    const started: Service[] = [];
    await use(async (wishes) => {
      const service = await serve(process.env.SONICA_E2E_HOME ?? "", wishes);
      started.push(service);
      return service;
    });
    for (const service of started) await service.stop();
  },
});

/** What Chromium says where nobody answers. */
export const UNANSWERED = /net::ERR_(?:INTERNET_DISCONNECTED|CONNECTION_REFUSED|FAILED)/;

/** The app, drawn and at work: React has taken the page over. */
export async function open(page: Page, path = "/"): Promise<void> {
  await page.goto(path);
  await ready(page);
}

/** Until then a press would be lost: the page is there before its scripts are. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    Object.keys(document.querySelector("main") ?? {}).some((key) => key.startsWith("__reactFiber")),
  );
  await page.waitForFunction(() => document.documentElement.dataset.pending === undefined);
}

/** Presses, and waits for what the card says: its status. */
export async function pressed(page: Page): Promise<string | null> {
  await page.getByTestId("listen").click();
  return answered(page);
}

export async function answered(page: Page): Promise<string | null> {
  const card = page.getByTestId("answer");
  await card.waitFor();
  return card.getAttribute("data-status");
}

/** Waits until the service worker has kept the app and answers for the page. */
export async function installed(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }),
      );
    }
  });
}

/** Nothing that the service finds comes to the page; with `opened`, until then: what was heard is asked for anew. */
export async function unanswered(page: Page, opened = new Promise<void>(() => undefined)): Promise<void> {
  await page.route("**/v1/recognize", async (route) => {
    await opened;
    await route.continue().catch(() => undefined); // one that was given up meanwhile
  });
  const held = new Set<WebSocketRoute>();
  let isOpen = false;
  let heard = 0;
  const hearing = (socket: WebSocketRoute) => {
    heard += 0.1;
    socket.send(`{"event": "hearing", "heard_s": ${heard}, "looked_s": 0}`);
  };
  // Who hears nothing new of the service gives it up, also once all of the sound is sent.
  const beat = setInterval(() => held.forEach(hearing), 1_000);
  page.once("close", () => clearInterval(beat));
  void opened.then(() => {
    isOpen = true;
    clearInterval(beat);
    for (const socket of held) void socket.close({ code: 1012 });
  });
  await page.routeWebSocket("**/v1/listen*", (socket) => {
    if (isOpen) {
      socket.connectToServer();
      return;
    }
    held.add(socket);
    socket.onMessage(() => hearing(socket));
    socket.onClose(() => {
      held.delete(socket);
      void socket.close();
    });
  });
}

/** Holds back who waits for `opened`, until `open`. */
export function gate(): { opened: Promise<void>; open: () => void } {
  const made: { open?: () => void } = {};
  const opened = new Promise<void>((resolve) => {
    made.open = resolve;
  });
  return { opened, open: () => made.open?.() };
}
