//! Voting: where the query lies gets the most votes, whatever was counted before and however much
//! there would be to count.

use super::*;
use crate::landmarks::of_query;
use crate::params::{STEPS_PER_OCTAVE, STEPS_PER_SECOND};
use crate::testing::{Path, Rng, constellation, heard, pack, song};
use crate::{Constellation, Peak};

/// Postings to read, more than most of these packs have.
const BUDGET: usize = 200_000;
const NOMINAL: Hypothesis = Hypothesis { speed: 1.0, shift: 0.0 };

fn songs(count: u64) -> Vec<Constellation> {
    (0..count).map(|seed| song(seed, 40, 35)).collect()
}

fn none(_: usize) -> bool {
    false
}

#[test]
fn the_place_of_an_excerpt_wins() {
    let songs = songs(20);
    let pack = pack(&songs);
    let mut ballot = Ballot::default();
    for (index, from) in [(0, 0.0), (7, 13.1), (19, 29.0)] {
        let pairs = of_query(&heard(&songs[index], Path::plain(from), 1).peaks);
        let places = ballot.hold(&pack, &pairs, NOMINAL, (BUDGET, 10), &none);
        assert_eq!(places[0].recording, index);
        assert!((places[0].hop as f32 - from * 31.25).abs() <= CELL as f32, "{:?}", places[0]);
        assert!(places[0].votes > 3 * places.get(1).map_or(1, |p| p.votes));
        assert!(places.len() <= 10 && places.windows(2).all(|w| w[0].votes >= w[1].votes));
    }
}

#[test]
fn only_the_right_hypothesis_finds_what_was_warped() {
    let songs = songs(10);
    let pack = pack(&songs);
    let path = Path::turntable(10.0, 1.2, 3.156);
    let pairs = of_query(&heard(&songs[4], path, 1).peaks);
    let right = Hypothesis { speed: 1.2, shift: -3.156 * STEPS_PER_OCTAVE as f32 / 12.0 };
    let mut ballot = Ballot::default();
    let place = ballot.hold(&pack, &pairs, right, (BUDGET, 1), &none)[0];
    assert_eq!(place.recording, 4);
    assert!((place.hop - 312).abs() <= CELL as i32);
    let nominal = ballot.hold(&pack, &pairs, NOMINAL, (BUDGET, 1), &none);
    assert!(nominal.first().is_none_or(|p| p.votes < place.votes / 3));
}

#[test]
fn a_query_may_begin_before_the_recording_does() {
    let songs = songs(5);
    let pack = pack(&songs);
    // Three seconds of something else first.
    let mut query = heard(&songs[2], Path::plain(0.0), 1);
    query.peaks.iter_mut().for_each(|p| p.time += 3 * STEPS_PER_SECOND);
    let place = Ballot::default().hold(&pack, &of_query(&query.peaks), NOMINAL, (BUDGET, 1), &none)[0];
    assert_eq!(place.recording, 2);
    assert!((place.hop + 94).abs() <= CELL as i32, "{}", place.hop);
}

#[test]
fn what_was_counted_before_makes_no_difference() {
    let songs = songs(5);
    let pack = pack(&songs);
    let pairs = of_query(&heard(&songs[2], Path::plain(9.0), 1).peaks);
    let expected = Ballot::default().hold(&pack, &pairs, NOMINAL, (BUDGET, 10), &none);
    let mut used = Ballot::default();
    // Nor does a pack that had more places than this one.
    used.hold(&crate::testing::pack(&self::songs(40)), &pairs, NOMINAL, (BUDGET, 10), &none);
    // More rounds than their counter knows.
    for _ in 0..300 {
        assert_eq!(used.hold(&pack, &pairs, NOMINAL, (BUDGET, 10), &none), expected);
    }
}

#[test]
fn the_excluded_make_room_for_others() {
    let songs = songs(5);
    let pack = pack(&songs);
    let pairs = of_query(&heard(&songs[2], Path::plain(9.0), 1).peaks);
    let places = Ballot::default().hold(&pack, &pairs, NOMINAL, (BUDGET, 10), &|recording| recording == 2);
    assert!(places.iter().all(|p| p.recording != 2));
    assert!(Ballot::default().hold(&pack, &pairs, NOMINAL, (BUDGET, 10), &|_| true).is_empty());
}

#[test]
fn the_budget_is_spent_on_what_is_rare() {
    // Forty songs of one beat that never changes, every one with a few keys of thousands of postings;
    // one of them has something of its own over it, and so has the query.
    let beat = |n: u32| [100u16, 300, 302, 500].map(|frequency| Peak { time: n * 50, frequency, rank: 0 });
    let beats = |seconds: u32| (0..seconds * 5).flat_map(beat).collect::<Vec<Peak>>();
    let monotone = constellation(300 * STEPS_PER_SECOND, beats(300));
    let own = song(1, 300, 10);
    let both = constellation(own.duration, [beats(300), own.peaks].concat());
    let mut songs = vec![monotone; 40];
    songs[23] = both.clone();
    let pack = pack(&songs);
    let path = Path { strangers: 0, survive: 0.9, ..Path::plain(100.0) };
    let pairs = of_query(&heard(&both, path, 2).peaks);
    let mut all = 0;
    for pair in &pairs {
        pair.probe(1.0, 0.0, |keys, _| {
            all += pack.index().lists(keys).iter().map(|list| list.count as usize).sum::<usize>();
        });
    }
    assert!(all > 2 * BUDGET, "only {all} postings");
    let mut ballot = Ballot::default();
    let place = ballot.hold(&pack, &pairs, NOMINAL, (BUDGET, 1), &none)[0];
    assert!(ballot.postings <= BUDGET as u64, "{} postings read", ballot.postings);
    assert_eq!(place.recording, 23);
    assert!((place.hop - 3_125).abs() <= CELL as i32);
}

#[test]
fn what_has_most_votes_is_kept_wherever_it_lies() {
    let mut rng = Rng(7);
    let mut ballot = Ballot::default();
    for place in 0..200 {
        let right = 40_000 + 37 * place;
        ballot.cells = (0..1_900).map(|_| rng.below(400_000)).collect();
        // Hops of one cell or of two neighbours.
        ballot.cells.extend((0..30).map(|i| CELL * right + i % (CELL * (1 + place % 2))));
        ballot.count(100_000);
        let most = ballot.counted.iter().enumerate().max_by_key(|(i, (_, own))| {
            let (before, after) = ballot.beside(*i);
            own + before.max(after)
        });
        assert!(most.is_some_and(|(_, (cell, _))| cell.abs_diff(right) <= 1), "{place}");
    }
}
