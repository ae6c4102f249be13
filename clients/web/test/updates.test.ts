import { expect, test, vi } from "vitest";
import { register } from "../src/offline/updates.ts";

class Worker extends EventTarget {
  state = "installing";
  postMessage = vi.fn();
  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

class Registration extends EventTarget {
  installing: Worker | null = null;
  waiting: Worker | null = null;
  update = vi.fn(async () => undefined);
  find(): Worker {
    this.installing = new Worker();
    this.dispatchEvent(new Event("updatefound"));
    return this.installing;
  }
}

class Container extends EventTarget {
  controller: object | null = null;
  readonly registration = new Registration();
  register = vi.fn(async () => this.registration);
  control(): void {
    this.controller = {};
    this.dispatchEvent(new Event("controllerchange"));
  }
}

class Page extends EventTarget {
  visibilityState = "visible" as const;
}

async function open(container: Container) {
  const [offers, reload, page, clock] = [[] as (() => void)[], vi.fn(), new Page(), { now: 0 }];
  await register((apply) => offers.push(apply), {
    container: container as unknown as ServiceWorkerContainer,
    page: page as unknown as Document,
    reload,
    now: () => clock.now,
  });
  return { offers, reload, page, clock };
}

test("the first worker is no update", async () => {
  const container = new Container();
  const { offers, reload } = await open(container);
  const worker = container.registration.find();
  worker.become("installed");
  container.control();
  expect([offers.length, reload.mock.calls.length]).toEqual([0, 0]);
});

test("a new worker waits until the page says so; then the page is loaded anew", async () => {
  const container = new Container();
  container.control();
  const { offers, reload } = await open(container);
  const worker = container.registration.find();
  expect(offers).toHaveLength(0);
  worker.become("installed");
  expect(offers).toHaveLength(1);
  expect(worker.postMessage).not.toHaveBeenCalled();
  offers[0]?.();
  expect(worker.postMessage).toHaveBeenCalledWith({ type: "SKIP_WAITING" });
  expect(reload).not.toHaveBeenCalled();
  container.control();
  expect(reload).toHaveBeenCalledTimes(1);
});

test("one that waits since an earlier visit is offered at once", async () => {
  const container = new Container();
  container.control();
  container.registration.waiting = new Worker();
  expect((await open(container)).offers).toHaveLength(1);
});

test("where another tab applied it, this one is not loaded anew before it says so", async () => {
  const container = new Container();
  container.control();
  const { offers, reload } = await open(container);
  const worker = container.registration.find();
  worker.become("installed");
  worker.become("activated");
  container.control();
  expect(reload).not.toHaveBeenCalled();
  expect(offers).toHaveLength(2);
  offers[0]?.();
  expect(reload).toHaveBeenCalledTimes(1);
});

test("asks for a new one when it is looked at again, once an hour at most", async () => {
  const container = new Container();
  const { page, clock } = await open(container);
  const { update } = container.registration;
  update.mockRejectedValue(new TypeError("offline"));
  for (const now of [1, 3_600_000, 3_600_001, 7_200_000]) {
    clock.now = now;
    page.dispatchEvent(new Event("visibilitychange"));
  }
  expect(update).toHaveBeenCalledTimes(2);
});

test("a browser without workers, or that refuses one, is no failure", async () => {
  expect(await register(vi.fn(), { container: undefined })).toBeUndefined();
  const container = new Container();
  container.register.mockRejectedValue(new DOMException("no", "SecurityError"));
  expect((await open(container)).offers).toEqual([]);
});
