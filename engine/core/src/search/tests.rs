//! How long queries are cut.

use super::*;
use crate::testing::{constellation, song};

fn starts(seconds: u32) -> Vec<f32> {
    let parts = Query::cut(&song(1, seconds, 30));
    parts.iter().map(|q| q.start as f32 / STEPS_PER_SECOND as f32).collect()
}

#[test]
fn what_is_not_long_is_searched_for_as_a_whole() {
    for seconds in [1, 5, 12, 20] {
        let song = song(1, seconds, 30);
        let [part] = &Query::cut(&song)[..] else { panic!("one part") };
        assert_eq!((part.start, &part.peaks), (0, &song.peaks));
    }
}

#[test]
fn what_is_long_is_searched_for_by_windows_within_it() {
    for seconds in [21, 24, 36, 60, 180, 3_600] {
        let parts = Query::cut(&song(1, seconds, 30));
        assert!(!parts.is_empty() && parts.len() <= WINDOWS as usize);
        for part in &parts {
            assert!(part.start + WINDOW <= seconds * STEPS_PER_SECOND, "{seconds} s: from {}", part.start);
            assert!(part.peaks.iter().all(|p| p.time < WINDOW));
        }
    }
    // All of it is heard: two windows of 12 s.
    assert_eq!(starts(21).len(), 2);
    assert_eq!(starts(180), [21.0, 63.0, 105.0, 147.0]);
}

#[test]
fn a_window_holds_the_peaks_of_its_time() {
    let song = song(2, 60, 30);
    for part in Query::cut(&song) {
        let within = |p: &&Peak| (part.start..part.start + WINDOW).contains(&p.time);
        assert_eq!(part.peaks.len(), song.peaks.iter().filter(within).count());
        let moved = |p: &Peak| Peak { time: p.time + part.start, ..*p };
        assert!(part.peaks.iter().all(|p| song.peaks.binary_search(&moved(p)).is_ok()));
    }
}

#[test]
fn where_nothing_sounds_nothing_is_searched_for() {
    assert!(Query::cut(&Constellation::default()).is_empty());
    assert!(Query::cut(&constellation(100_000, Vec::new())).is_empty());
    // A long silence with a little music at its end: the windows without peaks are left out.
    let late = constellation(
        45_000,
        song(3, 40, 30).peaks.iter().map(|p| Peak { time: p.time + 35_000, ..*p }).collect(),
    );
    let parts = Query::cut(&late);
    assert!(!parts.is_empty() && parts.iter().all(|q| q.start >= 30_000));
}
