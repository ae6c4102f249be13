//! How much memory hostile bytes can ask for: measured, by an allocator that counts.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use common::{Rng, ask, pack, packed, song, with_checksum};
use sonica_engine::{Constellation, FrameAssembler, FrameFlags, FrameWriter, Pack};

/// Counts the bytes that each thread holds, and the most that it ever held.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    HELD.set(HELD.get() + bytes);
    MOST.set(MOST.get().max(HELD.get()));
}

// SAFETY: everything is left to the system's allocator; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller keeps this function's contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the same.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that `work` held at once, and what it gave.
fn held<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = HELD.get();
    MOST.set(before);
    let result = work();
    ((MOST.get() - before) as usize, result)
}

#[test]
fn the_allocator_counts() {
    assert_eq!(held(|| vec![0u8; 1_000]).0, 1_000);
    assert_eq!(held(|| drop((vec![0u8; 500], vec![0u8; 700]))).0, 1_200);
}

#[test]
fn a_fingerprint_asks_for_no_more_than_five_times_its_size() {
    let mut rng = Rng(1);
    let bytes = song(1, 30, 45).encode().unwrap();
    assert!(held(|| Constellation::decode(&bytes)).0 <= 5 * bytes.len());
    for _ in 0..20_000 {
        let mut hostile = bytes[..18 + rng.below(bytes.len() as u32 - 18) as usize].to_vec();
        for _ in 0..rng.below(6) {
            let at = rng.below(hostile.len() as u32) as usize;
            hostile[at] = rng.next() as u8;
        }
        // The count of peaks: the truth, any number, or as many as the bytes could just hold.
        match rng.below(3) {
            0 => {}
            1 => hostile[10..14].copy_from_slice(&(u32::MAX >> rng.below(32)).to_le_bytes()),
            _ => {
                let fits = (hostile.len() as u32 - 18) * 8 / 15;
                hostile[10..14].copy_from_slice(&fits.to_le_bytes());
            }
        }
        let hostile = with_checksum(hostile);
        let (most, _) = held(|| Constellation::decode(&hostile));
        assert!(most <= 5 * hostile.len(), "{most} bytes for {}", hostile.len());
    }
}

#[test]
fn a_frame_asks_for_no_more_than_it_brings() {
    let mut rng = Rng(3);
    let mut writer = FrameWriter::default();
    let frames: Vec<_> = (1..30)
        .map(|seconds| {
            let whole = song(1, 30, 30);
            let until = seconds * 250;
            let peaks = whole.peaks.into_iter().filter(|p| p.time < until).collect();
            writer.write(Constellation { duration: until, peaks }, FrameFlags::default()).unwrap()
        })
        .collect();
    let mut assembler = FrameAssembler::default();
    for (i, frame) in frames.iter().enumerate() {
        for _ in 0..400 {
            let mut hostile = frame[..31 + rng.below(frame.len() as u32 - 31) as usize].to_vec();
            for _ in 0..rng.below(3) {
                let at = rng.below(hostile.len() as u32) as usize;
                hostile[at] = rng.next() as u8;
            }
            // How many stay, how many follow: the truth, any number, or as many as the bytes could just hold.
            for at in [19, 23] {
                match rng.below(3) {
                    0 => {}
                    1 => hostile[at..at + 4].copy_from_slice(&(u32::MAX >> rng.below(32)).to_le_bytes()),
                    _ => {
                        let fits = (hostile.len() as u32 - 31) * 8 / 15;
                        hostile[at..at + 4].copy_from_slice(&fits.to_le_bytes());
                    }
                }
            }
            let hostile = with_checksum(hostile);
            let mut receiver = assembler.clone();
            let before = receiver.constellation().peaks.len();
            let (most, taken) = held(|| receiver.push(&hostile).is_ok());
            // What is taken is added to what was there, which may be moved to grow.
            let grown = if taken { 24 * before + 9 * hostile.len() } else { 0 };
            assert!(most <= 5 * hostile.len() + 1_024 + grown, "{most} bytes for {}", hostile.len());
        }
        assert!(held(|| assembler.push(frame)).1.is_ok(), "frame {i}");
    }
    // All in all it holds a constant times what was sent.
    let sent: usize = frames.iter().map(Vec::len).sum();
    let (whole, copy) = held(|| assembler.clone());
    assert!(whole <= 5 * sent, "{whole} bytes for {sent}");
    assert_eq!(copy.constellation().seconds(), 29.0);
}

#[test]
fn opening_a_pack_asks_for_nothing() {
    let bytes = packed(&[song(1, 30, 40), song(2, 30, 40)]);
    let mut rng = Rng(2);
    for round in 0..200 {
        let mut bytes = bytes.clone();
        if round > 0 {
            let at = rng.below(200) as usize;
            bytes[at] = rng.next() as u8;
        }
        assert_eq!(held(|| Pack::open(&bytes[..]).is_ok()).0, 0);
    }
}

#[test]
fn a_search_asks_for_what_its_pack_warrants() {
    // Four bytes for every 128 ms of the time line, gaps of 33 s included; and what the query takes.
    let songs: Vec<_> = (0..20).map(|seed| song(seed, 60, 40)).collect();
    let pack = pack(&songs);
    let (most, _) = held(|| ask(&pack, &songs[3], &[]));
    assert!(most < 8 << 20, "{most} bytes");
}
