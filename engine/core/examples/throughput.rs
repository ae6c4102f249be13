//! Fingerprint speed on synthetic sound: `cargo run --release --example throughput -- RATE`.
fn main() {
    let rate: u32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut s = 1u64;
    let x: Vec<f32> = (0..rate * 120).map(|n| { s ^= s << 13; s ^= s >> 7; s ^= s << 17;
        let t = n as f32 / rate as f32;
        0.3 * (6.28 * 440.0 * t * (1.0 + (t as u32 % 7) as f32 / 5.0)).sin() + (s >> 40) as f32 / 2f32.powi(24) * 0.1 }).collect();
    for isa in [sonica_engine::Isa::BASELINE, sonica_engine::Isa::detect()] {
        let t = std::time::Instant::now();
        let mut f = sonica_engine::Fingerprinter::with_isa(rate, isa).unwrap();
        f.push(&x).unwrap();
        let c = f.finish();
        let b = c.encode().unwrap();
        let e = t.elapsed().as_secs_f64();
        println!("{} {:.0}x, {} peaks, {} bytes/s, crc {:08x}", isa.name(), 120.0 / e, c.peaks.len() / 120, b.len() / 120, crc32fast::hash(&b[..b.len() - 4]));
    }
}
