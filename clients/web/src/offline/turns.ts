import type { Database } from "../keep/database.ts";

/** What is needed of `navigator.locks`. */
export interface Locks {
  request<T>(name: string, options: { signal?: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

export interface Turns {
  /** Does `work` while no other tab or worker does. Undefined: another is at it, and sees to the rest. */
  take<T>(now: () => number, work: (turn: Turn) => Promise<T>): Promise<T | undefined>;
}

export interface Turn {
  /** To be called before each step. False: it took so long that another may have begun. */
  keep(): Promise<boolean>;
}

interface Lease {
  holder: string;
  from: number;
  until: number;
}

/** Longer than a step takes: a post is given up after half of it. */
const LEASE_MS = 60_000;

export interface TurnsNeeds {
  name: string;
  database: Database;
  locks?: Locks | undefined;
}

/** Web Locks where there are: they end with the tab. Else a lease in the database, which ends by itself. */
export function createTurns({ name, database, locks }: TurnsNeeds): Turns {
  if (locks) {
    // Waits, so that nothing that was put in as the other one ended is passed over.
    return { take: (_now, work) => locks.request(name, {}, () => work({ keep: async () => true })) };
  }
  const key = `lease-${name}`;
  return {
    async take(now, work) {
      const holder = crypto.randomUUID();
      const keep = (first: boolean) => lease(database, key, holder, now(), first);
      if (!(await keep(true))) return undefined;
      try {
        return await work({ keep: () => keep(false) });
      } finally {
        await release(database, key, holder);
      }
    },
  };
}

function lease(
  database: Database,
  key: string,
  holder: string,
  now: number,
  mayBegin: boolean,
): Promise<boolean> {
  return database.use(async (connection) => {
    const transaction = connection.transaction("settings", "readwrite");
    const held = (await transaction.store.get(key)) as Lease | undefined;
    // One that begins in the future was taken before the clock was set back.
    const isHeld = held !== undefined && held.from <= now && now < held.until;
    const isMine = mayBegin ? !isHeld : held?.holder === holder;
    if (isMine) await transaction.store.put({ holder, from: now, until: now + LEASE_MS }, key);
    await transaction.done;
    return isMine;
  });
}

function release(database: Database, key: string, holder: string): Promise<void> {
  return database.use(async (connection) => {
    const transaction = connection.transaction("settings", "readwrite");
    const held = (await transaction.store.get(key)) as Lease | undefined;
    if (held?.holder === holder) await transaction.store.delete(key);
    await transaction.done;
  });
}
