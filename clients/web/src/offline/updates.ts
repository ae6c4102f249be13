/** What of the browser is needed here. */
export interface UpdateNeeds {
  container?: ServiceWorkerContainer | undefined;
  page?: Pick<Document, "visibilityState" | "addEventListener">;
  url?: string;
  reload?: () => void;
  now?: () => number;
}

/** Installed apps stay open for weeks, and are told of nothing until they ask. */
const ASK_EVERY_MS = 60 * 60_000;

/**
 * Has the service worker be there. `onUpdate` is told when a new version is ready, and is given what puts it in
 * its place and loads the page anew. When that is, the page knows: never in the midst of listening.
 */
export async function register(
  onUpdate: (apply: () => void) => void,
  needs: UpdateNeeds = {},
): Promise<ServiceWorkerRegistration | undefined> {
  const { container = globalThis.navigator?.serviceWorker, url = "/sw.js" } = needs;
  if (!container) return undefined;
  const { reload = () => location.reload(), page = document, now = Date.now } = needs;
  let isControlled = container.controller !== null;
  let isApplying = false;

  function offer(worker: ServiceWorker): void {
    onUpdate(() => {
      isApplying = true;
      // Another tab may have put it in its place meanwhile.
      if (worker.state === "installed") worker.postMessage({ type: "SKIP_WAITING" });
      else reload();
    });
  }

  function watch(worker: ServiceWorker | null): void {
    worker?.addEventListener("statechange", () => {
      // Without a controller it is the first: there is nothing that it would replace.
      if (worker.state === "installed" && container?.controller) offer(worker);
    });
  }

  container.addEventListener("controllerchange", () => {
    const isFirst = !isControlled;
    isControlled = true;
    if (isFirst) return;
    if (isApplying) reload();
    // Another tab did it. This one has the old pages yet, and what they would load later may be gone.
    else onUpdate(reload);
  });

  const registration = await container.register(url, { updateViaCache: "none" }).catch(() => undefined);
  if (!registration) return undefined;
  if (registration.waiting && container.controller) offer(registration.waiting);
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));

  let asked = now();
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState !== "visible" || now() - asked < ASK_EVERY_MS) return;
    asked = now();
    registration.update().catch(() => undefined);
  });
  return registration;
}
