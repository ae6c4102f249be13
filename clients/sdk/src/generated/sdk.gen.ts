// @ts-nocheck
// Generated from openapi.json: `pnpm --filter @sonica/sdk run generate`

import type { Client, ClientMeta, Options as Options2, RequestResult, TDataShape } from './client';
import type { AddMusicData, AddMusicErrors, AddMusicResponses, EditSongData, EditSongErrors, EditSongResponses, FetchOriginalData, FetchOriginalErrors, FetchOriginalResponses, FetchPackData, FetchPackErrors, FetchPackResponses, GiveFeedbackData, GiveFeedbackErrors, GiveFeedbackResponses, IsAliveData, IsAliveResponses, IsReadyData, IsReadyErrors, IsReadyResponses, ListIngestsData, ListIngestsErrors, ListIngestsResponses, ListPacksData, ListPacksErrors, ListPacksResponses, ListSongsData, ListSongsErrors, ListSongsResponses, MergeSongsData, MergeSongsErrors, MergeSongsResponses, PublishPackData, PublishPackErrors, PublishPackResponses, RecognizeData, RecognizeErrors, RecognizeResponses, RemovePackData, RemovePackErrors, RemovePackResponses, RemoveSongData, RemoveSongErrors, RemoveSongResponses, ScanData, ScanErrors, ScanResponses, ShowChartData, ShowChartErrors, ShowChartResponses, ShowIngestData, ShowIngestErrors, ShowIngestFilesData, ShowIngestFilesErrors, ShowIngestFilesResponses, ShowIngestResponses, ShowPackKeyData, ShowPackKeyErrors, ShowPackKeyResponses, ShowPackMakingData, ShowPackMakingErrors, ShowPackMakingResponses, ShowPackManifestData, ShowPackManifestErrors, ShowPackManifestResponses, ShowSongData, ShowSongErrors, ShowSongResponses, SteerIngestData, SteerIngestErrors, SteerIngestResponses } from './types.gen';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: keyof ClientMeta extends never ? Record<string, unknown> : ClientMeta;
};

/**
 * Is Alive
 *
 * Whether the process answers; where it does not, start it again.
 */
export const isAlive = <ThrowOnError extends boolean = false>(options: Options<IsAliveData, ThrowOnError>): RequestResult<IsAliveResponses, unknown, ThrowOnError> => options.client.get<IsAliveResponses, unknown, ThrowOnError>({ url: '/healthz', ...options });

/**
 * Is Ready
 *
 * Whether queries can be answered now; where not, send them elsewhere.
 */
export const isReady = <ThrowOnError extends boolean = false>(options: Options<IsReadyData, ThrowOnError>): RequestResult<IsReadyResponses, IsReadyErrors, ThrowOnError> => options.client.get<IsReadyResponses, IsReadyErrors, ThrowOnError>({ url: '/readyz', ...options });

/**
 * Recognize
 *
 * Names the song in a fingerprint, or in an audio or video file of any common format.
 *
 * A file may also come as the part `file` of a form. Its first half minute is heard.
 */
export const recognize = <ThrowOnError extends boolean = false>(options: Options<RecognizeData, ThrowOnError>): RequestResult<RecognizeResponses, RecognizeErrors, ThrowOnError> => options.client.post<RecognizeResponses, RecognizeErrors, ThrowOnError>({
    bodySerializer: null,
    url: '/v1/recognize',
    ...options,
    headers: {
        'Content-Type': 'application/vnd.sonica.fingerprint',
        ...options.headers
    }
});

/**
 * Give Feedback
 *
 * Says whether an answer is right; what is said last holds.
 */
export const giveFeedback = <ThrowOnError extends boolean = false>(options: Options<GiveFeedbackData, ThrowOnError>): RequestResult<GiveFeedbackResponses, GiveFeedbackErrors, ThrowOnError> => options.client.post<GiveFeedbackResponses, GiveFeedbackErrors, ThrowOnError>({
    url: '/v1/recognitions/{id}/feedback',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Scan
 *
 * Lists the songs in the fingerprint of a long recording, of up to three hours.
 *
 * Each started ten minutes count once against the quota. Whoever closes the connection ends the work.
 * Nothing of it is kept.
 */
export const scan = <ThrowOnError extends boolean = false>(options: Options<ScanData, ThrowOnError>): RequestResult<ScanResponses, ScanErrors, ThrowOnError> => options.client.post<ScanResponses, ScanErrors, ThrowOnError>({
    bodySerializer: null,
    url: '/v1/scan',
    ...options,
    headers: {
        'Content-Type': 'application/vnd.sonica.fingerprint',
        ...options.headers
    }
});

/**
 * List Songs
 *
 * Lists the songs, by id; with `q` those that fit it, the best first.
 *
 * Following `next` shows each song once, also while others are added or removed.
 */
export const listSongs = <ThrowOnError extends boolean = false>(options: Options<ListSongsData, ThrowOnError>): RequestResult<ListSongsResponses, ListSongsErrors, ThrowOnError> => options.client.get<ListSongsResponses, ListSongsErrors, ThrowOnError>({ url: '/v1/songs', ...options });

/**
 * Remove Song
 *
 * Removes a song with all its recordings; no process names it any more. The files stay.
 */
export const removeSong = <ThrowOnError extends boolean = false>(options: Options<RemoveSongData, ThrowOnError>): RequestResult<RemoveSongResponses, RemoveSongErrors, ThrowOnError> => options.client.delete<RemoveSongResponses, RemoveSongErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/songs/{id}',
    ...options
});

/**
 * Show Song
 *
 * Shows a song and its recordings.
 */
export const showSong = <ThrowOnError extends boolean = false>(options: Options<ShowSongData, ThrowOnError>): RequestResult<ShowSongResponses, ShowSongErrors, ThrowOnError> => options.client.get<ShowSongResponses, ShowSongErrors, ThrowOnError>({ url: '/v1/songs/{id}', ...options });

/**
 * Edit Song
 *
 * Says otherwise what a song is called. With `If-Match` only where it is as it was seen.
 */
export const editSong = <ThrowOnError extends boolean = false>(options: Options<EditSongData, ThrowOnError>): RequestResult<EditSongResponses, EditSongErrors, ThrowOnError> => options.client.patch<EditSongResponses, EditSongErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/songs/{id}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Merge Songs
 *
 * Makes the recordings of other songs recordings of this one, which keeps its title.
 *
 * Where one of the songs is not there, nothing is changed.
 */
export const mergeSongs = <ThrowOnError extends boolean = false>(options: Options<MergeSongsData, ThrowOnError>): RequestResult<MergeSongsResponses, MergeSongsErrors, ThrowOnError> => options.client.post<MergeSongsResponses, MergeSongsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/songs/{id}/merge',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Fetch Original
 *
 * Fetches the file of a recording, or the rest of one: its address always has the same bytes.
 *
 * Where the operator keeps originals in a store of objects, the answer says where, for an hour.
 */
export const fetchOriginal = <ThrowOnError extends boolean = false>(options: Options<FetchOriginalData, ThrowOnError>): RequestResult<FetchOriginalResponses, FetchOriginalErrors, ThrowOnError> => options.client.get<FetchOriginalResponses, FetchOriginalErrors, ThrowOnError>({ url: '/v1/originals/{name}', ...options });

/**
 * Show Chart
 *
 * Shows what was recognised most in the last day, week, month or year. It is drawn up every hour.
 */
export const showChart = <ThrowOnError extends boolean = false>(options: Options<ShowChartData, ThrowOnError>): RequestResult<ShowChartResponses, ShowChartErrors, ThrowOnError> => options.client.get<ShowChartResponses, ShowChartErrors, ThrowOnError>({ url: '/v1/charts', ...options });

/**
 * List Packs
 *
 * Lists the packs that can be fetched, with their signatures.
 */
export const listPacks = <ThrowOnError extends boolean = false>(options: Options<ListPacksData, ThrowOnError>): RequestResult<ListPacksResponses, ListPacksErrors, ThrowOnError> => options.client.get<ListPacksResponses, ListPacksErrors, ThrowOnError>({ url: '/v1/packs', ...options });

/**
 * Show Pack Key
 *
 * Shows the key that packs are signed with. Keep it: a pack that it did not sign is not ours.
 */
export const showPackKey = <ThrowOnError extends boolean = false>(options: Options<ShowPackKeyData, ThrowOnError>): RequestResult<ShowPackKeyResponses, ShowPackKeyErrors, ThrowOnError> => options.client.get<ShowPackKeyResponses, ShowPackKeyErrors, ThrowOnError>({ url: '/v1/packs/key', ...options });

/**
 * Remove Pack
 *
 * Takes a pack back: it is listed and given out no more.
 */
export const removePack = <ThrowOnError extends boolean = false>(options: Options<RemovePackData, ThrowOnError>): RequestResult<RemovePackResponses, RemovePackErrors, ThrowOnError> => options.client.delete<RemovePackResponses, RemovePackErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/packs/{name}',
    ...options
});

/**
 * Fetch Pack
 *
 * Fetches a pack, or the rest of one: with `Range`, and `If-Range` with the `ETag` of what is there.
 */
export const fetchPack = <ThrowOnError extends boolean = false>(options: Options<FetchPackData, ThrowOnError>): RequestResult<FetchPackResponses, FetchPackErrors, ThrowOnError> => options.client.get<FetchPackResponses, FetchPackErrors, ThrowOnError>({ url: '/v1/packs/{name}', ...options });

/**
 * Publish Pack
 *
 * Has a pack be made, or made anew, in the background. What was published stays until that is whole.
 */
export const publishPack = <ThrowOnError extends boolean = false>(options: Options<PublishPackData, ThrowOnError>): RequestResult<PublishPackResponses, PublishPackErrors, ThrowOnError> => options.client.put<PublishPackResponses, PublishPackErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/packs/{name}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Show Pack Manifest
 *
 * Shows what was signed of a pack, to the byte; `Sonica-Signature` is the signature, base64.
 */
export const showPackManifest = <ThrowOnError extends boolean = false>(options: Options<ShowPackManifestData, ThrowOnError>): RequestResult<ShowPackManifestResponses, ShowPackManifestErrors, ThrowOnError> => options.client.get<ShowPackManifestResponses, ShowPackManifestErrors, ThrowOnError>({ url: '/v1/packs/{name}/manifest', ...options });

/**
 * Show Pack Making
 *
 * Shows how far the making of a pack is, and why it failed if it did.
 */
export const showPackMaking = <ThrowOnError extends boolean = false>(options: Options<ShowPackMakingData, ThrowOnError>): RequestResult<ShowPackMakingResponses, ShowPackMakingErrors, ThrowOnError> => options.client.get<ShowPackMakingResponses, ShowPackMakingErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/packs/{name}/making',
    ...options
});

/**
 * List Ingests
 *
 * Lists what was asked for, the newest first.
 */
export const listIngests = <ThrowOnError extends boolean = false>(options: Options<ListIngestsData, ThrowOnError>): RequestResult<ListIngestsResponses, ListIngestsErrors, ThrowOnError> => options.client.get<ListIngestsResponses, ListIngestsErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ingest',
    ...options
});

/**
 * Add Music
 *
 * Takes an order to add music, and answers once it is sure to be done; `Location` shows how far it is.
 *
 * An audio or video file of at most 256 MiB, raw or as the part `file` of a form; or, as JSON, a folder or a
 * manifest on the server's disk, in a folder that the operator named (`SONICA_INGEST_FOLDERS`), or a prefix
 * of an object store (`SONICA_INGEST_PREFIXES`). Files that are sent, and objects, are always
 * kept as originals.
 */
export const addMusic = <ThrowOnError extends boolean = false>(options: Options<AddMusicData, ThrowOnError>): RequestResult<AddMusicResponses, AddMusicErrors, ThrowOnError> => options.client.post<AddMusicResponses, AddMusicErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ingest',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Show Ingest
 *
 * Shows how far it is. A file that counts as added is named by every process from now on.
 */
export const showIngest = <ThrowOnError extends boolean = false>(options: Options<ShowIngestData, ThrowOnError>): RequestResult<ShowIngestResponses, ShowIngestErrors, ThrowOnError> => options.client.get<ShowIngestResponses, ShowIngestErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ingest/{id}',
    ...options
});

/**
 * Show Ingest Files
 *
 * Reports what became of each file.
 */
export const showIngestFiles = <ThrowOnError extends boolean = false>(options: Options<ShowIngestFilesData, ThrowOnError>): RequestResult<ShowIngestFilesResponses, ShowIngestFilesErrors, ThrowOnError> => options.client.get<ShowIngestFilesResponses, ShowIngestFilesErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ingest/{id}/files',
    ...options
});

/**
 * Steer Ingest
 *
 * Pauses it, resumes it where it was paused or has failed, or cancels it for good.
 *
 * What is added stays; a file or sixteen that are at work are finished first.
 */
export const steerIngest = <ThrowOnError extends boolean = false>(options: Options<SteerIngestData, ThrowOnError>): RequestResult<SteerIngestResponses, SteerIngestErrors, ThrowOnError> => options.client.post<SteerIngestResponses, SteerIngestErrors, ThrowOnError>({
    security: [{ scheme: 'bearer', type: 'http' }],
    url: '/v1/ingest/{id}/{action}',
    ...options
});
