//! Recordings along each other whose every change is known.

use proptest::prelude::*;

use super::*;
use crate::testing::{Path, Rng, constellation, heard, song};

const SECONDS: u32 = 240;

/// A guess about second 100 of the query that is as wrong as a hit may be.
fn guess(path: Path) -> Guess {
    let (at_s, speed) = (100.0, path.speed * 1.001);
    let there = path.from + path.speed * at_s + 0.012;
    Guess { at_s, offset_s: there - speed * at_s, speed, pitch_semitones: path.semitones + 0.05 }
}

/// As it is.
const SAME: Guess = Guess { at_s: 0.0, offset_s: 0.0, speed: 1.0, pitch_semitones: 0.0 };

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
fn a_guess_may_be_a_little_off() {
    let original = song(1, SECONDS, 40);
    let copy = heard(&original, Path { seconds: SECONDS, ..Path::plain(0.0) }, 2);
    for (at_s, wrong_s, wrong_speed) in
        [(100.0, 0.06, 1.0), (100.0, -0.06, 1.004), (5.0, 0.05, 0.995), (235.0, -0.05, 1.005)]
    {
        let line = Guess { at_s, offset_s: wrong_s + at_s * (1.0 - wrong_speed), speed: wrong_speed, ..SAME };
        let followed = follow(&copy, &original, line, (5.0, 5.0)).unwrap();
        assert!((followed.share(), followed.speed) > (0.999, 0.99998), "{line:?}: {}", followed.speed);
    }
}

/// A song of ten notes at any time: whatever the line, many peaks have some match.
fn of_ten_notes(seed: u64) -> Constellation {
    let mut peaks = song(seed, SECONDS, 40).peaks;
    peaks.iter_mut().for_each(|p| p.frequency = p.frequency % 10 * 80 + 20);
    constellation(SECONDS * STEPS_PER_SECOND, peaks)
}

#[test]
fn a_wrong_speed_is_put_right_where_accidents_abound() {
    for seed in 0..10u64 {
        let original = of_ten_notes(seed);
        let faint =
            Path { seconds: SECONDS, survive: 0.15, strangers: 0, jitter: (2.0, 0.8), ..Path::plain(0.0) };
        let mut copy = heard(&original, faint, seed);
        copy.peaks.extend(of_ten_notes(seed + 100).peaks.into_iter().step_by(2));
        let copy = constellation(copy.duration, copy.peaks);
        for speed in [0.991, 1.009] {
            let at_s = 60.0 + 12.0 * seed as f32;
            let line = Guess { at_s, offset_s: at_s * (1.0 - speed), speed, ..SAME };
            let followed = follow(&copy, &original, line, (5.0, 5.0)).unwrap();
            assert!((followed.speed - 1.0).abs() < 1e-4, "song {seed}, {speed}: {}", followed.speed);
        }
    }
}

/// The share of a query's windows along a reference by the most obvious means: how many of its peaks have
/// one within reach, against how many have one at places where nothing belongs.
fn share_by_counting(query: &Constellation, reference: &Constellation, line: Guess) -> f32 {
    let steps = STEPS_PER_SECOND as f32;
    let near = |q: &Peak, more: f32| {
        let time = line.offset_s * steps + line.speed * q.time as f32 + more;
        let places = reference.peaks.iter();
        places
            .filter(|r| (r.time as f32 - time).abs() <= 8.0 && r.frequency.abs_diff(q.frequency) <= 3)
            .count()
            > 0
    };
    let windows = query.duration / 1_250;
    let is_aligned = |i: &u32| {
        let part: Vec<&Peak> = query.peaks.iter().filter(|p| p.time / 1_250 == *i).collect();
        let count = |more| part.iter().filter(|q| near(q, more)).count();
        count(0.0) > 3 * count(1_003.0).max(count(-1_003.0)).max(part.len() / 20)
    };
    (0..windows).filter(is_aligned).count() as f32 / windows as f32
}

#[test]
fn the_share_is_that_of_plain_counting() {
    let (a, b) = (song(1, 60, 40), song(2, 60, 40));
    for seconds in [0, 10, 20, 30, 45, 60] {
        // The first seconds of the one, then the other.
        let until = seconds * STEPS_PER_SECOND;
        let (first, then) = (a.excerpt(0, until.max(1)), b.excerpt(until, u32::MAX));
        let then = then.peaks.into_iter().map(|p| Peak { time: p.time + until, ..p });
        let both = constellation(a.duration, first.peaks.into_iter().chain(then).collect());
        let copy = heard(&both, Path { seconds: 60, ..Path::plain(0.0) }, 3);
        let at_s = seconds as f32 / 2.0;
        let followed = follow(&copy, &a, Guess { at_s, ..SAME }, (5.0, 5.0)).unwrap();
        let (share, counted) = (followed.share(), share_by_counting(&copy, &a, SAME));
        assert!((share - seconds as f32 / 60.0).abs() < 0.01, "{seconds}: {share}");
        assert!((share - counted).abs() < 0.01, "{seconds}: {share}, {counted}");
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
    assert!((followed.speed - 1.0).abs() < 5e-6, "what lies elsewhere bends nothing: {}", followed.speed);
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

#[test]
fn a_peak_behind_the_end_of_a_sound_is_no_trap() {
    // As of a sound so short that its only frame reaches beyond its end.
    let peak = |time| Peak { time, frequency: 300, rank: 0 };
    let short = constellation(10, vec![peak(5), peak(10), peak(200)]);
    let line = SAME;
    for at_s in [-1e30, -30.0, 0.0, 0.04, 30.0, 1e30] {
        assert!(follow(&short, &short, Guess { at_s, ..line }, (5.0, 5.0)).is_some());
    }
    assert_eq!(short.excerpt(0, u32::MAX), short);
    assert_eq!(short.excerpt(10, 5), constellation(0, Vec::new()));
}

/// Peaks anywhere, as many as may lie together, some behind the end, of a sound of no length or of hours.
fn any_sound() -> impl Strategy<Value = Constellation> {
    let duration = prop_oneof![Just(0u32), 1..500u32, 500..50_000u32, Just(LONGEST)];
    duration.prop_flat_map(|duration| {
        let time = prop_oneof![0..=duration + STEPS_PER_SECOND, 0..=(duration + STEPS_PER_SECOND).min(2_000)];
        prop::collection::vec((time, 0..856u16, 0..16u8), 0..=92).prop_map(move |peaks| {
            let peak = |(time, frequency, rank)| Peak { time, frequency, rank };
            constellation(duration, peaks.into_iter().map(peak).collect())
        })
    })
}

/// Any number at all, likely ones more often.
fn any_number(likely: std::ops::Range<f32>) -> impl Strategy<Value = f32> {
    prop_oneof![4 => likely, 1 => any::<f32>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_sound_along_any_other_gives_numbers(
        query in any_sound(),
        reference in any_sound(),
        at_s in any_number(-10.0..300.0),
        offset_s in any_number(-300.0..300.0),
        speed in any_number(0.5..2.0),
        pitch_semitones in any_number(-12.0..12.0),
        window_s in any_number(0.05..20.0),
        hop_s in any_number(1.0..20.0),
    ) {
        let guess = Guess { at_s, offset_s, speed, pitch_semitones };
        if let Some(followed) = follow(&query, &reference, guess, (window_s, hop_s)) {
            prop_assert!([followed.offset_s, followed.speed, followed.pitch_semitones].iter().all(|x| x.is_finite()));
            prop_assert!((0.0..=1.0).contains(&followed.share()));
            prop_assert!(followed.windows.len() as f32 <= 1.0 + query.seconds() / (hop_s - 0.004));
            for window in &followed.windows {
                prop_assert!(window.likelihood.is_finite() && window.is_audible >= window.is_aligned);
            }
        }
    }

    #[test]
    fn parts_of_any_sound_can_be_written_and_tile(sound in any_sound(), cuts in prop::collection::vec(0..60_000u32, 0..6)) {
        prop_assert_eq!(&sound.excerpt(0, u32::MAX), &sound);
        let mut cuts = cuts;
        cuts.push(0);
        cuts.sort_unstable();
        cuts.dedup();
        let mut again = Vec::new();
        for (i, &start) in cuts.iter().enumerate() {
            let part = sound.excerpt(start, cuts.get(i + 1).map_or(u32::MAX, |end| end - start));
            prop_assert!(part.encode().is_ok());
            again.extend(part.peaks.iter().map(|p| Peak { time: p.time + start, ..*p }));
        }
        prop_assert_eq!(again, sound.peaks);
    }
}
