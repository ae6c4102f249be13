// @ts-nocheck
// Generated from openapi.json: `pnpm --filter @sonica/sdk run generate`

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

/**
 * Candidate
 *
 * A song that it may be, and how it lies under what was heard.
 */
export type Candidate = {
    song: SongRef;
    /**
     * Offset S
     */
    offset_s: number;
    /**
     * Speed
     */
    speed: number;
    /**
     * Pitch Semitones
     */
    pitch_semitones: number;
    /**
     * Confidence
     */
    confidence: number;
};

/**
 * Chart
 *
 * A chart; it has no more pages, so `next` is null.
 */
export type Chart = {
    /**
     * Items
     */
    items: Array<ChartPlace>;
    /**
     * Next
     */
    next: string | null;
    /**
     * Period
     */
    period: 'day' | 'week' | 'month' | 'year';
    /**
     * Drawn At
     *
     * When it was drawn up; null where nothing is in it.
     */
    drawn_at: string | null;
};

/**
 * ChartPlace
 *
 * A song in a chart.
 */
export type ChartPlace = {
    /**
     * Rank
     *
     * From 1.
     */
    rank: number;
    song: SongDetail;
    /**
     * Popularity
     *
     * Recognitions; one of half a period ago counts half as much as a new one.
     */
    popularity: number;
    /**
     * Listens
     *
     * Recognitions in the period.
     */
    listens: number;
    /**
     * Listens Before
     *
     * In the period before it.
     */
    listens_before: number;
};

/**
 * Counts
 *
 * How many files there are of each status.
 */
export type Counts = {
    /**
     * Waiting
     */
    waiting?: number;
    /**
     * Added
     */
    added?: number;
    /**
     * Known
     *
     * There already, unchanged.
     */
    known?: number;
    /**
     * Updated
     *
     * There already; the file, or what is said of it, has changed.
     */
    updated?: number;
    /**
     * Error
     */
    error?: number;
};

/**
 * Failure
 *
 * A SonicaError as it travels: `code` and `message`; the hint is for a person's terminal only.
 */
export type Failure = {
    /**
     * Code
     */
    code: string;
    /**
     * Message
     */
    message: string;
};

/**
 * Feedback
 *
 * What a listener says of an answer. `song_id`: what it was, where they know.
 */
export type Feedback = {
    /**
     * Token
     *
     * The `feedback_token` of the answer.
     */
    token: string;
    /**
     * Is Right
     */
    is_right: boolean;
    /**
     * Song Id
     */
    song_id?: number | null;
};

/**
 * Health
 *
 * That the process is alive.
 */
export type Health = {
    /**
     * Status
     */
    status?: 'ok';
};

/**
 * Ingest
 *
 * Music that is being added. `total`: files, null until they have been listed.
 */
export type Ingest = {
    /**
     * Id
     */
    id: string;
    /**
     * Kind
     */
    kind: 'upload' | 'folder' | 'manifest' | 'prefix';
    /**
     * Place
     *
     * The folder, manifest or prefix, or the name of the file that was sent.
     */
    place: string;
    /**
     * State
     */
    state: 'queued' | 'running' | 'paused' | 'cancelled' | 'done' | 'failed';
    /**
     * Why it failed as a whole; while it runs, what it waits for.
     */
    error: Failure | null;
    /**
     * Total
     */
    total: number | null;
    counts: Counts;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Ended At
     */
    ended_at: string | null;
};

/**
 * IngestFile
 *
 * What became of one file.
 */
export type IngestFile = {
    /**
     * Number
     */
    number: number;
    /**
     * File
     */
    file: string;
    /**
     * Status
     */
    status: 'waiting' | 'added' | 'known' | 'updated' | 'error';
    /**
     * Song Id
     */
    song_id: number | null;
    /**
     * Recording Id
     */
    recording_id: number | null;
    error: Failure | null;
};

/**
 * IngestList
 *
 * A page of ingests, the newest first.
 */
export type IngestList = {
    /**
     * Items
     */
    items: Array<Ingest>;
    /**
     * Next
     */
    next: string | null;
};

/**
 * IngestReport
 *
 * A page of files of an ingest, and what became of each.
 */
export type IngestReport = {
    /**
     * Items
     */
    items: Array<IngestFile>;
    /**
     * Next
     */
    next: string | null;
};

/**
 * Making
 *
 * How far the making of a pack is. What was published before stays until the next one is whole.
 */
export type Making = {
    /**
     * Name
     */
    name: string;
    /**
     * State
     */
    state: 'waiting' | 'ready' | 'failed';
    /**
     * Error
     *
     * Why the last try failed, if it did.
     */
    error: string;
    /**
     * Asked At
     */
    asked_at: string;
    order: PackOrder;
};

/**
 * Manifest
 *
 * What is signed of a pack. `sha256` is hexadecimal.
 */
export type Manifest = {
    /**
     * Name
     */
    name: string;
    /**
     * Profile
     */
    profile: 'full' | 'lite';
    /**
     * Language
     */
    language: string;
    /**
     * Recordings
     */
    recordings: number;
    /**
     * Bytes
     */
    bytes: number;
    /**
     * Sha256
     */
    sha256: string;
    /**
     * Made At
     */
    made_at: string;
};

/**
 * Merge
 *
 * Songs that are the same as this one: their recordings become its own.
 */
export type Merge = {
    /**
     * Songs
     */
    songs: Array<number>;
};

/**
 * PackDetail
 *
 * A pack, and what proves it: `signature` is that of the bytes of `manifest`, as they stand here.
 */
export type PackDetail = {
    /**
     * Name
     */
    name: string;
    /**
     * Profile
     */
    profile: 'full' | 'lite';
    /**
     * Language
     */
    language: string;
    /**
     * Recordings
     */
    recordings: number;
    /**
     * Bytes
     */
    bytes: number;
    /**
     * Sha256
     */
    sha256: string;
    /**
     * Made At
     */
    made_at: string;
    /**
     * Url
     *
     * Where it is; always the same bytes.
     */
    url: string;
    /**
     * Manifest
     *
     * JSON: name, profile, language, recordings, bytes, sha256, made_at.
     */
    manifest: string;
    /**
     * Signature
     *
     * Ed25519, base64.
     */
    signature: string;
    /**
     * Key Id
     */
    key_id: string;
};

/**
 * PackList
 *
 * All packs; there are few, so `next` is null.
 */
export type PackList = {
    /**
     * Items
     */
    items: Array<PackDetail>;
    /**
     * Next
     */
    next: string | null;
};

/**
 * PackOrder
 *
 * What a pack is to hold. `most_bytes`: 0 for all songs, else as many as fit, the most popular first.
 */
export type PackOrder = {
    /**
     * Profile
     */
    profile?: 'full' | 'lite';
    /**
     * Language
     *
     * Only songs in it: a tag such as `bho`.
     */
    language?: string;
    /**
     * Most Bytes
     */
    most_bytes?: number;
};

/**
 * PublicKey
 *
 * The key that packs are signed with: its 32 bytes as base64, and as `openssl` reads it.
 */
export type PublicKey = {
    /**
     * Id
     */
    id: string;
    /**
     * Algorithm
     */
    algorithm: string;
    /**
     * Public Key
     */
    public_key: string;
    /**
     * Pem
     */
    pem: string;
};

/**
 * Readiness
 *
 * Whether requests can be answered, and what cannot be used where they cannot.
 *
 * Without its store of objects a service is ready: it recognises, and adds music once the store is back.
 */
export type Readiness = {
    /**
     * Status
     */
    status: 'ready' | 'not ready';
    /**
     * Database
     */
    database: boolean;
    /**
     * Catalogue
     */
    catalogue: boolean;
    /**
     * Objects
     */
    objects: boolean;
    /**
     * Engines
     *
     * Engine processes that can be asked; left out where none are used.
     */
    engines?: number | null;
};

/**
 * Recognized
 *
 * What a sound is: the object of `sonica recognize --json`, with an id in place of the file.
 *
 * `path` of a song is empty: where the operator keeps files is nobody's business.
 */
export type Recognized = {
    /**
     * Id
     *
     * Of this recognition.
     */
    id: string;
    /**
     * Feedback Token
     *
     * Lets whoever got this answer say whether it is right.
     */
    feedback_token: string;
    /**
     * Status
     */
    status: 'match' | 'unsure' | 'none';
    /**
     * Ambiguous
     */
    ambiguous?: boolean;
    song?: SongRef | null;
    /**
     * Offset S
     */
    offset_s?: number | null;
    /**
     * Speed
     */
    speed?: number | null;
    /**
     * Pitch Semitones
     */
    pitch_semitones?: number | null;
    /**
     * Confidence
     */
    confidence?: number;
    /**
     * Alternatives
     */
    alternatives?: Array<Candidate>;
    timings_ms?: Timings;
    error?: Failure | null;
};

/**
 * RecordingDetail
 *
 * A recording of a song. Where its file was found is nobody's business.
 */
export type RecordingDetail = {
    /**
     * Id
     */
    id: number;
    /**
     * Duration S
     *
     * Seconds.
     */
    duration_s: number;
    /**
     * Audio Url
     *
     * Where it can be heard, always the same bytes; null where nobody may, or it was not kept.
     */
    audio_url: string | null;
};

/**
 * SongChange
 *
 * What is to be said of a song. What is not named stays; an empty text, or the year 0, takes it away.
 */
export type SongChange = {
    /**
     * Title
     */
    title?: string | null;
    /**
     * Artist
     */
    artist?: string | null;
    /**
     * Album
     */
    album?: string | null;
    /**
     * Language
     */
    language?: string | null;
    /**
     * Genre
     */
    genre?: string | null;
    /**
     * Year
     */
    year?: number | null;
    /**
     * Isrc
     */
    isrc?: string | null;
};

/**
 * SongDetail
 *
 * A song; empty strings and 0 where nobody said. `language`: a tag of BCP 47.
 */
export type SongDetail = {
    /**
     * Title
     */
    title?: string;
    /**
     * Artist
     */
    artist?: string;
    /**
     * Album
     */
    album?: string;
    /**
     * Language
     */
    language?: string;
    /**
     * Genre
     */
    genre?: string;
    /**
     * Year
     */
    year?: number;
    /**
     * Isrc
     */
    isrc?: string;
    /**
     * Id
     */
    id: number;
    /**
     * Recordings
     */
    recordings: Array<RecordingDetail>;
};

/**
 * SongList
 *
 * A page of songs; `next` is the cursor of the page after it, null on the last one.
 */
export type SongList = {
    /**
     * Items
     */
    items: Array<SongDetail>;
    /**
     * Next
     */
    next: string | null;
};

/**
 * SongRef
 *
 * A song, and the recording of it that was recognised; `path` as it was given to `add`.
 */
export type SongRef = {
    /**
     * Id
     */
    id: number;
    /**
     * Recording Id
     */
    recording_id: number;
    /**
     * Title
     */
    title: string;
    /**
     * Artist
     */
    artist: string;
    /**
     * Language
     */
    language: string;
    /**
     * Path
     */
    path: string;
};

/**
 * Timings
 *
 * Wall time of each stage.
 */
export type Timings = {
    /**
     * Decode
     */
    decode?: number;
    /**
     * Fingerprint
     */
    fingerprint?: number;
    /**
     * Search
     */
    search?: number;
};

/**
 * ProblemDocument
 *
 * What a failure looks like. `code` names the cause within a type, where there are several.
 */
export type ProblemDocument = {
    /**
     * Type
     *
     * The address of a page that says what to do.
     */
    type: string;
    /**
     * Title
     */
    title: string;
    /**
     * Status
     */
    status: number;
    /**
     * Detail
     */
    detail: string;
    /**
     * Code
     */
    code?: string | null;
    /**
     * Request Id
     */
    request_id?: string | null;
};

/**
 * ScanEnd
 *
 * All songs were told.
 */
export type ScanEnd = {
    /**
     * Event
     */
    event: 'end';
    /**
     * Songs
     *
     * How many there are.
     */
    songs: number;
    /**
     * Of S
     */
    of_s: number;
};

/**
 * ScanProblem
 *
 * It could not be done to its end; what was told until then is right.
 */
export type ScanProblem = {
    /**
     * Event
     */
    event: 'problem';
    problem: ProblemDocument;
    /**
     * Retry After
     *
     * Seconds after which it is worth trying again.
     */
    retry_after: number | null;
};

/**
 * ScanProgress
 *
 * How much of a recording was looked at, in seconds; told again and again, also while nothing changes.
 */
export type ScanProgress = {
    /**
     * Event
     */
    event: 'progress';
    /**
     * Done S
     */
    done_s: number;
    /**
     * Of S
     */
    of_s: number;
};

/**
 * ScanSong
 *
 * A song of a recording, as `sonica scan --json` tells it; `path` of the song is empty.
 */
export type ScanSong = {
    /**
     * Event
     */
    event: 'song';
    song: SongRef;
    /**
     * Start S
     */
    start_s: number;
    /**
     * End S
     */
    end_s: number;
    /**
     * Offset S
     */
    offset_s: number;
    /**
     * Speed
     */
    speed: number;
    /**
     * Pitch Semitones
     */
    pitch_semitones: number;
    /**
     * Confidence
     */
    confidence: number;
};

export type ScanLine = ({
    event: 'progress';
} & ScanProgress) | ({
    event: 'song';
} & ScanSong) | ({
    event: 'end';
} & ScanEnd) | ({
    event: 'problem';
} & ScanProblem);

export type IsAliveData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/healthz';
};

export type IsAliveResponses = {
    /**
     * Successful Response
     */
    200: Health;
};

export type IsAliveResponse = IsAliveResponses[keyof IsAliveResponses];

export type IsReadyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/readyz';
};

export type IsReadyErrors = {
    /**
     * Not ready
     */
    503: Readiness;
};

export type IsReadyError = IsReadyErrors[keyof IsReadyErrors];

export type IsReadyResponses = {
    /**
     * Successful Response
     */
    200: Readiness;
};

export type IsReadyResponse = IsReadyResponses[keyof IsReadyResponses];

export type RecognizeData = {
    body: Blob | File;
    headers?: {
        /**
         * Idempotency-Key
         *
         * As random as a UUID, new for each request. Who asks again with it within a day, not having heard, gets the same answer under the same id.
         */
        'Idempotency-Key'?: string | null;
        /**
         * Sonica-Session
         *
         * The same for all looks at one listening, and as random as a UUID: they count once for 15 seconds from the first on, and once more for each minute in which there are any after that.
         */
        'Sonica-Session'?: string | null;
    };
    path?: never;
    query?: never;
    url: '/v1/recognize';
};

export type RecognizeErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * The body came too slowly
     */
    408: ProblemDocument;
    /**
     * The body is too large
     */
    413: ProblemDocument;
    /**
     * A body of this type is not understood
     */
    415: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Asked too often: try again after `Retry-After` seconds
     */
    429: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type RecognizeError = RecognizeErrors[keyof RecognizeErrors];

export type RecognizeResponses = {
    /**
     * Successful Response
     */
    200: Recognized;
};

export type RecognizeResponse = RecognizeResponses[keyof RecognizeResponses];

export type GiveFeedbackData = {
    body: Feedback;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: never;
    url: '/v1/recognitions/{id}/feedback';
};

export type GiveFeedbackErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * The body came too slowly
     */
    408: ProblemDocument;
    /**
     * The body is too large
     */
    413: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type GiveFeedbackError = GiveFeedbackErrors[keyof GiveFeedbackErrors];

export type GiveFeedbackResponses = {
    /**
     * Successful Response
     */
    204: void;
};

export type GiveFeedbackResponse = GiveFeedbackResponses[keyof GiveFeedbackResponses];

export type ScanData = {
    body: Blob | File;
    path?: never;
    query?: never;
    url: '/v1/scan';
};

export type ScanErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * The body came too slowly
     */
    408: ProblemDocument;
    /**
     * The body is too large
     */
    413: ProblemDocument;
    /**
     * A body of this type is not understood
     */
    415: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Asked too often: try again after `Retry-After` seconds
     */
    429: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ScanError = ScanErrors[keyof ScanErrors];

export type ScanResponses = {
    /**
     * A JSON object a line: `progress` again and again, a `song` as soon as it is certain (in the order of their beginnings), and `end`, or a `problem` that came up meanwhile.
     */
    200: ScanLine;
};

export type ScanResponse = ScanResponses[keyof ScanResponses];

export type ListSongsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Q
         *
         * The beginning, or any part, of title or artist; in any case.
         */
        q?: string;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Cursor
         *
         * The `next` of the page before.
         */
        cursor?: string;
    };
    url: '/v1/songs';
};

export type ListSongsErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ListSongsError = ListSongsErrors[keyof ListSongsErrors];

export type ListSongsResponses = {
    /**
     * Successful Response
     */
    200: SongList;
};

export type ListSongsResponse = ListSongsResponses[keyof ListSongsResponses];

export type RemoveSongData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: number;
    };
    query?: never;
    url: '/v1/songs/{id}';
};

export type RemoveSongErrors = {
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * It has changed meanwhile
     */
    412: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type RemoveSongError = RemoveSongErrors[keyof RemoveSongErrors];

export type RemoveSongResponses = {
    /**
     * Successful Response
     */
    204: void;
};

export type RemoveSongResponse = RemoveSongResponses[keyof RemoveSongResponses];

export type ShowSongData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: number;
    };
    query?: never;
    url: '/v1/songs/{id}';
};

export type ShowSongErrors = {
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ShowSongError = ShowSongErrors[keyof ShowSongErrors];

export type ShowSongResponses = {
    /**
     * Successful Response
     */
    200: SongDetail;
};

export type ShowSongResponse = ShowSongResponses[keyof ShowSongResponses];

export type EditSongData = {
    body: SongChange;
    path: {
        /**
         * Id
         */
        id: number;
    };
    query?: never;
    url: '/v1/songs/{id}';
};

export type EditSongErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * The body came too slowly
     */
    408: ProblemDocument;
    /**
     * It has changed meanwhile
     */
    412: ProblemDocument;
    /**
     * The body is too large
     */
    413: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type EditSongError = EditSongErrors[keyof EditSongErrors];

export type EditSongResponses = {
    /**
     * Successful Response
     */
    200: SongDetail;
};

export type EditSongResponse = EditSongResponses[keyof EditSongResponses];

export type MergeSongsData = {
    body: Merge;
    path: {
        /**
         * Id
         */
        id: number;
    };
    query?: never;
    url: '/v1/songs/{id}/merge';
};

export type MergeSongsErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * The body came too slowly
     */
    408: ProblemDocument;
    /**
     * The body is too large
     */
    413: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type MergeSongsError = MergeSongsErrors[keyof MergeSongsErrors];

export type MergeSongsResponses = {
    /**
     * Successful Response
     */
    200: SongDetail;
};

export type MergeSongsResponse = MergeSongsResponses[keyof MergeSongsResponses];

export type FetchOriginalData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/v1/originals/{name}';
};

export type FetchOriginalErrors = {
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * There is no such part
     */
    416: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type FetchOriginalError = FetchOriginalErrors[keyof FetchOriginalErrors];

export type FetchOriginalResponses = {
    /**
     * Successful Response
     */
    200: Blob | File;
    /**
     * The part that `Range` asks for
     */
    206: unknown;
};

export type FetchOriginalResponse = FetchOriginalResponses[keyof FetchOriginalResponses];

export type ShowChartData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Period
         */
        period?: 'day' | 'week' | 'month' | 'year';
        /**
         * Language
         *
         * Such as `hi`; all where none is named.
         */
        language?: string;
        /**
         * Genre
         */
        genre?: string;
        /**
         * Order
         *
         * The most popular first, or those that rise the most.
         */
        order?: 'popular' | 'rising';
        /**
         * Limit
         */
        limit?: number;
    };
    url: '/v1/charts';
};

export type ShowChartErrors = {
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ShowChartError = ShowChartErrors[keyof ShowChartErrors];

export type ShowChartResponses = {
    /**
     * Successful Response
     */
    200: Chart;
};

export type ShowChartResponse = ShowChartResponses[keyof ShowChartResponses];

export type ListPacksData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/packs';
};

export type ListPacksErrors = {
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ListPacksError = ListPacksErrors[keyof ListPacksErrors];

export type ListPacksResponses = {
    /**
     * Successful Response
     */
    200: PackList;
};

export type ListPacksResponse = ListPacksResponses[keyof ListPacksResponses];

export type ShowPackKeyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/packs/key';
};

export type ShowPackKeyErrors = {
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ShowPackKeyError = ShowPackKeyErrors[keyof ShowPackKeyErrors];

export type ShowPackKeyResponses = {
    /**
     * Successful Response
     */
    200: PublicKey;
};

export type ShowPackKeyResponse = ShowPackKeyResponses[keyof ShowPackKeyResponses];

export type RemovePackData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/v1/packs/{name}';
};

export type RemovePackErrors = {
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type RemovePackError = RemovePackErrors[keyof RemovePackErrors];

export type RemovePackResponses = {
    /**
     * Successful Response
     */
    204: void;
};

export type RemovePackResponse = RemovePackResponses[keyof RemovePackResponses];

export type FetchPackData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: {
        /**
         * Sha256
         *
         * Only this very pack.
         */
        sha256?: string;
    };
    url: '/v1/packs/{name}';
};

export type FetchPackErrors = {
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * There is no such part
     */
    416: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type FetchPackError = FetchPackErrors[keyof FetchPackErrors];

export type FetchPackResponses = {
    /**
     * Successful Response
     */
    200: Blob | File;
    /**
     * The part that `Range` asks for
     */
    206: unknown;
};

export type FetchPackResponse = FetchPackResponses[keyof FetchPackResponses];

export type PublishPackData = {
    body: PackOrder;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/v1/packs/{name}';
};

export type PublishPackErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * The body came too slowly
     */
    408: ProblemDocument;
    /**
     * The body is too large
     */
    413: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type PublishPackError = PublishPackErrors[keyof PublishPackErrors];

export type PublishPackResponses = {
    /**
     * Successful Response
     */
    202: Making;
};

export type PublishPackResponse = PublishPackResponses[keyof PublishPackResponses];

export type ShowPackManifestData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/v1/packs/{name}/manifest';
};

export type ShowPackManifestErrors = {
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ShowPackManifestError = ShowPackManifestErrors[keyof ShowPackManifestErrors];

export type ShowPackManifestResponses = {
    /**
     * Successful Response
     */
    200: Manifest;
};

export type ShowPackManifestResponse = ShowPackManifestResponses[keyof ShowPackManifestResponses];

export type ShowPackMakingData = {
    body?: never;
    path: {
        /**
         * Name
         */
        name: string;
    };
    query?: never;
    url: '/v1/packs/{name}/making';
};

export type ShowPackMakingErrors = {
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ShowPackMakingError = ShowPackMakingErrors[keyof ShowPackMakingErrors];

export type ShowPackMakingResponses = {
    /**
     * Successful Response
     */
    200: Making;
};

export type ShowPackMakingResponse = ShowPackMakingResponses[keyof ShowPackMakingResponses];

export type ListIngestsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Limit
         */
        limit?: number;
        /**
         * Cursor
         */
        cursor?: string;
    };
    url: '/v1/ingest';
};

export type ListIngestsErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ListIngestsError = ListIngestsErrors[keyof ListIngestsErrors];

export type ListIngestsResponses = {
    /**
     * Successful Response
     */
    200: IngestList;
};

export type ListIngestsResponse = ListIngestsResponses[keyof ListIngestsResponses];

export type AddMusicData = {
    /**
     * IngestOrder
     *
     * What to add: a folder on the server's disk with all in it, the files that a manifest there names, or
     * all below a prefix of an object store.
     */
    body: {
        /**
         * Folder
         */
        folder?: string;
        /**
         * Manifest
         */
        manifest?: string;
        /**
         * Prefix
         */
        prefix?: string;
    };
    path?: never;
    query?: {
        /**
         * Dedupe
         *
         * Let a recording that is there already, however encoded, join its song.
         */
        dedupe?: boolean;
        /**
         * Keep
         *
         * Keep the files of a folder or manifest as originals, too: a copy of each.
         */
        keep?: boolean;
    };
    url: '/v1/ingest';
};

export type AddMusicErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * The body came too slowly
     */
    408: ProblemDocument;
    /**
     * The body is too large
     */
    413: ProblemDocument;
    /**
     * A body of this type is not understood
     */
    415: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type AddMusicError = AddMusicErrors[keyof AddMusicErrors];

export type AddMusicResponses = {
    /**
     * Successful Response
     */
    202: Ingest;
};

export type AddMusicResponse = AddMusicResponses[keyof AddMusicResponses];

export type ShowIngestData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: never;
    url: '/v1/ingest/{id}';
};

export type ShowIngestErrors = {
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ShowIngestError = ShowIngestErrors[keyof ShowIngestErrors];

export type ShowIngestResponses = {
    /**
     * Successful Response
     */
    200: Ingest;
};

export type ShowIngestResponse = ShowIngestResponses[keyof ShowIngestResponses];

export type ShowIngestFilesData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
    };
    query?: {
        /**
         * Status
         *
         * Only those; `error` for what failed, and why.
         */
        status?: 'waiting' | 'added' | 'known' | 'updated' | 'error' | null;
        /**
         * Limit
         */
        limit?: number;
        /**
         * Cursor
         */
        cursor?: string;
    };
    url: '/v1/ingest/{id}/files';
};

export type ShowIngestFilesErrors = {
    /**
     * The request cannot be understood
     */
    400: ProblemDocument;
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type ShowIngestFilesError = ShowIngestFilesErrors[keyof ShowIngestFilesErrors];

export type ShowIngestFilesResponses = {
    /**
     * Successful Response
     */
    200: IngestReport;
};

export type ShowIngestFilesResponse = ShowIngestFilesResponses[keyof ShowIngestFilesResponses];

export type SteerIngestData = {
    body?: never;
    path: {
        /**
         * Id
         */
        id: string;
        /**
         * Action
         */
        action: 'pause' | 'resume' | 'cancel';
    };
    query?: never;
    url: '/v1/ingest/{id}/{action}';
};

export type SteerIngestErrors = {
    /**
     * A key of those who run the service is needed
     */
    401: ProblemDocument;
    /**
     * The key is not good for this
     */
    403: ProblemDocument;
    /**
     * There is no such thing
     */
    404: ProblemDocument;
    /**
     * Not in the state that it is in
     */
    409: ProblemDocument;
    /**
     * What was sent cannot be used
     */
    422: ProblemDocument;
    /**
     * Too much to do, or the database is away: try again after `Retry-After` seconds
     */
    503: ProblemDocument;
};

export type SteerIngestError = SteerIngestErrors[keyof SteerIngestErrors];

export type SteerIngestResponses = {
    /**
     * Successful Response
     */
    200: Ingest;
};

export type SteerIngestResponse = SteerIngestResponses[keyof SteerIngestResponses];
