//! Frames: that they add up to what their sender has heard, against a second implementation that knows only
//! the specification, and against everything that can happen to them on their way.

mod common;

use common::{Rng, constellation, is_sound, noise, song, spelled, with_checksum};
use proptest::prelude::*;
use sonica_engine::params::{FREQUENCY_STEPS, MAX_SECONDS, PEAKS_PER_SECOND, RANKS, STEPS_PER_SECOND};
use sonica_engine::{
    Constellation, Error, FORMAT_VERSION, Fingerprinter, FrameAssembler, FrameFlags, FrameWriter, Peak,
};

const NEXT: FrameFlags = FrameFlags { key: false, last: false };
const KEY: FrameFlags = FrameFlags { key: true, last: false };
const LAST: FrameFlags = FrameFlags { key: false, last: true };
const LONGEST: u32 = MAX_SECONDS * STEPS_PER_SECOND;

/// The frames of a sound that is heard in pieces of so many samples.
fn frames(samples: &[f32], rate: u32, piece: usize) -> Vec<Vec<u8>> {
    let mut fingerprinter = Fingerprinter::new(rate).expect("a good sound");
    let frame = |piece: &[f32]| {
        fingerprinter.push(piece).expect("a good sound");
        fingerprinter.frame(NEXT).expect("a good sound")
    };
    samples.chunks(piece).map(frame).collect()
}

/// An assembler that has taken these frames.
fn assembled<'a>(frames: impl IntoIterator<Item = &'a Vec<u8>>) -> FrameAssembler {
    let mut assembler = FrameAssembler::default();
    for frame in frames {
        assembler.push(frame).expect("they follow each other");
    }
    assembler
}

/// What the assembler says of a frame that it must refuse, and by which it must not change.
fn refusal(assembler: &FrameAssembler, frame: &[u8]) -> Error {
    let mut other = assembler.clone();
    let error = other.push(frame).expect_err("a frame that is no good");
    assert_eq!(other.constellation(), assembler.constellation());
    assert_eq!(other.ended(), assembler.ended());
    error
}

/// Takes a frame that may be anything: it is refused and changes nothing, or leaves what can be written.
fn survives(assembler: &FrameAssembler, frame: &[u8]) -> bool {
    let mut other = assembler.clone();
    let taken = other.push(frame).is_ok();
    if taken {
        assert!(is_sound(other.constellation()));
        let bytes = other.constellation().encode().expect("what was put together can be written");
        assert_eq!(Constellation::decode(&bytes).as_ref(), Ok(other.constellation()));
    } else {
        assert_eq!(other.constellation(), assembler.constellation());
    }
    taken
}

/// A frame as the specification has it.
fn written(flags: u8, numbers: [u32; 4], start: u32, peaks: &[Peak], k: u32) -> Vec<u8> {
    let mut bytes = vec![b'S', b'N', b'L', FORMAT_VERSION, PEAKS_PER_SECOND as u8, k as u8, flags];
    bytes.extend(numbers.into_iter().chain([peaks.len() as u32]).flat_map(u32::to_le_bytes));
    bytes.extend(spelled(start, peaks, k, |_| false));
    bytes.extend([0; 4]);
    with_checksum(bytes)
}

/// Any constellations one after the other: each keeps some of the peaks of the one before and changes others.
fn any_growth() -> impl Strategy<Value = Vec<Constellation>> {
    let one = (any::<u64>(), 0u32..2_500, 0usize..80, 0u32..30);
    prop::collection::vec(one, 1..12).prop_map(|steps| {
        let mut all: Vec<Constellation> = Vec::new();
        for (seed, longer, kept, fresh) in steps {
            let before = all.last().cloned().unwrap_or_default();
            let duration = before.duration + longer;
            let mut peaks = before.peaks[..kept.min(before.peaks.len())].to_vec();
            let from = peaks.last().map_or(0, |p| p.time);
            let mut rng = Rng(seed);
            for _ in 0..fresh {
                let time = from + rng.below(duration + STEPS_PER_SECOND - from + 1);
                let frequency = rng.below(u32::from(FREQUENCY_STEPS)) as u16;
                peaks.push(Peak { time, frequency, rank: rng.below(u32::from(RANKS)) as u8 });
            }
            let grown = constellation(duration, peaks);
            if grown.encode().is_ok() {
                all.push(grown); // unless it is denser than a sound can be
            }
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the sound, however it is cut, wherever key frames are asked for: after each frame the
    /// receiver has, to the byte, what the sender would have sent whole; so has who came later.
    #[test]
    fn frames_add_up_to_the_snapshot(
        seed: u64,
        rate in prop::sample::select(vec![8_000u32, 11_025, 44_100]),
        wild in prop::option::of(prop::collection::vec(any::<u32>(), 1..200)),
        cuts in prop::collection::vec((0u32..1_500, any::<bool>(), 0u32..8), 1..16),
        joins in any::<prop::sample::Index>(),
    ) {
        let joins = joins.index(cuts.len());
        let pieces: Vec<usize> = cuts.iter().map(|(ms, ..)| (ms * rate / 1_000) as usize).collect();
        let length = pieces.iter().sum();
        let mut rng = Rng(seed);
        let samples: Vec<f32> = match wild {
            Some(bits) => bits.iter().map(|&b| f32::from_bits(b)).cycle().take(length).collect(),
            None => noise(seed, length, 1.0 / (1 << rng.below(13)) as f32),
        };
        let (mut framed, mut plain) = (Fingerprinter::new(rate).unwrap(), Fingerprinter::new(rate).unwrap());
        let (mut receiver, mut late) = (FrameAssembler::default(), FrameAssembler::default());
        let mut from = 0;
        for (i, (&piece, &(_, last, key))) in pieces.iter().zip(&cuts).enumerate() {
            framed.push(&samples[from..from + piece]).unwrap();
            plain.push(&samples[from..from + piece]).unwrap();
            from += piece;
            let last = last && i + 1 == pieces.len();
            let frame = framed.frame(FrameFlags { key: key == 0 || i == joins, last }).unwrap();
            let snapshot = plain.snapshot();
            receiver.push(&frame).unwrap();
            prop_assert_eq!(receiver.constellation().encode(), snapshot.encode());
            prop_assert_eq!(receiver.ended(), last);
            if i >= joins {
                late.push(&frame).unwrap();
                prop_assert_eq!(late.constellation(), &snapshot);
            }
            // Making frames does not disturb what is heard.
            prop_assert_eq!(framed.snapshot(), snapshot);
        }
        prop_assert_eq!(framed.finish(), plain.finish());
    }

    #[test]
    fn the_bytes_are_those_of_the_specification(all in any_growth(), keys: u16, end in any::<bool>()) {
        let (mut writer, mut assembler) = (FrameWriter::default(), FrameAssembler::default());
        let (mut before, mut sum) = (Constellation::default(), 0);
        for (i, heard) in all.iter().enumerate() {
            let key = i == 0 || keys >> i & 1 == 1;
            let last = end && i + 1 == all.len();
            let frame = writer.write(heard.clone(), FrameFlags { key, last }).unwrap();
            let same = before.peaks.iter().zip(&heard.peaks).take_while(|(a, b)| a == b).count();
            let (kept, follows) = if key { (0, 0) } else { (same, sum) };
            let start = if kept == 0 { 0 } else { heard.peaks[kept - 1].time };
            let numbers = [i as u32, follows, heard.duration, kept as u32];
            let flags = u8::from(key) + 2 * u8::from(last);
            let one = |k| written(flags, numbers, start, &heard.peaks[kept..], k);
            // Of several parameters that take as many bytes, one may still take fewer bits.
            prop_assert_eq!(frame.len(), (0..16).map(|k| one(k).len()).min().unwrap());
            prop_assert_eq!(&frame, &one(u32::from(frame[5])));
            assembler.push(&frame).unwrap();
            prop_assert_eq!(assembler.constellation(), heard);
            sum = u32::from_le_bytes(frame[frame.len() - 4..].try_into().unwrap());
            before = heard.clone();
        }
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(!survives(&FrameAssembler::default(), &bytes));
    }

    /// Past the checksum, the header's checks and the sequence, where arbitrary bytes never get.
    #[test]
    fn any_frame_that_follows(
        seconds in 0u32..6,
        flags in 0u8..4,
        k in 0u8..16,
        duration in prop_oneof![0u32..2_000, any::<u32>()],
        kept in prop_oneof![0u32..300, any::<u32>()],
        count in prop_oneof![0u32..40, any::<u32>()],
        tail in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let first = FrameWriter::default().write(song(1, seconds, 30), KEY).unwrap();
        let sum = u32::from_le_bytes(first[first.len() - 4..].try_into().unwrap());
        let mut bytes = written(flags, [1, sum, duration, kept], 0, &[], u32::from(k));
        bytes.truncate(23);
        bytes.extend(count.to_le_bytes());
        bytes.extend(tail);
        bytes.extend([0; 4]);
        survives(&assembled([&first]), &with_checksum(bytes));
    }
}

#[test]
fn these_bytes_mean_this_for_ever() {
    let peak = |time, frequency, rank| Peak { time, frequency, rank };
    let (a, b, c) = (peak(16, 0, 0), peak(16, 855, 15), peak(90_000, 400, 7));
    let mut writer = FrameWriter::default();
    let first = writer.write(constellation(125, vec![a, b]), NEXT).unwrap();
    let second = writer.write(constellation(100_000, vec![a, c]), LAST).unwrap();
    let head = [b'S', b'N', b'L', 1, PEAKS_PER_SECOND as u8];
    #[rustfmt::skip]
    let expected = [
        2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 125, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0xf0, 0, 0, 0xd5, 0xfc,
    ];
    assert_eq!(first[..5], head);
    assert_eq!(first[5..first.len() - 4], expected);
    let sum = &first[first.len() - 4..];
    #[rustfmt::skip]
    let expected = [
        15, 2, 1, 0, 0, 0, sum[0], sum[1], sum[2], sum[3], 0xa0, 0x86, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0xd7, 0xe0,
        0x19, 0x07,
    ];
    assert_eq!(second[..5], head);
    assert_eq!(second[5..second.len() - 4], expected);
    assert_eq!(*assembled([&first, &second]).constellation(), constellation(100_000, vec![a, c]));
}

#[test]
fn a_frame_that_is_not_the_next_is_told_and_a_key_frame_mends_it() {
    let samples = noise(1, 8_000 * 6, 0.5);
    let all = frames(&samples, 8_000, 4_000);
    let assembler = assembled(&all[..5]);
    let wrong = |expected, found| Error::Sequence { expected, found };
    assert_eq!(refusal(&assembler, &all[6]), wrong(5, 6)); // 5 was lost
    assert_eq!(refusal(&assembler, &all[4]), wrong(5, 4)); // 4 came twice
    assert_eq!(refusal(&assembler, &all[0]), wrong(5, 0)); // the first again, though it is a key frame
    let others = frames(&noise(2, 8_000 * 6, 0.5), 8_000, 4_000);
    assert_eq!(refusal(&assembler, &others[5]), wrong(5, 5)); // of another sound
    assert_eq!(refusal(&FrameAssembler::default(), &all[3]), wrong(0, 3)); // the receiver is another
    assert!(refusal(&assembler, &all[6]).to_string().contains("send a key frame"));
    // A key frame is taken by who missed some, by who began later, and by who missed none.
    let mut sender = Fingerprinter::new(8_000).unwrap();
    for piece in samples.chunks(4_000) {
        sender.push(piece).unwrap();
        sender.frame(NEXT).unwrap();
    }
    let (key, next) = (sender.frame(KEY).unwrap(), sender.frame(NEXT).unwrap());
    for mut receiver in [assembler, FrameAssembler::default(), assembled(&all)] {
        receiver.push(&key).unwrap();
        assert_eq!(*receiver.constellation(), sender.snapshot());
        receiver.push(&next).unwrap();
        assert_eq!(*receiver.constellation(), sender.snapshot());
    }
}

#[test]
fn behind_the_last_frame_only_a_key_frame_is_taken() {
    let mut writer = FrameWriter::default();
    let mut write = |flags| writer.write(song(1, 5, 30), flags).unwrap();
    let (first, last, more, key) = (write(NEXT), write(LAST), write(NEXT), write(KEY));
    let mut assembler = assembled([&first, &last]);
    assert!(assembler.ended());
    assert_eq!(refusal(&assembler, &last), Error::Sequence { expected: 2, found: 1 });
    assert_eq!(refusal(&assembler, &more).code(), "format");
    assembler.push(&key).unwrap();
    assert!(!assembler.ended());
}

#[test]
fn nothing_heard_is_a_frame_too() {
    assert_eq!(*FrameAssembler::default().constellation(), Constellation::default());
    let mut sender = Fingerprinter::new(44_100).unwrap();
    let frames = [sender.frame(NEXT).unwrap(), sender.frame(LAST).unwrap()];
    assert_eq!(*assembled(&frames).constellation(), Constellation::default());
}

#[test]
fn any_truncation_is_an_error() {
    let all = frames(&noise(3, 8_000 * 4, 0.5), 8_000, 4_000);
    let (assembler, next) = (assembled(&all[..7]), &all[7]);
    for end in 0..next.len() {
        refusal(&assembler, &next[..end]);
    }
    for end in 31..next.len() {
        // Also where whoever cut it made the checksum fit.
        refusal(&assembler, &with_checksum(next[..end].to_vec()));
    }
    let mut longer = next[..next.len() - 4].to_vec();
    longer.extend([0; 5]);
    refusal(&assembler, &with_checksum(longer));
}

#[test]
fn any_flipped_bit_is_an_error_or_leaves_a_constellation() {
    let all = frames(&noise(4, 8_000 * 4, 0.5), 8_000, 4_000);
    let (assembler, next) = (assembled(&all[..7]), &all[7]);
    let mut taken = 0;
    for bit in 0..next.len() * 8 {
        let mut flipped = next.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        refusal(&assembler, &flipped);
        taken += u32::from(survives(&assembler, &with_checksum(flipped)));
    }
    // The checksum was the only thing to notice most of them: they did reach the checks behind it.
    assert!(taken as usize > next.len() * 4, "{taken}");
}

#[test]
fn any_edits_with_a_checksum_that_fits() {
    let all = frames(&noise(5, 8_000 * 4, 0.5), 8_000, 4_000);
    let assembler = assembled(&all[..7]);
    let mut rng = Rng(1);
    let mut taken = 0;
    for _ in 0..4_000 {
        let mut edited = all[rng.below(8) as usize].clone();
        for _ in 0..1 + rng.below(3) {
            // The numbers of the header more often than the rest.
            let end = if rng.below(2) == 0 { 27 } else { edited.len() as u32 - 4 };
            let at = rng.below(end) as usize;
            edited[at] = if rng.below(2) == 0 { rng.below(8) as u8 } else { rng.next() as u8 };
        }
        taken += u32::from(survives(&assembler, &with_checksum(edited)));
    }
    assert!(taken > 100, "{taken}");
}

#[test]
fn what_contradicts_itself_is_refused() {
    let mut writer = FrameWriter::default();
    let (first, next) = (writer.write(song(6, 5, 30), NEXT), writer.write(song(6, 5, 30), NEXT));
    let (assembler, next) = (assembled([&first.unwrap()]), next.unwrap());
    let peaks = assembler.constellation().peaks.len() as u32;
    let with = |at: usize, value: u32| {
        let mut bytes = next.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        refusal(&assembler, &with_checksum(bytes))
    };
    let said = |error: Error, why: &str| assert!(error.to_string().contains(why), "{error}");
    said(with(15, LONGEST + 1), "longer than a fingerprint can be");
    said(with(15, 10), "behind its end");
    said(with(19, peaks + 1), "more peaks than there are");
    said(with(19, u32::MAX), "more peaks than there are");
    said(with(23, u32::MAX), "cut off");
    assert_eq!(with(7, u32::MAX), Error::Sequence { expected: 1, found: u32::MAX });
    for flags in [1, 4, 128] {
        let mut bytes = next.clone();
        bytes[6] = flags;
        said(refusal(&assembler, &with_checksum(bytes)), "flags");
    }
    assert_eq!(refusal(&assembler, b"SNL\x07"), Error::Version { what: "frame", found: 7, expected: 1 });
    said(refusal(&assembler, &song(6, 5, 30).encode().unwrap()), "does not begin as one");
    let newest = with_checksum(written(1, [u32::MAX, 0, 0, 0], 0, &[], 0));
    let mut assembler = assembler;
    assembler.push(&newest).unwrap();
    refusal(&assembler, &next);
}

#[test]
fn more_peaks_than_a_sound_can_have_are_refused_also_across_frames() {
    let peaks: Vec<Peak> =
        (0..94).map(|f| Peak { time: 500 + u32::from(f) * 2, frequency: f, rank: 0 }).collect();
    let first = FrameWriter::default().write(constellation(1_000, peaks[..93].to_vec()), NEXT).unwrap();
    let sum = u32::from_le_bytes(first[first.len() - 4..].try_into().unwrap());
    let dense = written(0, [1, sum, 1_000, 93], peaks[92].time, &peaks[93..], 1);
    let error = refusal(&assembled([&first]), &dense);
    assert!(error.to_string().contains("more peaks than a sound can have"), "{error}");
    assert_eq!(FrameWriter::default().write(constellation(1_000, peaks), NEXT).unwrap_err().code(), "format");
}

#[test]
fn a_constellation_that_is_none_leaves_the_writer_as_it_was() {
    let (mut writer, mut other) = (FrameWriter::default(), FrameWriter::default());
    for seconds in 1..5 {
        let heard = song(7, seconds, 30);
        let wrong = Constellation { duration: LONGEST + 1, ..heard.clone() };
        assert_eq!(writer.write(wrong, NEXT).unwrap_err().code(), "length");
        assert_eq!(writer.write(heard.clone(), NEXT), other.write(heard, NEXT));
    }
}

#[test]
fn a_frame_carries_what_is_new_whatever_the_interval() {
    // Noise has as many peaks as there may be.
    let samples = noise(8, 8_000 * 15, 0.5);
    let size = |frames: &[Vec<u8>]| frames.iter().map(Vec::len).sum::<usize>();
    for (milliseconds, most) in [(100, 220), (500, 260), (5_000, 750)] {
        let all = frames(&samples, 8_000, 8 * milliseconds);
        let mean = size(&all) / all.len();
        assert!(mean <= most, "{mean} bytes a frame of {milliseconds} ms");
        // No frame grows with what was heard before.
        let largest = all.iter().map(Vec::len).max().unwrap();
        assert!(largest <= 2 * most, "{largest} bytes in a frame of {milliseconds} ms");
    }
}
