import { CacheFirst, ExpirationPlugin, NavigationRoute, NetworkFirst, Serwist } from "serwist";
import { openOffline } from "../offline/open.ts";
import { SYNC_TAG } from "../offline/queue.ts";
import {
  API_CACHE,
  engineCache,
  isKept,
  isOutdated,
  isWell,
  mayKeep,
  NOT_THE_APP,
  pagesOf,
  receiveShare,
} from "./routes.ts";
import type { WorkerScope } from "./scope.ts";

declare const self: WorkerScope;
/** Of all files of the engine together; put in by scripts/build-sw.mjs. */
declare const ENGINE_REVISION: string;

const DAY_S = 24 * 60 * 60;
const WAIT_S = 3;

const serwist = new Serwist({
  precacheEntries: self.__SW_MANIFEST ?? [],
  precacheOptions: {
    cleanupOutdatedCaches: true,
    // Nothing in an exported page depends on its query: it is read in the page.
    ignoreURLParametersMatching: [/./],
    urlManipulation: ({ url }) => pagesOf(url),
    // On bad networks fewer at once are whole sooner.
    concurrency: 4,
  },
  // The page says when, so that nobody's listening is cut off.
  skipWaiting: false,
  // The first visit is kept already.
  clientsClaim: true,
  disableDevLogs: true,
  runtimeCaching: [
    {
      matcher: ({ url, request, sameOrigin }) => sameOrigin && isKept(url, request),
      handler: new NetworkFirst({
        cacheName: API_CACHE,
        networkTimeoutSeconds: WAIT_S,
        plugins: [
          {
            fetchDidSucceed: async ({ response, state }) => {
              if (isWell(response)) return response;
              if (state) state.unwell = response;
              throw new Error("The service is not well.");
            },
            // Nothing was kept: then it is the answer all the same.
            handlerDidError: async ({ state }) => state?.unwell as Response | undefined,
          },
          { cacheWillUpdate: async ({ response }) => (mayKeep(response) ? response : null) },
          new ExpirationPlugin({ maxEntries: 60, maxAgeSeconds: 30 * DAY_S, purgeOnQuotaError: true }),
        ],
      }),
    },
    {
      // Those that are too large to be fetched before they are wanted.
      matcher: ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith("/engine/"),
      handler: new CacheFirst({
        cacheName: engineCache(ENGINE_REVISION),
        plugins: [new ExpirationPlugin({ maxEntries: 20, purgeOnQuotaError: true })],
      }),
    },
    {
      // Before it goes to another page, Next asks whether that is there.
      matcher: ({ url, sameOrigin }) => sameOrigin && NOT_THE_APP.every((own) => !own.test(url.pathname)),
      method: "HEAD",
      handler: async ({ request, url }) => (await headOf(url)) ?? fetch(request),
    },
    {
      matcher: ({ url, sameOrigin }) => sameOrigin && url.pathname === "/share",
      method: "POST",
      handler: ({ request }) => receiveShare(request),
    },
  ],
});

async function headOf(url: URL): Promise<Response | undefined> {
  for (const { pathname } of [url, ...pagesOf(url)]) {
    const kept = await serwist.matchPrecache(pathname);
    if (kept) return new Response(null, { status: kept.status, headers: kept.headers });
  }
  return undefined;
}

// A page that is not in the export: the network says what it is, and without one the app does.
const elsewhere = new NavigationRoute(
  async ({ request }) => {
    try {
      return await fetch(request);
    } catch (error) {
      const app = await serwist.matchPrecache("/index.html");
      if (!app) throw error;
      return app;
    }
  },
  { denylist: NOT_THE_APP },
);
serwist.registerRoute(elsewhere);

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => {
      const old = names.filter((name) => isOutdated(name, ENGINE_REVISION));
      return Promise.all(old.map((name) => caches.delete(name)));
    }),
  );
});

const offline = openOffline({
  registration: self.registration,
  base: process.env.NEXT_PUBLIC_SONICA_API ?? "",
});

self.addEventListener("sync", (event) => {
  if (event.tag === SYNC_TAG) event.waitUntil(deliverAll());
});

/** Rejects where something is left: then the browser tries again by itself. */
async function deliverAll(): Promise<void> {
  const { left } = await offline.deliver();
  if (left > 0) throw new Error("Some are left.");
}

serwist.addEventListeners();
