/** What of Cache Storage is needed here. */
export interface CacheShelf {
  open(name: string): Promise<Pick<Cache, "match" | "put" | "delete">>;
}

export const SHARED_CACHE = "sonica-shared";
/** Only a key: nothing is served there. */
const SHARED_FILE = "/share/file";
const FILE_NAME = "Sonica-File-Name";
/** Tells one that was shared from another. */
const SHARE = "Sonica-Share";

export interface Shared {
  file: File;
  id: string;
}

/** Puts what another app shared where the page finds it. There is room for one: the last one counts. */
export async function keepShared(file: File, shelf: CacheShelf = caches): Promise<void> {
  const headers = {
    "Content-Type": file.type || "application/octet-stream",
    // Headers are no place for Devanagari.
    [FILE_NAME]: encodeURIComponent(file.name),
    [SHARE]: crypto.randomUUID(),
  };
  const cache = await shelf.open(SHARED_CACHE);
  await cache.delete(SHARED_FILE); // should there be no room for this one, the one before is no answer to it
  await cache.put(SHARED_FILE, new Response(file, { headers }));
}

/** What another app shared; null where there is nothing. It stays until `forgetShared`. */
export async function lookShared(shelf: CacheShelf | undefined = globalThis.caches): Promise<Shared | null> {
  if (!shelf) return null;
  const cache = await shelf.open(SHARED_CACHE);
  const kept = await cache.match(SHARED_FILE);
  if (!kept) return null;
  const content = await kept.arrayBuffer();
  const name = decodeURIComponent(kept.headers.get(FILE_NAME) ?? "");
  const file = new File([content], name, { type: kept.headers.get("Content-Type") ?? "" });
  return { file, id: kept.headers.get(SHARE) ?? "" };
}

/** Once all has been made of it that can be made; another that came meanwhile stays. */
export async function forgetShared(
  id: string,
  shelf: CacheShelf | undefined = globalThis.caches,
): Promise<void> {
  const cache = await shelf?.open(SHARED_CACHE);
  const kept = await cache?.match(SHARED_FILE);
  if (kept?.headers.get(SHARE) === id) await cache?.delete(SHARED_FILE);
}
