import type { Connection, Database, Installed, Piece } from "../keep/database.ts";

/** The pieces of one pack, as they are on the disk. */
export interface Pieces {
  /** How far it is there without a gap, and the tag of what it is a part of. */
  reached(): Promise<{ bytes: number; etag: string }>;
  put(from: number, etag: string, content: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The whole; undefined where something is missing. */
  whole(bytes: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
  clear(): Promise<void>;
}

export function createPieces(database: Database, name: string, sha256: string): Pieces {
  const range = () =>
    IDBKeyRange.bound([name, sha256, Number.NEGATIVE_INFINITY], [name, sha256, Number.POSITIVE_INFINITY]);

  return {
    reached: () =>
      database.use(async (connection) => {
        let [bytes, etag] = [0, ""];
        // One after the other: all at once would be the whole pack in memory.
        let cursor = await connection.transaction("pieces").store.openCursor(range());
        while (cursor) {
          const piece = cursor.value;
          if (bytes === 0) etag = piece.etag;
          if (follows(piece, bytes, etag)) bytes += piece.content.length;
          cursor = await cursor.continue();
        }
        return { bytes, etag };
      }),

    async put(from, etag, content) {
      await database.use((connection) => connection.put("pieces", { name, sha256, from, etag, content }));
    },

    whole: (bytes) =>
      database.use(async (connection) => {
        const content = new Uint8Array(bytes);
        let [at, etag] = [0, ""];
        let cursor = await connection.transaction("pieces").store.openCursor(range());
        while (cursor) {
          const piece = cursor.value;
          if (at === 0) etag = piece.etag;
          if (follows(piece, at, etag) && at + piece.content.length <= bytes) {
            content.set(piece.content, at);
            at += piece.content.length;
          }
          cursor = await cursor.continue();
        }
        return at === bytes ? content : undefined;
      }),

    clear: () => database.use((connection) => connection.delete("pieces", range())),
  };
}

/** Two tabs may have written it in pieces that lie over each other. */
function follows(piece: Piece, at: number, etag: string): boolean {
  return piece.from === at && piece.etag === etag;
}

/** Takes out all pieces of the pack but those of `sha256`. */
async function clearOthers(connection: Connection, name: string, sha256: string | undefined): Promise<void> {
  const transaction = connection.transaction(["packs", "pieces"], "readwrite");
  const kept = (await transaction.objectStore("packs").get(name))?.sha256;
  const pieces = transaction.objectStore("pieces");
  const keys = await pieces.getAllKeys(IDBKeyRange.bound([name, "", 0], [name, "\uffff", 0]));
  const others = keys.filter(([, of]) => of !== sha256 && of !== kept);
  await Promise.all([...others.map((key) => pieces.delete(key)), transaction.done]);
}

/** What was begun of another version goes; what is installed stays, and so does what was begun of this one. */
export function clearBegun(database: Database, name: string, sha256?: string): Promise<void> {
  return database.use((connection) => clearOthers(connection, name, sha256));
}

/** From here on the new pack is the pack, and the pieces of the old one are gone: all in one. */
export function install(database: Database, pack: Installed): Promise<void> {
  return database.use(async (connection) => {
    const transaction = connection.transaction(["packs", "pieces"], "readwrite", { durability: "strict" });
    const pieces = transaction.objectStore("pieces");
    const keys = await pieces.getAllKeys(IDBKeyRange.bound([pack.name, "", 0], [pack.name, "\uffff", 0]));
    const old = keys.filter(([, sha256]) => sha256 !== pack.sha256);
    await Promise.all([
      transaction.objectStore("packs").put(pack),
      ...old.map((key) => pieces.delete(key)),
      transaction.done,
    ]);
  });
}

export function uninstall(database: Database, name: string): Promise<void> {
  return database.use(async (connection) => {
    const transaction = connection.transaction(["packs", "pieces"], "readwrite");
    await Promise.all([
      transaction.objectStore("packs").delete(name),
      transaction.objectStore("pieces").delete(IDBKeyRange.bound([name, "", 0], [name, "\uffff", 0])),
      transaction.done,
    ]);
  });
}
