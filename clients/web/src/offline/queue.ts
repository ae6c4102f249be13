import type { Changes } from "../keep/changes.ts";
import type { Database, Rest, Waiting } from "../keep/database.ts";
import type { Entry } from "../keep/history.ts";
import { fromService, type Heard } from "./answer.ts";
import { problemOf, retryAfterMs } from "./http.ts";
import { createTurns, type Locks, type Turns } from "./turns.ts";

/** The tag of Background Sync. */
export const SYNC_TAG = "sonica-queue";

/** Posts a fingerprint; rejects where no answer came. */
export type Recognize = (fingerprint: Uint8Array<ArrayBuffer>, idempotencyKey: string) => Promise<Response>;

export interface Delivered {
  answered: number;
  /** Those that the service will never take. */
  refused: number;
  left: number;
  /** When it is worth trying again; undefined where nothing is left, or where that depends on the connection. */
  nextAt?: number;
}

export interface Queue {
  /**
   * Both, the entry in the history and what waits for its answer, or neither; written to the disk when it returns.
   * The id alone is of an entry that is there.
   */
  enqueue(fingerprint: Uint8Array, entry: string | Entry): Promise<void>;
  /** Posts what waits, the oldest first. May be called at any time, by any tab and by the service worker. */
  deliver(using: { recognize: Recognize; now: () => number }): Promise<Delivered>;
  count(): Promise<number>;
  subscribe(listener: () => void): () => void;
}

export interface QueueNeeds {
  database: Database;
  changes: Changes;
  /** `navigator.locks`, where there is. */
  locks?: Locks | undefined;
  /** Asks the browser to wake the service worker when there is a connection. */
  requestSync?: () => Promise<void>;
  now?: () => number;
  newKey?: () => string;
}

const QUEUE_REST = "queue-rest";
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 10 * 60_000;
/** No `Retry-After` of ours is longer than the window of the rate limit; one that is comes from elsewhere. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
/** What of the service's refusals will be the same tomorrow. */
const HOPELESS = new Set([400, 413, 415, 422]);
/** The service is away or has too much to do: the next fingerprint would fare no better. */
const AWAY = new Set([408, 429, 502, 503, 504]);

type Outcome = Settled | PutOff | { is: "unreachable" };
type Settled = { is: "answered"; heard: Heard } | { is: "refused"; problem: string };

/** `rests`: this one alone. `away`: all of them. `key-used`: this one, and with another key. */
interface PutOff {
  is: "rests" | "away" | "key-used";
  forMs?: number | undefined;
}

export function createQueue(needs: QueueNeeds): Queue {
  const { database, changes, requestSync, now: clock = Date.now, newKey = () => crypto.randomUUID() } = needs;
  const turns = createTurns({ name: SYNC_TAG, database, locks: needs.locks });

  const count = () => database.use((connection) => connection.count("queue"));

  async function deliverInTurn(recognize: Recognize, now: () => number, turn: Turn): Promise<Delivered> {
    const told = { answered: 0, refused: 0 };
    let nextAt = await restOfAll(database, now());
    let last = 0;
    // What was put in meanwhile is found too: the next is looked up each time.
    while (nextAt === undefined && (await turn.keep())) {
      const item = await nextAfter(database, last, now());
      const outcome = item && (await ask(recognize, item, now));
      if (!outcome || outcome.is === "unreachable") break;
      last = item.seq;
      nextAt = await take(item, outcome, told, now());
    }
    nextAt ??= await nextRest(database, now());
    return { ...told, left: await count(), ...(nextAt === undefined ? {} : { nextAt }) };
  }

  /** Gives when to go on where all are to wait. */
  async function take(
    item: Stored,
    outcome: Settled | PutOff,
    told: Record<Settled["is"], number>,
    now: number,
  ): Promise<number | undefined> {
    if (outcome.is !== "answered" && outcome.is !== "refused") return putOff(item, outcome, now);
    if (await settle(database, item, outcome)) told[outcome.is] += 1;
    changes.announce("queue", "history");
    return undefined;
  }

  /** Counts the try. Gives when to go on where all are to wait. */
  async function putOff(item: Stored, outcome: PutOff, now: number): Promise<number | undefined> {
    const grown = Math.min(FIRST_REST_MS * 2 ** Math.min(item.tries, 16), LONGEST_REST_MS);
    const rest = { from: now, until: now + Math.min(outcome.forMs ?? grown, LONGEST_RETRY_AFTER_MS) };
    const tries = item.tries + 1;
    if (outcome.is === "away") {
      await change(database, item.seq, { tries });
      await database.use((connection) => connection.put("settings", rest, QUEUE_REST));
      return rest.until;
    }
    const key = outcome.is === "key-used" ? newKey() : item.key;
    await change(database, item.seq, { tries, rest, key });
    return undefined;
  }

  return {
    async enqueue(fingerprint, entry) {
      const item: Waiting = {
        entryId: typeof entry === "string" ? entry : entry.id,
        key: newKey(),
        // A view of the engine's memory would be stored with all of that memory.
        fingerprint: new Uint8Array(fingerprint),
        queuedAt: clock(),
        tries: 0,
      };
      await database.use(async (connection) => {
        const transaction = connection.transaction(["queue", "history"], "readwrite", {
          durability: "strict",
        });
        await Promise.all([
          transaction.objectStore("queue").add(item),
          typeof entry === "string" ? undefined : transaction.objectStore("history").put(entry),
          transaction.done,
        ]);
      });
      changes.announce("queue", "history");
      // Not waited for: the item is safe. Without it the page delivers when it is next looked at.
      requestSync?.().catch(() => undefined);
    },
    async deliver({ recognize, now }) {
      const done = await turns.take(now, (turn) => deliverInTurn(recognize, now, turn));
      return done ?? { answered: 0, refused: 0, left: await count() };
    },
    count,
    subscribe: (listener) => changes.subscribe("queue", listener),
  };
}

type Turn = Parameters<Parameters<Turns["take"]>[1]>[0];
type Stored = Waiting & { seq: number };

async function ask(recognize: Recognize, item: Stored, now: () => number): Promise<Outcome> {
  let response: Response;
  let said: unknown;
  try {
    response = await recognize(item.fingerprint, item.key);
    if (response.ok) said = await response.json();
  } catch {
    return { is: "unreachable" };
  }
  if (response.ok) {
    const heard = fromService(said);
    return heard ? { is: "answered", heard } : { is: "unreachable" };
  }
  const forMs = retryAfterMs(response.headers, now());
  if (AWAY.has(response.status)) return { is: "away", forMs };
  if (response.status >= 500) return { is: "rests", forMs };
  const problem = await problemOf(response);
  // A login page of the network, or a wall before the service, may be gone tomorrow.
  if (!problem || !HOPELESS.has(response.status)) return { is: "away", forMs };
  return problem.name === "idempotency-key" ? { is: "key-used" } : { is: "refused", problem: problem.name };
}

/** Takes it out and writes what came of it, both or neither. False: the listener deleted it meanwhile. */
function settle(database: Database, item: Stored, outcome: Settled): Promise<boolean> {
  return database.use(async (connection) => {
    const transaction = connection.transaction(["queue", "history"], "readwrite", { durability: "strict" });
    const queue = transaction.objectStore("queue");
    const history = transaction.objectStore("history");
    const isThere = (await queue.getKey(item.seq)) !== undefined;
    const entry = await history.get(item.entryId);
    if (isThere) await queue.delete(item.seq);
    if (isThere && entry) {
      const came =
        outcome.is === "answered" ? outcome.heard : { status: "none" as const, failure: outcome.problem };
      await history.put({ ...entry, ...came, how: "queue" });
    }
    await transaction.done;
    return isThere;
  });
}

function change(database: Database, seq: number, changed: Partial<Waiting>): Promise<void> {
  return database.use(async (connection) => {
    const transaction = connection.transaction("queue", "readwrite");
    const kept = await transaction.store.get(seq);
    if (kept) await transaction.store.put({ ...kept, ...changed });
    await transaction.done;
  });
}

function isResting(rest: Rest, now: number): boolean {
  return rest.from <= now && now < rest.until;
}

/** When they may go on; undefined where none of them has to wait for that. */
async function restOfAll(database: Database, now: number): Promise<number | undefined> {
  const rest = (await database.use((connection) => connection.get("settings", QUEUE_REST))) as
    | Rest
    | undefined;
  return rest && isResting(rest, now) ? rest.until : undefined;
}

function nextAfter(database: Database, last: number, now: number): Promise<Stored | undefined> {
  return database.use(async (connection) => {
    const store = connection.transaction("queue").store;
    let cursor = await store.openCursor(IDBKeyRange.lowerBound(last, true));
    while (cursor?.value.rest && isResting(cursor.value.rest, now)) cursor = await cursor.continue();
    return cursor ? { ...cursor.value, seq: cursor.key } : undefined;
  });
}

async function nextRest(database: Database, now: number): Promise<number | undefined> {
  const all = await database.use((connection) => connection.getAll("queue"));
  const ends = all.flatMap(({ rest }) => (rest && isResting(rest, now) ? [rest.until] : []));
  return ends.length > 0 ? Math.min(...ends) : undefined;
}
