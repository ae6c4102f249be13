//! Recognition of songs that never were, so that what is right is known: random constellations, and
//! excerpts of them with peaks lost, added and moved.

mod common;

use std::sync::LazyLock;

use common::{Packs, Path, ask, constellation, heard, pack, song};
use sonica_engine::params::STEPS_PER_SECOND;
use sonica_engine::{Answer, Constellation, Options, Pack, Peak, Status, recognize};

const SONGS: usize = 50;
const SECONDS: u32 = 60;

static LIBRARY: LazyLock<Vec<Constellation>> =
    LazyLock::new(|| (0..SONGS as u64).map(|seed| song(seed, SECONDS, 40)).collect());
static PACK: LazyLock<Pack<Vec<u8>>> = LazyLock::new(|| pack(&LIBRARY));

/// Asks for excerpts of a few songs, and asserts that each answer is right.
fn all_are_named(path: impl Fn(f32) -> Path) {
    for (index, from) in [(0, 0.0), (7, 11.3), (23, 20.0), (49, 31.7)] {
        let path = path(from);
        let answer = ask(&PACK, &heard(&LIBRARY[index], path, 900 + index as u64), &[]);
        is_right(&answer, index, path);
    }
}

fn is_right(answer: &Answer, index: usize, path: Path) {
    assert_eq!(answer.status, Status::Match, "{path:?}: {:?}", answer.hits.first());
    let hit = answer.hits[0];
    assert_eq!((hit.recording_id, hit.song_id), (index as u64 + 1, index as u64 + 101), "{path:?}");
    assert_eq!(answer.shared, 1);
    assert!((hit.offset_s - path.from).abs() < 0.1, "{path:?}: {} s", hit.offset_s);
    assert!((hit.speed / path.speed - 1.0).abs() < 0.01, "{path:?}: {}", hit.speed);
    assert!((hit.pitch_semitones - path.semitones).abs() < 0.2, "{path:?}: {}", hit.pitch_semitones);
    assert!(hit.confidence > 0.5 && hit.confidence <= 1.0);
}

#[test]
fn unchanged() {
    all_are_named(Path::plain);
}

#[test]
fn five_and_three_seconds() {
    for seconds in [5, 3] {
        all_are_named(|from| Path { seconds, ..Path::plain(from) });
    }
}

#[test]
fn with_two_thirds_of_the_peaks_lost_and_as_many_strangers() {
    all_are_named(|from| Path { survive: 0.35, strangers: 30, ..Path::plain(from) });
}

#[test]
fn sped_up() {
    all_are_named(|from| Path::turntable(from, 1.2, 3.156));
}

#[test]
fn slowed() {
    all_are_named(|from| Path::turntable(from, 0.8, -3.863));
}

#[test]
fn in_another_tempo() {
    all_are_named(|from| Path::turntable(from, 1.1, 0.0));
    all_are_named(|from| Path::turntable(from, 0.87, 0.0));
}

#[test]
fn at_another_pitch() {
    all_are_named(|from| Path::turntable(from, 1.0, 2.0));
    all_are_named(|from| Path::turntable(from, 1.0, -1.0));
}

#[test]
fn what_is_not_there_is_not_named() {
    for seed in 5_000..5_012 {
        let path = if seed % 2 == 0 { Path::plain(5.0) } else { Path::turntable(5.0, 1.1, 1.0) };
        let answer = ask(&PACK, &heard(&song(seed, SECONDS, 40), path, seed), &[]);
        assert_ne!(answer.status, Status::Match, "{:?}", answer.hits.first());
        assert_eq!(answer.shared, 0);
        assert!(answer.hypotheses > 50, "an answer in doubt comes after everything was tried");
    }
}

#[test]
fn too_little_to_go_by_is_not_named() {
    for peaks in 0..4 {
        let few = Constellation { duration: 750, peaks: LIBRARY[3].peaks[..peaks].to_vec() };
        assert_eq!(ask(&PACK, &few, &[]).status, Status::None);
    }
    // A fraction of a second of what is not there fits something by chance, but not well enough.
    for peaks in [4, 5, 6, 8, 10, 14, 20, 40] {
        for seed in 6_000..6_004 {
            let few = Constellation { duration: 750, peaks: song(seed, 10, 40).peaks[..peaks].to_vec() };
            let answer = ask(&PACK, &few, &[]);
            assert_ne!(answer.status, Status::Match, "{peaks} peaks: {:?}", answer.hits.first());
        }
    }
}

#[test]
fn what_is_excluded_counts_as_absent() {
    let query = heard(&LIBRARY[9], Path::plain(20.0), 1);
    let answer = ask(&PACK, &query, &[10]);
    assert_ne!(answer.status, Status::Match);
    assert!(answer.hits.iter().all(|hit| hit.recording_id != 10));
    assert_eq!(ask(&PACK, &query, &[9, 11]).hits[0].recording_id, 10);
    let everything: Vec<u64> = (1..=SONGS as u64).collect();
    assert!(ask(&PACK, &query, &everything).hits.is_empty());
}

#[test]
fn the_same_sound_under_two_names_is_ambiguous() {
    // The second holds the first from 10 s on, after another beginning.
    let first = song(1, 40, 40);
    let own = song(2, 10, 40).peaks.into_iter();
    let later = first.peaks.iter().map(|p| Peak { time: p.time + 10 * STEPS_PER_SECOND, ..*p });
    let second = constellation(50 * STEPS_PER_SECOND, own.chain(later).collect());
    let pack = pack(&[first.clone(), second.clone(), song(3, 40, 40)]);
    let answer = ask(&pack, &heard(&first, Path::plain(12.0), 4), &[]);
    assert_eq!((answer.status, answer.shared), (Status::Match, 2));
    let mut named: Vec<(u64, i32)> =
        answer.hits[..2].iter().map(|h| (h.song_id, h.offset_s.round() as i32)).collect();
    named.sort_unstable();
    assert_eq!(named, [(101, 12), (102, 22)]);
    // The part that only the second has is its own.
    let alone = ask(&pack, &heard(&second, Path { seconds: 8, ..Path::plain(1.0) }, 5), &[]);
    assert_eq!((alone.status, alone.shared, alone.hits[0].song_id), (Status::Match, 1, 102));
}

#[test]
fn two_recordings_of_one_song_are_one_hit() {
    let first = song(1, 40, 40);
    let mut builder = sonica_engine::PackBuilder::default();
    for id in 1..=2 {
        builder.add(id, 500, &first.encode().unwrap(), [""; 3]).unwrap();
    }
    let pack = Pack::open(builder.build()).unwrap();
    let answer = ask(&pack, &heard(&first, Path::plain(12.0), 4), &[]);
    assert_eq!((answer.status, answer.shared, answer.hits.len()), (Status::Match, 1, 1));
}

#[test]
fn three_minutes_are_answered_from_their_beginning() {
    let long = song(1, 240, 40);
    let pack = pack(&[song(2, 60, 40), long.clone(), song(3, 60, 40)]);
    for (from, speed, semitones) in [(30.0, 1.0, 0.0), (10.0, 0.9, -1.824)] {
        let path = Path { seconds: 180, ..Path::turntable(from, speed, semitones) };
        let answer = ask(&pack, &heard(&long, path, 6), &[]);
        let hit = answer.hits[0];
        assert_eq!((answer.status, hit.recording_id), (Status::Match, 2));
        // An error of speed over a window counts up to the start of the query.
        assert!((hit.offset_s - from).abs() < 0.5, "{} s", hit.offset_s);
        assert!((hit.speed - speed).abs() < 0.005);
    }
}

#[test]
fn many_packs_answer_as_one() {
    let packs: Vec<Pack<Vec<u8>>> = LIBRARY
        .chunks(20)
        .enumerate()
        .map(|(i, songs)| {
            let mut builder = sonica_engine::PackBuilder::default();
            for (id, song) in (20 * i as u64 + 1..).zip(songs) {
                builder.add(id, 100 + id, &song.encode().unwrap(), ["title", "artist", "hi"]).unwrap();
            }
            Pack::open(builder.build()).unwrap()
        })
        .collect();
    let path = Path::plain(25.0);
    let print = heard(&LIBRARY[33], path, 7).encode().unwrap();
    let answer = recognize(&Packs { packs: &packs, excluded: &[] }, &print, Options::default()).unwrap();
    is_right(&answer, 33, path);
    let none: [Pack<Vec<u8>>; 0] = [];
    let answer = recognize(&Packs { packs: &none, excluded: &[] }, &print, Options::default()).unwrap();
    assert_eq!((answer.status, answer.hits.len()), (Status::None, 0));
}

#[test]
fn the_limit_and_the_order_of_hits() {
    let query = heard(&LIBRARY[4], Path::plain(8.0), 8).encode().unwrap();
    for limit in [0, 1, 3, 100] {
        let packs = Packs { packs: core::slice::from_ref(&*PACK), excluded: &[] };
        let options = Options { limit, exhaustive: true, ..Options::default() };
        let answer = recognize(&packs, &query, options).unwrap();
        assert!(answer.hits.len() <= limit.max(answer.shared));
        assert!(answer.hits.windows(2).all(|w| w[0].score >= w[1].score));
        assert!(answer.hits.iter().all(|h| h.features.iter().all(|f| f.is_finite())));
        assert_eq!(answer.hits.first().map(|h| h.recording_id), Some(5));
        // Asked twice, answered the same.
        assert_eq!(recognize(&packs, &query, options).unwrap(), answer);
    }
}
