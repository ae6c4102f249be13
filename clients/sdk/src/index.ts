/** Sonica's service in TypeScript: what a page needs, and all that is generated for whoever needs more. */

import type {
  Chart,
  ListSongsData,
  Manifest,
  PackList,
  Recognized,
  ShowChartData,
  SongDetail,
  SongList,
} from "./generated";
import {
  giveFeedback,
  listPacks,
  listSongs,
  recognize,
  showChart,
  showPackManifest,
  showSong,
} from "./generated";
import { type Client, createClient } from "./generated/client";
import { problemOf } from "./problem";
import { type ScanEvent, scanFingerprint } from "./scan";

export * from "./generated";
export { type Client, createClient } from "./generated/client";
export { type FrameFlags, Live, type LiveEvent, LiveLost, type LiveOptions, type Perhaps } from "./live";
export { SonicaProblem } from "./problem";
export { type ScanEvent, ScanLost } from "./scan";

/** What every question may be given. */
export interface Asking {
  signal?: AbortSignal | undefined;
}

export interface Recognizing extends Asking {
  /** The same for all looks at one listening, and as random as a UUID: they count as few against the quota. */
  session?: string | undefined;
  /** As random as a UUID, the same when it is sent again: it gets the answer of the first time. */
  idempotencyKey?: string | undefined;
}

/** A manifest as it was signed: `signature` is Ed25519, base64, of `bytes`. */
export interface SignedManifest {
  manifest: Manifest;
  bytes: Uint8Array<ArrayBuffer>;
  signature: string;
}

/** The service. Each method throws SonicaProblem where it refuses, and what `fetch` throws where it is away. */
export interface Sonica {
  /** The generated functions take it: `addMusic({ client: sonica.client, … })`. */
  client: Client;
  /** Names the song in a fingerprint. */
  recognizeFingerprint(bytes: Uint8Array, asking?: Recognizing): Promise<Recognized>;
  /**
   * The songs in the fingerprint of a long recording, as they are found, with how far it is; the last is the `end`.
   * Whoever stops reading, or aborts, ends the work. Throws ScanLost, too, where it breaks off.
   */
  scan(bytes: Uint8Array, asking?: Asking): AsyncGenerator<ScanEvent, void, undefined>;
  /** Says whether an answer is right; what is said last holds. `songId`: what it is instead. */
  feedback(
    answer: Pick<Recognized, "id" | "feedback_token">,
    said: { isRight: boolean; songId?: number | undefined },
    asking?: Asking,
  ): Promise<void>;
  /** A page of songs; `cursor` is the `next` of the page before. */
  songs(which?: NonNullable<ListSongsData["query"]>, asking?: Asking): Promise<SongList>;
  song(id: number, asking?: Asking): Promise<SongDetail>;
  charts(which?: NonNullable<ShowChartData["query"]>, asking?: Asking): Promise<Chart>;
  packs(asking?: Asking): Promise<PackList>;
  packManifest(name: string, asking?: Asking): Promise<SignedManifest>;
}

/** What talks to the service at `baseUrl`; "" is where the page comes from. */
export function createSonica(where: { baseUrl: string; fetch?: typeof fetch }): Sonica {
  const client = createClient({
    baseUrl: where.baseUrl.replace(/\/+$/, ""),
    ...(where.fetch && { fetch: where.fetch }),
  });
  const by = (asking: Asking = {}) => ({ client, ...(asking.signal && { signal: asking.signal }) });

  return {
    client,
    recognizeFingerprint: (bytes, asking = {}) =>
      done(
        recognize({
          ...by(asking),
          body: new Blob([bytes as BlobPart]),
          headers: {
            ...(asking.session && { "Sonica-Session": asking.session }),
            ...(asking.idempotencyKey && { "Idempotency-Key": asking.idempotencyKey }),
          },
        }),
      ),
    scan: (bytes, asking = {}) => scanFingerprint(client, bytes, asking.signal),
    feedback: async (answer, said, asking) => {
      const body = {
        token: answer.feedback_token,
        is_right: said.isRight,
        ...(said.songId !== undefined && { song_id: said.songId }),
      };
      await done(giveFeedback({ ...by(asking), path: { id: answer.id }, body }));
    },
    songs: (which = {}, asking) => done(listSongs({ ...by(asking), query: which })),
    song: (id, asking) => done(showSong({ ...by(asking), path: { id } })),
    charts: (which = {}, asking) => done(showChart({ ...by(asking), query: which })),
    packs: (asking) => done(listPacks(by(asking))),
    packManifest: async (name, asking) => {
      // As bytes: whoever reads JSON and writes it again does not get what was signed.
      const asked = showPackManifest({ ...by(asking), path: { name }, parseAs: "arrayBuffer" });
      const bytes = new Uint8Array((await done(asked)) as unknown as ArrayBuffer);
      const signature = (await asked).response?.headers.get("Sonica-Signature") ?? "";
      return { manifest: JSON.parse(new TextDecoder().decode(bytes)) as Manifest, bytes, signature };
    },
  };
}

/** What an answer holds. Throws SonicaProblem, or what kept it from coming. */
async function done<Data>(
  asked: Promise<{ data: Data; error: unknown; response?: Response }>,
): Promise<Exclude<Data, undefined>> {
  const { data, error, response } = await asked;
  if (error === undefined) return data as Exclude<Data, undefined>;
  // An answer may also break off while its body comes: that is no problem that the service told of.
  throw response && !response.ok && !(error instanceof Error) ? problemOf(response, error) : error;
}
