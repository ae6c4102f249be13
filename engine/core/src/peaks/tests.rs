//! The peak picker against a slow one that does what the words say.

use proptest::prelude::*;

use super::*;
use crate::testing::Rng;

/// Whitened value times `WHITE_AREA`: the row's less the mean over the box around it, beyond whose
/// edges the outermost values go on for ever.
fn whitened(rows: &[Row]) -> Vec<Vec<i64>> {
    let (frames, bins) = (rows.len() as isize, BINS as isize);
    let (far, wide) = (WHITE_FRAMES as isize, WHITE_BINS as isize);
    let at = |frame: isize, bin: isize| i64::from(rows[frame.clamp(0, frames - 1) as usize][bin as usize]);
    let column = |frame: isize, bin: isize| (frame - far..=frame + far).map(|f| at(f, bin)).sum::<i64>();
    let whiten = |frame: isize| {
        let columns: Vec<i64> = (0..bins).map(|bin| column(frame, bin)).collect();
        let around = |bin: isize| {
            (bin - wide..=bin + wide).map(|b| columns[b.clamp(0, bins - 1) as usize]).sum::<i64>()
        };
        (0..bins).map(|bin| at(frame, bin) * i64::from(WHITE_AREA) - around(bin)).collect()
    };
    (0..frames).map(whiten).collect()
}

/// Whether (frame, bin) is the largest of its neighbourhood, and of equals the first.
fn is_peak(white: &[Vec<i64>], frame: usize, bin: usize) -> bool {
    let near = if bin < UPPER_BAND_BIN { NEAR_BINS_LOW } else { NEAR_BINS };
    let strength = white[frame][bin];
    let beaten = (frame.saturating_sub(NEAR_FRAMES)..(frame + NEAR_FRAMES + 1).min(white.len())).any(|f| {
        (bin.saturating_sub(near)..(bin + near + 1).min(BINS))
            .any(|b| white[f][b] > strength || (white[f][b] == strength && (f, b) < (frame, bin)))
    });
    strength > 0 && !beaten
}

fn parabola(a: i32, b: i32, c: i32) -> f32 {
    if a + c - 2 * b >= 0 {
        return 0.0;
    }
    (0.5 * (a - c) as f32 / (a + c - 2 * b) as f32).clamp(-0.5, 0.5)
}

fn placed(rows: &[Row], frame: usize, bin: usize) -> (u32, u16) {
    let row = &rows[frame];
    let (before, after) = (&rows[frame.saturating_sub(1)], &rows[(frame + 1).min(rows.len() - 1)]);
    let bins = bin as f32 + parabola(row[bin - 1], row[bin], row[bin + 1]);
    let frames = frame as f32 + parabola(before[bin], row[bin], after[bin]);
    let time = (frames + (WINDOW / HOP) as f32 / 2.0) * STEPS_PER_HOP as f32;
    let frequency = log2(bins * 3.90625 / LOWEST_HZ) * STEPS_PER_OCTAVE as f32;
    ((time + 0.5) as u32, ((frequency + 0.5) as u16).min(FREQUENCY_STEPS - 1))
}

/// All of it, slowly.
fn twin(rows: &[Row]) -> Vec<Peak> {
    let white = whitened(rows);
    let mut all = Vec::new();
    for frame in 0..rows.len() {
        all.extend((LOWEST_BIN..END_BIN).filter(|&bin| is_peak(&white, frame, bin)).map(|bin| (frame, bin)));
    }
    let lower = |bin: usize| bin < UPPER_BAND_BIN;
    let reach = RANK_FRAMES as usize;
    let mut peaks = Vec::new();
    for &(frame, bin) in &all {
        let stronger = all.iter().filter(|&&(f, b)| {
            f.abs_diff(frame) <= reach
                && lower(b) == lower(bin)
                && (white[f][b], frame, bin) > (white[frame][bin], f, b)
        });
        let heard = (frame + reach + 1).min(rows.len()) - frame.saturating_sub(reach);
        let allotment = if lower(bin) { LOWER_PEAKS_PER_SECOND } else { UPPER_PEAKS_PER_SECOND } as usize;
        let frames_per_second = (STEPS_PER_SECOND / STEPS_PER_HOP) as usize;
        let rank = stronger.count() * usize::from(RANKS) * frames_per_second / (allotment * heard);
        if rank < usize::from(RANKS) {
            let (time, frequency) = placed(rows, frame, bin);
            peaks.push(Peak { time, frequency, rank: rank as u8 });
        }
    }
    peaks.sort_unstable();
    peaks.dedup_by_key(|p| (p.time, p.frequency));
    peaks
}

fn picked(rows: &[Row], isa: Isa) -> Vec<Peak> {
    let mut picker = PeakPicker::new(isa);
    rows.iter().for_each(|row| picker.push(row));
    picker.finish()
}

/// Rows of any log spectrum that sound can have (−40 to 8 octaves), or of `levels` values only, so
/// that many are equal.
fn rows(seed: u64, frames: usize, levels: Option<u32>) -> Vec<Row> {
    let mut rng = Rng(seed);
    let mut value = || match levels {
        Some(levels) => rng.below(levels) as i32 * 1_000 - 100_000,
        None => rng.below(196_608) as i32 - 163_840,
    };
    (0..frames).map(|_| core::array::from_fn(|_| value())).collect()
}

#[test]
fn random_rows() {
    for (seed, frames) in [(1, 300), (2, 126), (3, 89)] {
        let rows = rows(seed, frames, None);
        let expected = twin(&rows);
        assert!(expected.len() > frames / 3);
        assert_eq!(picked(&rows, Isa::detect()), expected);
        assert_eq!(picked(&rows, Isa::BASELINE), expected);
    }
}

#[test]
fn rows_full_of_equals() {
    for (seed, levels) in [(1, 2), (2, 3)] {
        let rows = rows(seed, 150, Some(levels));
        assert_eq!(picked(&rows, Isa::detect()), twin(&rows));
    }
    // Plateaus: what is equal in time and in frequency has one peak, at its first cell.
    let mut flat = vec![[-100_000; BINS]; 200];
    for frame in 60..64 {
        flat[frame][100..105].fill(0);
        flat[frame][12..14].fill(0);
    }
    let peaks = picked(&flat, Isa::detect());
    assert_eq!(peaks, twin(&flat));
    assert!(!peaks.is_empty());
}

#[test]
fn the_extremes_do_not_overflow() {
    // As loud as can be beside silence, in blocks of the whitening window's size.
    for size in [1, 25, 40, 51, 81] {
        let rows: Vec<Row> = (0..200)
            .map(|f| {
                core::array::from_fn(|b| if (f / size + b / size) % 2 == 0 { 8 * 4_096 } else { -40 * 4_096 })
            })
            .collect();
        assert_eq!(picked(&rows, Isa::detect()), twin(&rows));
    }
}

#[test]
fn steady_rows_have_no_peaks() {
    let mut rng = Rng(5);
    // Steady in time and smooth in frequency: nothing stands out.
    assert!(picked(&vec![[-50_000; BINS]; 300], Isa::detect()).is_empty());
    let level = rng.below(100_000) as i32;
    assert!(picked(&[[level; BINS]], Isa::detect()).is_empty());
    assert!(picked(&[], Isa::detect()).is_empty());
}

#[test]
fn both_compilations_of_the_kernels_agree() {
    let mut rng = Rng(9);
    for _ in 0..300 {
        let mut random =
            |bound: u32| -> Row { core::array::from_fn(|_| rng.below(bound) as i32 - bound as i32 / 2) };
        let (row, other, sums) = (random(300_000), random(300_000), random(20_000_000));
        let run = |isa| {
            let (mut slid, mut raised, mut values, mut highest) = (sums, row, [0; BINS], [0; BINS]);
            slide(isa, &mut slid, &row, &other);
            raise(isa, &mut raised, &other);
            whiten_row(isa, &row, &sums, &mut values, &mut highest);
            (slid, raised, values, highest)
        };
        assert_eq!(run(Isa::BASELINE), run(Isa::detect()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Sounds shorter than any of the windows, where every edge is near.
    #[test]
    fn short_sounds(seed: u64, frames in 1usize..100, levels in prop::option::of(2u32..5)) {
        let rows = rows(seed, frames, levels);
        prop_assert_eq!(picked(&rows, Isa::detect()), twin(&rows));
    }
}
