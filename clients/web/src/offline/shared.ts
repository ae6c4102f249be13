/** What of Cache Storage is needed here. */
export interface CacheShelf {
  open(name: string): Promise<Pick<Cache, "match" | "put" | "delete">>;
}

export const SHARED_CACHE = "sonica-shared";
/** Only a key: nothing is served there. */
const SHARED_FILE = "/share/file";
const FILE_NAME = "Sonica-File-Name";

/** Puts what another app shared where the page finds it. There is room for one: the last one counts. */
export async function keepShared(file: File, shelf: CacheShelf = caches): Promise<void> {
  const headers = {
    "Content-Type": file.type || "application/octet-stream",
    // Headers are no place for Devanagari.
    [FILE_NAME]: encodeURIComponent(file.name),
  };
  const cache = await shelf.open(SHARED_CACHE);
  await cache.put(SHARED_FILE, new Response(file, { headers }));
}

/** The file that another app shared; null where there is none. It stays until `forgetShared`. */
export async function lookShared(shelf: CacheShelf | undefined = globalThis.caches): Promise<File | null> {
  if (!shelf) return null;
  const cache = await shelf.open(SHARED_CACHE);
  const kept = await cache.match(SHARED_FILE);
  if (!kept) return null;
  const content = await kept.arrayBuffer();
  const name = decodeURIComponent(kept.headers.get(FILE_NAME) ?? "");
  return new File([content], name, { type: kept.headers.get("Content-Type") ?? "" });
}

/** Once all has been made of it that can be made. */
export async function forgetShared(shelf: CacheShelf | undefined = globalThis.caches): Promise<void> {
  const cache = await shelf?.open(SHARED_CACHE);
  await cache?.delete(SHARED_FILE);
}
