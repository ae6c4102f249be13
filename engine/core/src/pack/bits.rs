//! Bits in bytes, the least significant first: bit *n* is bit *n* mod 8 of byte *n* / 8.

/// The bits from `bit` on, at least 57 of them; zeros where eight bytes from there are not in `bytes`.
#[inline]
pub fn window(bytes: &[u8], bit: u64) -> u64 {
    let from = (bit / 8) as usize;
    match bytes.len().checked_sub(8) {
        Some(last) if from <= last => {
            let (eight, _) = bytes[from..].as_chunks::<8>();
            u64::from_le_bytes(eight[0]) >> (bit % 8)
        }
        _ => 0,
    }
}

/// The `count` bits (at most 57) from `bit` on.
#[inline]
pub fn number(bytes: &[u8], bit: u64, count: u32) -> u64 {
    window(bytes, bit) & mask(count)
}

/// So many ones.
#[inline]
pub fn mask(count: u32) -> u64 {
    (1u64 << count) - 1
}

/// One in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Where in `word` the one lies before which there are `n` others (both counted from 0); 64 if there are no
/// more than `n`. By counts of bytes, without a branch (Vigna 2008), since not every machine counts ones.
#[inline]
pub fn select(word: u64, n: u32) -> u32 {
    let pairs = word - (word >> 1 & 0x5555_5555_5555_5555);
    let nibbles = (pairs & 0x3333_3333_3333_3333) + (pairs >> 2 & 0x3333_3333_3333_3333);
    // The ones up to and with each byte.
    let sums = ((nibbles + (nibbles >> 4)) & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(ONES);
    let byte = bytes_up_to(sums, n) * 8;
    if byte == 64 {
        return 64;
    }
    let before = ((sums << 8) >> byte) as u32 & 0xff;
    // The bits of that byte, each in a byte of its own, and the ones up to and with each.
    let apart = (word >> byte & 0xff).wrapping_mul(ONES) & 0x8040_2010_0804_0201;
    let sums = ((apart + 0x7f * ONES) >> 7 & ONES).wrapping_mul(ONES);
    byte + bytes_up_to(sums, n - before)
}

/// How many bytes of `sums` (each 64 at most) are at most `n` (less than 128).
#[inline]
fn bytes_up_to(sums: u64, n: u32) -> u32 {
    // Each byte's highest bit is set first, so that none borrows from the next.
    let is_no_more = (((u64::from(n) | 0x80) * ONES) - sums) >> 7 & ONES;
    (is_no_more.wrapping_mul(ONES) >> 56) as u32
}

/// Appends bits to bytes.
#[derive(Debug)]
pub struct BitWriter<'a> {
    bytes: &'a mut Vec<u8>,
    /// Bits that do not fill a byte yet.
    held: u64,
    count: u32,
}

impl<'a> BitWriter<'a> {
    /// Behind what is there.
    pub fn new(bytes: &'a mut Vec<u8>) -> Self {
        Self { bytes, held: 0, count: 0 }
    }

    /// Appends the lowest `count` (at most 56) bits of `value`, which has no others.
    pub fn put(&mut self, value: u64, count: u32) {
        debug_assert!(count <= 56 && value <= mask(count));
        self.held |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Appends `zeros` zeros and a one.
    pub fn put_unary(&mut self, zeros: u64) {
        for _ in 0..zeros / 32 {
            self.put(0, 32);
        }
        self.put(1 << (zeros % 32), (zeros % 32) as u32 + 1);
    }

    /// Fills the last byte with zeros.
    pub fn finish(self) {
        if self.count > 0 {
            self.bytes.push(self.held as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Rng;

    #[test]
    fn what_is_written_is_read() {
        let mut rng = Rng(1);
        let numbers: Vec<(u64, u32)> = (0..2_000)
            .map(|_| {
                let count = rng.below(57);
                (rng.next() & mask(count), count)
            })
            .collect();
        let mut bytes = Vec::new();
        let mut writer = BitWriter::new(&mut bytes);
        numbers.iter().for_each(|&(value, count)| writer.put(value, count));
        writer.finish();
        let bits: u64 = numbers.iter().map(|n| u64::from(n.1)).sum();
        assert_eq!(bytes.len() as u64, bits.div_ceil(8));
        bytes.extend([0; 8]);
        let mut at = 0;
        for (value, count) in numbers {
            assert_eq!(number(&bytes, at, count), value);
            at += u64::from(count);
        }
        assert_eq!(window(&bytes, (bytes.len() as u64 - 7) * 8), 0);
        assert_eq!(window(&bytes, u64::MAX), 0);
    }

    #[test]
    fn zeros_are_counted_up_to_the_one() {
        let counts = [0u64, 1, 31, 32, 33, 64, 100, 0];
        let mut bytes = Vec::new();
        let mut writer = BitWriter::new(&mut bytes);
        counts.iter().for_each(|&zeros| writer.put_unary(zeros));
        writer.finish();
        let bit = |i: usize| bytes[i / 8] >> (i % 8) & 1;
        let ones: Vec<u64> = (0..bytes.len() * 8).filter(|&i| bit(i) == 1).map(|i| i as u64).collect();
        let mut end = 0;
        let expected: Vec<u64> = counts
            .iter()
            .map(|zeros| {
                end += zeros + 1;
                end - 1
            })
            .collect();
        assert_eq!(ones, expected);
    }

    #[test]
    fn ones_are_found_by_their_number() {
        let mut rng = Rng(2);
        let sparse = |rng: &mut Rng| rng.next() & rng.next() & rng.next();
        let words: Vec<u64> =
            (0..500).map(|i| if i % 2 == 0 { rng.next() } else { sparse(&mut rng) }).collect();
        for word in words.into_iter().chain([0, 1, u64::MAX, 1 << 63]) {
            let ones: Vec<u32> = (0..64).filter(|bit| word >> bit & 1 == 1).collect();
            for n in 0..70 {
                assert_eq!(select(word, n), ones.get(n as usize).copied().unwrap_or(64), "{word:x}, {n}");
            }
        }
    }
}
