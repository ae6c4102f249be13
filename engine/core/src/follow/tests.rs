//! Recordings along each other whose every change is known.

use super::*;
use crate::testing::{Path, Rng, constellation, heard, song};

const SECONDS: u32 = 240;

/// A guess about second 100 of the query that is as wrong as a hit may be.
fn guess(path: Path) -> Guess {
    let (at_s, speed) = (100.0, path.speed * 1.001);
    let there = path.from + path.speed * at_s + 0.012;
    Guess { at_s, offset_s: there - speed * at_s, speed, pitch_semitones: path.semitones + 0.05 }
}

fn aligned(followed: &Followed) -> usize {
    followed.windows.iter().filter(|w| w.is_aligned).count()
}

#[test]
fn a_copy_is_followed_to_both_its_ends() {
    let original = song(1, SECONDS, 40);
    for (speed, semitones) in [(1.0, 0.0), (0.99, 0.0), (1.03, 0.5), (1.25, 3.86), (0.8, -3.86)] {
        let seconds = (SECONDS as f32 / speed) as u32;
        let path = Path { seconds, speed, semitones, ..Path::plain(0.0) };
        let copy = heard(&original, path, 2);
        let followed = follow(&copy, &original, guess(path), (5.0, 5.0)).unwrap();
        assert_eq!(aligned(&followed), followed.windows.len(), "{path:?}: {followed:?}");
        assert_eq!(followed.windows.len() as u32, (2 * seconds - 5).div_ceil(10)); // the last is not too short
        assert!((followed.speed / speed - 1.0).abs() < 2e-5, "{path:?}: {}", followed.speed);
        assert!(followed.offset_s.abs() < 0.01, "{path:?}: {}", followed.offset_s);
        assert!(
            (followed.pitch_semitones - semitones).abs() < 0.02,
            "{path:?}: {}",
            followed.pitch_semitones
        );
    }
}

#[test]
fn strangers_do_not_lie_along_each_other() {
    let (a, b) = (song(1, SECONDS, 40), song(2, SECONDS, 40));
    let mut rng = Rng(3);
    for _ in 0..20 {
        let speed = 0.9 + 0.2 * rng.unit();
        let guess = Guess { at_s: 100.0, offset_s: 50.0 * rng.unit(), speed, pitch_semitones: 0.0 };
        assert_eq!(aligned(&follow(&a, &b, guess, (5.0, 5.0)).unwrap()), 0);
    }
}

#[test]
fn what_was_cut_out_ends_the_line() {
    let original = song(1, SECONDS, 40);
    // Without the seconds from 120 to 140.
    let kept = original.peaks.iter().filter(|p| !(30_000..35_000).contains(&p.time));
    let moved = kept.map(|p| if p.time < 30_000 { *p } else { Peak { time: p.time - 5_000, ..*p } });
    let edit = constellation(original.duration - 5_000, moved.collect());
    let line = guess(Path::plain(0.0));
    let followed = follow(&edit, &original, line, (5.0, 5.0)).unwrap();
    let until: Vec<bool> = followed.windows.iter().map(|w| w.is_aligned).collect();
    assert!(until[..24].iter().all(|is| *is) && !until[24..].iter().any(|is| *is), "{until:?}");
}

#[test]
fn beyond_the_reference_nothing_is_aligned() {
    let original = song(1, SECONDS, 40);
    let part = original.excerpt(15_000, 15_000);
    let line = Guess { at_s: 100.0, offset_s: -60.0, speed: 1.0, pitch_semitones: 0.0 };
    let followed = follow(&original, &part, line, (5.0, 5.0)).unwrap();
    let within = |w: &Window| (60.0..120.0).contains(&w.start_s);
    assert!(followed.windows.iter().all(|w| w.is_aligned == within(w)), "{followed:?}");
}

#[test]
fn silence_says_nothing() {
    let quiet =
        constellation(60_000, song(1, SECONDS, 40).peaks.into_iter().filter(|p| p.time > 30_000).collect());
    let line = Guess { at_s: 180.0, offset_s: 0.0, speed: 1.0, pitch_semitones: 0.0 };
    let followed = follow(&quiet, &quiet, line, (5.0, 5.0)).unwrap();
    assert!(
        followed.windows.iter().all(|w| w.is_audible == (w.start_s >= 120.0) && w.is_aligned == w.is_audible)
    );
}

#[test]
fn what_is_no_line_is_refused_and_nothing_overflows() {
    let some = song(1, 20, 40);
    let line = Guess { at_s: 0.0, offset_s: 0.0, speed: 1.0, pitch_semitones: 0.0 };
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for worse in [
            Guess { at_s: bad, ..line },
            Guess { offset_s: bad, ..line },
            Guess { speed: bad, ..line },
            Guess { pitch_semitones: bad, ..line },
        ] {
            assert_eq!(follow(&some, &some, worse, (5.0, 5.0)), None);
        }
        assert!(follow(&some, &some, line, (bad, 5.0)).is_none_or(|f| f.windows.len() < 10));
        assert!(follow(&some, &some, line, (5.0, bad)).is_none_or(|f| f.windows.len() < 10));
    }
    for window in [0.0, -1.0, 0.04] {
        assert_eq!(follow(&some, &some, line, (window, 5.0)), None);
        assert_eq!(follow(&some, &some, line, (5.0, window)), None);
    }
    for offset_s in [-1e5, -20.0, 20.0, 1e5] {
        let far = Guess { offset_s, at_s: 1e6, ..line };
        assert_eq!(follow(&some, &some, far, (5.0, 5.0)).map(|f| aligned(&f)), Some(0));
    }
    let empty = constellation(0, Vec::new());
    let followed = follow(&empty, &some, line, (5.0, 5.0)).unwrap();
    assert_eq!(aligned(&followed), 0);
    assert_eq!(aligned(&follow(&some, &empty, line, (5.0, 5.0)).unwrap()), 0);
}

#[test]
fn excerpts_tile() {
    let whole = song(5, 60, 40);
    assert_eq!(whole.excerpt(0, u32::MAX), whole);
    assert_eq!(whole.excerpt(20_000, 5), constellation(0, Vec::new()));
    let mut again = Vec::new();
    for start in (0..whole.duration).step_by(777) {
        let part = whole.excerpt(start, 777);
        assert_eq!(part.duration, 777.min(whole.duration - start));
        assert!(part.encode().is_ok());
        again.extend(part.peaks.iter().map(|p| Peak { time: p.time + start, ..*p }));
    }
    assert_eq!(again, whole.peaks);
}
