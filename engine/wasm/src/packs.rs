//! Packs: opening, building, and asking which recording a fingerprint is of.

use std::cell::RefCell;

use sonica_engine::{Ballot, Error, Options, Pack, PackBuilder, Profile, Shards, Thresholds, recognize};

use crate::answer;
use crate::memory::{Owned, read};
use crate::output::{fail, misuse, object_or_failure, put};

/// A pack over memory that it owns.
type OpenPack = Pack<Owned>;

thread_local! {
    /// Its counters serve one query after the other.
    static BALLOT: RefCell<Ballot> = RefCell::default();
}

/// Opens a pack and checks all of it, fingerprints and postings too; 0 for what is none. The memory is the pack's from now on and is
/// freed with it, or at once when this fails.
///
/// # Safety
/// As for memory that is given away: `address` came from `sonica_alloc` for just this `length`, all of it
/// was written, and the caller neither touches nor frees it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_pack_open(address: *mut u8, length: usize) -> *mut OpenPack {
    // SAFETY: the caller's promise.
    let bytes = unsafe { Owned::take(address, length) };
    object_or_failure(Pack::open(bytes).and_then(|pack| pack.verify().map(|()| pack)))
}

/// Frees a pack and its memory.
///
/// # Safety
/// `pack` is alive, or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_pack_free(pack: *mut OpenPack) {
    if !pack.is_null() {
        // SAFETY: the caller's promise; it came from `object_or_failure`.
        drop(unsafe { Box::from_raw(pack) });
    }
}

/// Number of recordings in a pack.
///
/// # Safety
/// `pack` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_pack_length(pack: *const OpenPack) -> usize {
    // SAFETY: the caller's promise.
    let pack = unsafe { &*pack };
    pack.len()
}

/// How much of each recording a pack holds: 0 everything, 1 the strongest peaks alone.
///
/// # Safety
/// `pack` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_pack_profile(pack: *const OpenPack) -> u32 {
    // SAFETY: the caller's promise.
    let pack = unsafe { &*pack };
    u32::from(pack.profile() == Profile::Lite)
}

/// Outputs one row of a pack, as [`answer::recording`] lays it out.
///
/// # Safety
/// `pack` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_pack_recording(pack: *const OpenPack, index: usize) -> u32 {
    // SAFETY: the caller's promise.
    let pack = unsafe { &*pack };
    if index >= pack.len() {
        return misuse("the pack has no recording of this number");
    }
    put(answer::recording(&pack.recording(index)))
}

/// A builder without recordings, of a pack that holds everything, or of a lite one if `lite` is not 0.
#[unsafe(no_mangle)]
pub extern "C" fn sonica_builder_new(lite: u32) -> *mut PackBuilder {
    object_or_failure(Ok(PackBuilder::new(if lite == 0 { Profile::Full } else { Profile::Lite })))
}

/// Adds a recording. `ids` holds its id and its song's; `text` title, artist and language in UTF-8, one
/// after the other; `lengths` the length of each in bytes.
///
/// # Safety
/// `builder` is alive; two ids, `length` bytes, three lengths and as many bytes of text as these come to
/// lie where they should.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_builder_add(
    builder: *mut PackBuilder,
    ids: *const u64,
    fingerprint: *const u8,
    length: usize,
    text: *const u8,
    lengths: *const usize,
) -> u32 {
    // SAFETY: the caller's promise; one thread, so nobody else holds it.
    let builder = unsafe { &mut *builder };
    // SAFETY: the caller's promise.
    let ids = unsafe { read(ids, 2) };
    // SAFETY: the caller's promise.
    let fingerprint = unsafe { read(fingerprint, length) };
    // SAFETY: the caller's promise.
    let lengths = unsafe { read(lengths, 3) };
    // SAFETY: the caller's promise.
    let text = unsafe { read(text, lengths.iter().sum()) };
    let (title, rest) = text.split_at(lengths[0]);
    let (artist, language) = rest.split_at(lengths[1]);
    let texts = [title, artist, language].map(|part| core::str::from_utf8(part));
    let [Ok(title), Ok(artist), Ok(language)] = texts else {
        return misuse("title, artist and language must be UTF-8");
    };
    match builder.add(ids[0], ids[1], fingerprint, [title, artist, language]) {
        Ok(()) => put(Vec::new()),
        Err(error) => fail(&error),
    }
}

/// Outputs the pack of all that was added.
///
/// # Safety
/// `builder` is alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_builder_build(builder: *const PackBuilder) -> u32 {
    // SAFETY: the caller's promise.
    let builder = unsafe { &*builder };
    put(builder.build())
}

/// Frees a builder.
///
/// # Safety
/// `builder` is alive, or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_builder_free(builder: *mut PackBuilder) {
    if !builder.is_null() {
        // SAFETY: the caller's promise; it came from `object_or_failure`.
        drop(unsafe { Box::from_raw(builder) });
    }
}

/// Names the recording that a fingerprint is of, and outputs the answer as [`answer::answer`] lays it
/// out. `packs` holds `pack_count` addresses of packs; the recordings whose ids (u64) lie at `exclude`
/// count as absent; at most `limit` hits are given, but all of the shared; `exhaustive` (not 0) tries every
/// hypothesis even when the first ones are certain; `match_at` and `unsure_at` are confidences, NaN for the
/// usual ones.
///
/// # Safety
/// All packs are alive, and `pack_count` addresses, `length` bytes and `exclude_count` ids lie where they
/// should.
#[unsafe(no_mangle)]
#[allow(clippy::too_many_arguments)] // C has no structures across this border
pub unsafe extern "C" fn sonica_recognize(
    packs: *const *const OpenPack,
    pack_count: usize,
    fingerprint: *const u8,
    length: usize,
    exclude: *const u64,
    exclude_count: usize,
    limit: usize,
    exhaustive: u32,
    match_at: f32,
    unsure_at: f32,
) -> u32 {
    // SAFETY: the caller's promise.
    let packs = unsafe { read(packs, pack_count) };
    // SAFETY: the caller's promise.
    let packs: Vec<&OpenPack> = packs.iter().map(|&pack| unsafe { &*pack }).collect();
    // SAFETY: the caller's promise.
    let fingerprint = unsafe { read(fingerprint, length) };
    // SAFETY: the caller's promise.
    let excluded = unsafe { read(exclude, exclude_count) };
    let given = |threshold: f32| Some(threshold).filter(|t| !t.is_nan());
    let found = Thresholds::new(given(match_at), given(unsure_at)).and_then(|thresholds| {
        let options = Options { limit, exhaustive: exhaustive != 0, thresholds, ..Options::default() };
        recognize(&InARow { packs: &packs, excluded }, fingerprint, options)
    });
    match found {
        Ok(found) => put(answer::answer(&found)),
        Err(error) => fail(&error),
    }
}

/// Packs that are searched one after the other, and the recordings that count as absent.
struct InARow<'a> {
    packs: &'a [&'a OpenPack],
    excluded: &'a [u64],
}

impl Shards for InARow<'_> {
    type Bytes = Owned;

    fn packs(&self) -> impl Iterator<Item = &OpenPack> {
        self.packs.iter().copied()
    }

    fn is_excluded(&self, recording_id: u64) -> bool {
        self.excluded.contains(&recording_id)
    }

    fn each<T, J>(&self, job: J) -> Result<Vec<T>, Error>
    where
        T: Send,
        J: Fn(usize, &OpenPack, &mut Ballot) -> Result<T, Error> + Sync,
    {
        BALLOT.with_borrow_mut(|ballot| {
            self.packs.iter().enumerate().map(|(number, pack)| job(number, pack, ballot)).collect()
        })
    }
}
