//! The fingerprint's format: against a second implementation that knows only its specification, and
//! against everything that can happen to bytes on their way.

mod common;

use common::{Rng, constellation, is_sound, song, with_checksum};
use proptest::prelude::*;
use sonica_engine::params::{FREQUENCY_STEPS, MAX_SECONDS, PEAKS_PER_SECOND, RANKS, STEPS_PER_SECOND};
use sonica_engine::{Constellation, Error, Peak};

const LONGEST: u32 = MAX_SECONDS * STEPS_PER_SECOND;

/// The specification as code: `k` is the Rice parameter, `escape` says which times are written out.
fn spelled(c: &Constellation, k: u32, escape: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut bytes = vec![b'S', b'N', b'F', 1, PEAKS_PER_SECOND as u8, k as u8];
    bytes.extend(c.duration.to_le_bytes());
    bytes.extend((c.peaks.len() as u32).to_le_bytes());
    bytes.extend(common::spelled(0, &c.peaks, k, escape));
    bytes.extend([0; 4]);
    with_checksum(bytes)
}

/// Any constellation that there can be: sparse or dense, short or as long as can be.
fn any_constellation() -> impl Strategy<Value = Constellation> {
    let duration = prop_oneof![Just(0), 0..2_500u32, 0..=LONGEST, Just(LONGEST)];
    duration.prop_flat_map(|duration| {
        let time = prop_oneof![0..=duration + STEPS_PER_SECOND, 0..=(duration + STEPS_PER_SECOND).min(500)];
        let peak = (time, 0..FREQUENCY_STEPS, 0..RANKS);
        prop::collection::vec(peak, 0..=92).prop_map(move |peaks| {
            let peak = |(time, frequency, rank)| Peak { time, frequency, rank };
            constellation(duration, peaks.into_iter().map(peak).collect())
        })
    })
}

/// Reads bytes that may be anything: an error, or something that can be written and read again.
fn survives(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(c) = Constellation::decode(bytes) {
        prop_assert!(is_sound(&c));
        let again = c.encode().expect("what was read can be written");
        prop_assert_eq!(Constellation::decode(&again), Ok(c));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_written_is_read(c in any_constellation()) {
        let bytes = c.encode().unwrap();
        prop_assert_eq!(Constellation::decode(&bytes), Ok(c));
    }

    #[test]
    fn the_bytes_are_those_of_the_specification(c in any_constellation()) {
        let all = (0..16).map(|k| spelled(&c, k, |_| false));
        let shortest = all.min_by_key(Vec::len).unwrap();
        let written = c.encode().unwrap();
        // Of several parameters that take as many bytes, one may still take fewer bits.
        prop_assert_eq!(written.len(), shortest.len());
        prop_assert_eq!(&written, &spelled(&c, u32::from(written[5]), |_| false));
    }

    #[test]
    fn any_spelling_is_read(c in any_constellation(), k in 0u32..16, escaped: u64) {
        let bytes = spelled(&c, k, |i| escaped >> (i % 64) & 1 == 1);
        prop_assert_eq!(Constellation::decode(&bytes), Ok(c));
        survives(&bytes)?;
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&bytes)?;
    }

    /// Past the checksum and the header's checks, where arbitrary bytes never get.
    #[test]
    fn any_peaks(
        k in 0u8..16,
        duration in 0..=LONGEST,
        few in any::<bool>(),
        number: u32,
        tail in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let count = if few { number % (tail.len() as u32 * 8 / 15 + 1) } else { number };
        let mut bytes = vec![b'S', b'N', b'F', 1, 45, k];
        bytes.extend(duration.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(tail);
        bytes.extend([0; 4]);
        survives(&with_checksum(bytes))?;
    }

    #[test]
    fn any_edit_with_a_checksum_that_fits(
        c in any_constellation(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = c.encode().unwrap();
        for (at, value) in edits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        survives(&bytes)?;
        survives(&with_checksum(bytes))?;
    }
}

#[test]
fn these_bytes_mean_this_for_ever() {
    let peaks = vec![
        Peak { time: 16, frequency: 0, rank: 0 },
        Peak { time: 16, frequency: 855, rank: 15 },
        Peak { time: 90_000, frequency: 400, rank: 7 },
    ];
    let c = Constellation { duration: 100_000, peaks };
    let expected = [
        0x53, 0x4e, 0x46, 1, 45, 2, 0xa0, 0x86, 1, 0, 3, 0, 0, 0, 0xf0, 0, 0, 0xd5, 0xff, 0xff, 0xfc, 0x05,
        0x7e, 1, 0x90, 0x70,
    ];
    let bytes = c.encode().unwrap();
    assert_eq!(bytes[..bytes.len() - 4], expected);
    assert_eq!(Constellation::decode(&bytes), Ok(c));
}

#[test]
fn any_truncation_is_an_error() {
    let bytes = song(1, 20, 40).encode().unwrap();
    for end in 0..bytes.len() {
        assert!(Constellation::decode(&bytes[..end]).is_err(), "cut to {end} bytes");
    }
    for end in 18..bytes.len() {
        // Also where whoever cut it made the checksum fit.
        assert!(Constellation::decode(&with_checksum(bytes[..end].to_vec())).is_err(), "cut to {end} bytes");
    }
}

#[test]
fn any_flipped_bit_is_an_error() {
    let bytes = song(2, 20, 40).encode().unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Constellation::decode(&flipped).is_err(), "bit {bit}");
    }
}

#[test]
fn any_flipped_bit_with_a_checksum_that_fits_gives_an_error_or_a_constellation() {
    let bytes = song(3, 20, 40).encode().unwrap();
    let mut read = 0;
    for bit in 0..(bytes.len() - 4) * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let flipped = with_checksum(flipped);
        survives(&flipped).unwrap();
        read += u32::from(Constellation::decode(&flipped).is_ok());
    }
    // The checksum was the only thing to notice most of them: they did reach the checks behind it.
    assert!(read > 1_000);
}

#[test]
fn bytes_behind_the_end_are_an_error() {
    let bytes = song(4, 10, 40).encode().unwrap();
    let mut longer = bytes[..bytes.len() - 4].to_vec();
    longer.extend([0; 5]);
    assert!(Constellation::decode(&with_checksum(longer)).is_err());
}

#[test]
fn enormous_numbers_are_errors() {
    let bytes = song(5, 10, 40).encode().unwrap();
    let mut rng = Rng(1);
    for at in [6, 10] {
        for _ in 0..1_000 {
            let value = u32::MAX >> rng.below(20);
            let mut lie = bytes.clone();
            lie[at..at + 4].copy_from_slice(&value.to_le_bytes());
            if at == 10 || value > LONGEST {
                assert!(Constellation::decode(&with_checksum(lie)).is_err(), "{value} at {at}");
            }
        }
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let bytes = song(6, 10, 40).encode().unwrap();
    let with = |at: usize, value: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = value;
        Constellation::decode(&with_checksum(bytes)).unwrap_err()
    };
    assert_eq!(with(0, b'X').code(), "format");
    assert_eq!(with(3, 2), Error::Version { what: "fingerprint", found: 2, expected: 1 });
    assert_eq!(with(4, 44).code(), "format");
    assert_eq!(with(5, 16).code(), "format");
    let mut damaged = bytes.clone();
    damaged[20] ^= 1;
    assert_eq!(Constellation::decode(&damaged).unwrap_err().code(), "checksum");
    // A newer fingerprint is told apart even where nothing else of it can be read.
    assert_eq!(Constellation::decode(b"SNF\x07").unwrap_err().code(), "version");
    assert_eq!(Constellation::decode(b"").unwrap_err().code(), "format");
}

#[test]
fn what_is_no_constellation_is_not_written() {
    let peak = |time, frequency, rank| Peak { time, frequency, rank };
    let refused = |duration, peaks| Constellation { duration, peaks }.encode().unwrap_err().code();
    assert_eq!(refused(LONGEST + 1, vec![]), "length");
    assert_eq!(refused(1_000, vec![peak(5, FREQUENCY_STEPS, 0)]), "format");
    assert_eq!(refused(1_000, vec![peak(5, 0, RANKS)]), "format");
    assert_eq!(refused(1_000, vec![peak(1_251, 0, 0)]), "format");
    assert_eq!(refused(1_000, vec![peak(6, 0, 0), peak(5, 0, 0)]), "format");
    assert_eq!(refused(1_000, vec![peak(5, 1, 0), peak(5, 0, 0)]), "format");
    assert_eq!(refused(1_000, vec![peak(5, 0, 0), peak(5, 0, 1)]), "format");
}

#[test]
fn more_peaks_than_a_sound_can_have_are_refused() {
    // However long the sound is said to be: it is their number within a second that makes searching slow.
    let dense = |count: u16| {
        let peaks = (0..count).map(|f| Peak { time: 500 + u32::from(f) * 2, frequency: f, rank: 0 });
        constellation(LONGEST, peaks.collect())
    };
    let most = dense(92).encode().unwrap();
    assert!(Constellation::decode(&most).is_ok());
    assert!(matches!(dense(400).encode(), Err(Error::Format { .. })));
    let forged = spelled(&dense(400), 1, |_| false);
    assert!(matches!(Constellation::decode(&forged), Err(Error::Format { .. })));
}
