//! Keys: a song's own pairs are found again where they are, and where they have moved a little.

use proptest::prelude::*;

use super::*;
use crate::params::RANKS;
use crate::params::STEPS_PER_SECOND;
use crate::testing::{Path, Rng, heard, song};

/// Two peaks that make a landmark of a song.
fn pair() -> impl Strategy<Value = [Peak; 2]> {
    let places = (0u32..50_000, SHORTEST..=LONGEST, 0..FREQUENCY_STEPS, -WIDEST..=WIDEST);
    places.prop_filter_map("the second lies outside", |(time, gap, frequency, interval)| {
        let second = u16::try_from(i32::from(frequency) + interval).ok().filter(|&f| f < FREQUENCY_STEPS)?;
        let rank = 0;
        Some([Peak { time, frequency, rank }, Peak { time: time + gap, frequency: second, rank }])
    })
}

/// Whether a probe of a query's pair finds a song's landmark, and the hop at which it says it is.
fn finds(query: &[Peak], speed: f32, shift: f32, landmark: Landmark) -> Option<i32> {
    let mut found = None;
    for pair in of_query(query) {
        pair.probe(speed, shift, |keys, hop| {
            if keys.contains(&landmark.key) {
                found = Some(hop);
            }
        });
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn a_songs_own_pair(peaks in pair()) {
        let [landmark] = of_song(&peaks)[..] else { panic!("one pair, one landmark") };
        prop_assert!((landmark.key as usize) < KEYS);
        prop_assert!((landmark.hop as i32 - (peaks[0].time / STEPS_PER_HOP) as i32).abs() <= 1);
        let hop = finds(&peaks, 1.0, 0.0, landmark);
        prop_assert_eq!(hop, Some(landmark.hop as i32));
    }

    /// The later peak a little early or late, less than a share of a cell that is looked at in the next one, too.
    #[test]
    fn a_pair_that_moved_a_little(peaks in pair(), time in -1i32..=1) {
        let [landmark] = of_song(&peaks)[..] else { panic!("one pair, one landmark") };
        let [a, mut b] = peaks;
        b.time = b.time.strict_add_signed(time);
        prop_assert!(finds(&[a, b], 1.0, 0.0, landmark).is_some());
    }

    /// Played at another speed and pitch, under the hypothesis that says so. What is rounded to whole
    /// steps on the way is less than half a cell.
    #[test]
    fn a_pair_that_was_warped(peaks in pair(), speed in 0.7f32..1.4, shift in -144i32..144) {
        let [landmark] = of_song(&peaks)[..] else { panic!("one pair, one landmark") };
        let warped = peaks.map(|p| {
            let time = (p.time as f32 / speed).round() as u32;
            Some(Peak { time, frequency: u16::try_from(i32::from(p.frequency) - shift).ok()?, ..p })
        });
        let [Some(a), Some(b)] = warped else { return Ok(()) };
        prop_assume!(a.frequency < FREQUENCY_STEPS && b.frequency < FREQUENCY_STEPS);
        let hop = finds(&[a, b], speed, shift as f32, landmark);
        prop_assert!(hop.is_some_and(|hop| (hop - landmark.hop as i32).abs() <= 1), "{hop:?}");
    }

    #[test]
    fn no_probe_leaves_the_index(seed: u64, speed in 0.1f32..10.0, shift in -2_000f32..2_000.0) {
        let peaks = song(seed, 3, 40).peaks;
        for pair in of_query(&peaks) {
            pair.probe(speed, shift, |keys, _| {
                assert!(keys.start < keys.end && keys.end as usize <= KEYS);
            });
        }
    }
}

#[test]
fn most_landmarks_of_a_song_are_found_in_an_excerpt() {
    let song = song(1, 30, 30);
    let landmarks: Vec<Landmark> = of_song(&song.peaks);
    let path = Path { survive: 1.0, strangers: 0, jitter: (0.0, 0.0), ..Path::plain(10.0) };
    let excerpt = heard(&song, path, 2).peaks;
    let mut probes = std::collections::HashSet::new();
    for pair in of_query(&excerpt) {
        pair.probe(1.0, 0.0, |keys, hop| probes.extend(keys.map(|key| (key, hop))));
    }
    let start = (10 * STEPS_PER_SECOND / STEPS_PER_HOP) as i32;
    let within: Vec<&Landmark> =
        landmarks.iter().filter(|l| (start..start + 275).contains(&(l.hop as i32))).collect();
    let hit = |l: &&&Landmark| (-1..=1).any(|by| probes.contains(&(l.key, l.hop as i32 - start + by)));
    let share = within.iter().filter(hit).count() as f32 / within.len() as f32;
    // A query pairs each peak with more partners than a song does, but has all of the weak ones too.
    assert!(within.len() > 500 && share > 0.95, "{share} of {}", within.len());
}

#[test]
fn only_strong_peaks_make_landmarks_of_a_song() {
    let mut rng = Rng(3);
    let mut peaks = song(3, 10, 40).peaks;
    peaks.iter_mut().for_each(|p| p.rank = INDEXED_RANKS + rng.below(u32::from(RANKS - INDEXED_RANKS)) as u8);
    assert!(of_song(&peaks).is_empty());
    peaks.iter_mut().for_each(|p| p.rank = INDEXED_RANKS - 1);
    let landmarks = of_song(&peaks);
    assert!(landmarks.len() > peaks.len() && landmarks.len() <= INDEXED_FAN * peaks.len());
}

#[test]
fn weak_peaks_of_a_query_are_not_paired() {
    let mut peaks = song(4, 10, 40).peaks;
    peaks.iter_mut().for_each(|p| p.rank = QUERY_RANKS - 1);
    assert!(of_query(&peaks).len() > peaks.len());
    peaks.iter_mut().for_each(|p| p.rank = QUERY_RANKS);
    assert!(of_query(&peaks).is_empty());
}

#[test]
fn the_strongest_pairs_are_those_of_the_lowest_ranks() {
    let pairs = of_query(&song(5, 10, 40).peaks);
    let order = |pairs: &[Pair]| pairs.iter().map(|p| p.ranks).collect::<Vec<_>>();
    let mut ascending = order(&pairs);
    ascending.sort_unstable();
    for most in [0, 1, 100, pairs.len() - 1, pairs.len(), pairs.len() + 1] {
        let strong = strongest(&pairs, most);
        let mut ranks = order(&strong);
        ranks.sort_unstable();
        assert_eq!(ranks, ascending[..most.min(pairs.len())]);
        // They keep their order.
        let same = |a: &Pair, b: &Pair| (a.time, a.gap, a.frequency) == (b.time, b.gap, b.frequency);
        let mut all = pairs.iter();
        assert!(strong.iter().all(|pair| all.any(|other| same(pair, other))));
    }
}

#[test]
fn the_next_cell_is_looked_at_where_it_is_near() {
    for (x, first, last) in
        [(3.0, 3, 3), (3.29, 3, 3), (3.31, 3, 4), (3.69, 3, 4), (3.71, 4, 4), (-0.5, -1, 0)]
    {
        assert_eq!(cells(x, 0.2), first..=last, "{x}");
    }
}

#[test]
fn rounding_down() {
    for (x, whole) in [(0.0, 0), (0.9, 0), (1.0, 1), (-0.1, -1), (-1.0, -1), (-1.5, -2), (7.25, 7)] {
        assert_eq!(floor(x), whole, "{x}");
    }
}
