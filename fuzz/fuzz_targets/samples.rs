//! Any samples at any rate, whole and in pieces: the same fingerprint, and one that can be read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sonica_engine::{Constellation, Fingerprinter};

/// Rates with few filters, so that their design does not take all the time.
const RATES: [u32; 8] = [4_000, 8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000];

fuzz_target!(|input: (u8, u16, u8, Vec<u32>)| {
    let (rate, cut, repeat, bits) = input;
    let rate = RATES[usize::from(rate) % RATES.len()];
    let samples: Vec<f32> =
        bits.iter().map(|&b| f32::from_bits(b)).collect::<Vec<_>>().repeat(usize::from(repeat));
    let mut whole = Fingerprinter::new(rate).expect("a good rate");
    let mut pieces = whole.clone();
    whole.push(&samples).expect("not four hours");
    for piece in samples.chunks(usize::from(cut) + 1) {
        pieces.push(piece).expect("not four hours");
    }
    let whole = whole.finish();
    assert_eq!(whole, pieces.finish());
    let bytes = whole.encode().expect("in order");
    assert_eq!(Constellation::decode(&bytes), Ok(whole));
});
