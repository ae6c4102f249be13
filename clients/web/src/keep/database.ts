import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import type { Entry } from "./history.ts";

/** A fingerprint that waits for the service. */
export interface Waiting {
  seq?: number;
  entryId: string;
  /** Made once, so that a post whose answer was lost is not counted as another. */
  key: string;
  fingerprint: Uint8Array<ArrayBuffer>;
  queuedAt: number;
  tries: number;
  /** Only this one rests: the service failed over it, and might over it again. */
  rest?: Rest;
}

/** "Wrong song?", said of an answer, for the service to hear. */
export interface Report {
  entryId: string;
  recognitionId: string;
  token: string;
}

/** Not before `until`. `from` shows when the clock was set back, so that nothing rests for years. */
export interface Rest {
  from: number;
  until: number;
}

export interface PackInfo {
  name: string;
  language: string;
  recordings: number;
  bytes: number;
  sha256: string;
  madeAt: string;
}

export interface Installed extends PackInfo {
  etag: string;
  installedAt: number;
}

/** A part of a pack, from the byte `from` on. Those of an installed pack are the pack: there is no second copy. */
export interface Piece {
  name: string;
  sha256: string;
  from: number;
  etag: string;
  content: Uint8Array<ArrayBuffer>;
}

export interface Schema extends DBSchema {
  history: { key: string; value: Entry; indexes: { heard: [number, string] } };
  queue: { key: number; value: Waiting; indexes: { entry: string } };
  packs: { key: string; value: Installed };
  pieces: { key: [string, string, number]; value: Piece };
  settings: { key: string; value: unknown };
  reports: { key: string; value: Report };
}

export type Connection = IDBPDatabase<Schema>;
export type Upgrade = (
  connection: Connection,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">,
) => void;

/** One a version, in order. What is released is never changed: another is added. */
export const UPGRADES: readonly Upgrade[] = [
  (connection) => {
    // The id makes the order whole: two entries may be of the same millisecond.
    connection.createObjectStore("history", { keyPath: "id" }).createIndex("heard", ["heardAt", "id"]);
    connection
      .createObjectStore("queue", { keyPath: "seq", autoIncrement: true })
      .createIndex("entry", "entryId");
    connection.createObjectStore("packs", { keyPath: "name" });
    connection.createObjectStore("pieces", { keyPath: ["name", "sha256", "from"] });
    connection.createObjectStore("settings");
  },
  (connection) => {
    connection.createObjectStore("reports", { keyPath: "entryId" });
  },
];

export interface Database {
  /**
   * Does `work` with an open connection, and once more with a new one where the browser took the old one away.
   * So `work` is to be one transaction, of which then nothing was kept.
   */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  close(): void;
}

export interface DatabaseOptions {
  name?: string;
  upgrades?: readonly Upgrade[];
}

export function openDatabase({ name = "sonica", upgrades = UPGRADES }: DatabaseOptions = {}): Database {
  let opening: Promise<Connection> | undefined;

  function open(): Promise<Connection> {
    const mine: Promise<Connection> = openDB<Schema>(name, upgrades.length, {
      upgrade(connection, from, _to, transaction) {
        for (const upgrade of upgrades.slice(from)) upgrade(connection, transaction);
      },
      // A newer page in another tab waits for this one to let go.
      blocking: () => forget(mine),
      terminated: () => forget(mine),
    });
    mine.catch(() => forget(mine));
    return mine;
  }

  function forget(which: Promise<Connection> | undefined): void {
    if (which === undefined || which !== opening) return;
    opening = undefined;
    which.then(
      (connection) => connection.close(),
      () => undefined,
    );
  }

  function opened(): Promise<Connection> {
    opening ??= open();
    return opening;
  }

  return {
    async use(work) {
      const first = opened();
      const connection = await first;
      try {
        return await work(connection);
      } catch (error) {
        const isGone = opening !== first || (error instanceof Error && error.name === "InvalidStateError");
        if (!isGone) throw error;
        forget(first);
        return await work(await opened());
      }
    },
    close: () => forget(opening),
  };
}
