//! The inverted index: which landmarks begin where on the time line, written small and read quickly.
//!
//! Keys are taken together in groups of [`GROUP`]. A group's record holds how many postings each of its keys
//! has, and the postings, in whichever of three forms is shortest. `docs/formats/pack.md` specifies them.

use core::ops::Range;

use super::bits::{BitWriter, mask, number, select, window};
use crate::landmarks::KEYS;

/// Keys in a group.
pub const GROUP: usize = 32;
/// Number of groups.
pub const GROUPS: usize = KEYS.div_ceil(GROUP);
/// Bytes of a place in the postings, of which the directory has one a group and one beyond.
const PLACE: usize = 5;
/// Zeros at the end of a section of which eight bytes are read at once.
pub const PADDING: usize = 8;
/// Length of the directory, bytes.
pub const DIRECTORY: usize = (GROUPS + 1) * PLACE + PADDING;
/// Bits of what begins a record, when it has more postings than keys: two widths.
const HEAD: u64 = 16;

/// The postings of one key, or of two neighbours: where they lie, and how many they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Number of postings.
    pub count: u32,
    /// Bits that they take if they are coded as gaps, 0 if they are plain.
    bits: u32,
    /// Where they begin, in bits.
    at: u64,
}

/// The index of a pack. Whatever its bytes are, reading it never panics, and what it gives takes no more
/// time than they warrant.
#[derive(Clone, Copy, Debug)]
pub struct Index<'a> {
    directory: &'a [u8],
    postings: &'a [u8],
    shape: Shape,
}

/// What follows from the length of the time line.
#[derive(Clone, Copy, Debug)]
struct Shape {
    /// Bits of a plain posting.
    width: u32,
    /// A list of *n* postings, coded as gaps, has the most low bits with which *n* · 2^bits is at most this.
    share: u64,
}

impl Shape {
    /// Of a time line of so many hops.
    fn of(hops: u32) -> Self {
        // Eleven sixteenths is about ln 2: with that share of the mean gap Rice's code is shortest (Kiely 2004).
        let share = u64::from(hops) * 11 / 16;
        Self { width: u32::BITS - hops.leading_zeros(), share: share.max(1) }
    }

    /// Low bits of each gap in a list of `count` (at least 1) postings.
    #[inline]
    fn low_bits(self, count: u32) -> u32 {
        let count = u64::from(count);
        let most = count.leading_zeros().saturating_sub(self.share.leading_zeros());
        most.saturating_sub(u32::from(count << most > self.share))
    }
}

impl<'a> Index<'a> {
    /// Over the two sections, of a time line of so many hops.
    pub fn new(directory: &'a [u8], postings: &'a [u8], hops: u32) -> Self {
        Self { directory, postings, shape: Shape::of(hops) }
    }

    /// Whether the directory has its size, ascends from 0 and ends where the postings do.
    pub fn is_sound(&self) -> bool {
        let mut last = 0;
        let ascends = (0..=GROUPS).all(|group| {
            let before = core::mem::replace(&mut last, self.place(group));
            before <= last
        });
        self.directory.len() == DIRECTORY
            && ascends
            && self.place(0) == 0
            && last.checked_add(PADDING as u64) == Some(self.postings.len() as u64)
    }

    /// The postings of a key or of two neighbouring keys, all less than [`KEYS`]: none, one or two lists.
    #[inline]
    pub fn lists(&self, keys: Range<u32>) -> [List; 2] {
        let (group, first) = (keys.start as usize / GROUP, keys.start % GROUP as u32);
        let count = keys.end - keys.start;
        if first + count > GROUP as u32 {
            return [self.in_group(group, first, 1)[0], self.in_group(group + 1, 0, 1)[0]];
        }
        self.in_group(group, first, count)
    }

    /// Something of the first bytes of a list: whoever asks for it makes the machine fetch them.
    #[inline]
    pub fn touch(&self, list: &List) -> u64 {
        window(self.postings, list.at) ^ window(self.postings, list.at + u64::from(list.bits))
    }

    /// Calls `found` with each posting of a list, in their order. A damaged list may give any, but no more than
    /// its count.
    #[inline]
    pub fn each(&self, list: &List, mut found: impl FnMut(u32)) {
        if list.bits == 0 {
            let width = self.shape.width;
            let mut at = list.at;
            for _ in 0..list.count {
                found(number(self.postings, at, width) as u32);
                at += u64::from(width);
            }
            return;
        }
        let low_bits = self.shape.low_bits(list.count);
        let mut low_at = u64::from(list.bits).saturating_sub(u64::from(list.count) * u64::from(low_bits));
        let highs = low_at;
        low_at += list.at;
        // Seven bytes at a time, so that each begins at the same bit of a byte.
        const STEP: u64 = 56;
        let fetch = |from: u64| {
            let left = highs.saturating_sub(from).min(STEP);
            window(self.postings, list.at + from) & mask(left as u32)
        };
        let (mut from, mut word, mut lows) = (0, fetch(0), 0u32);
        for i in 0..list.count {
            while word == 0 {
                from += STEP;
                if from >= highs {
                    return;
                }
                word = fetch(from);
            }
            let zeros = (from as u32).wrapping_add(word.trailing_zeros()).wrapping_sub(i);
            word &= word - 1;
            lows = lows.wrapping_add(number(self.postings, low_at, low_bits) as u32);
            low_at += u64::from(low_bits);
            found((zeros << low_bits).wrapping_add(lows));
        }
    }

    /// Where a group's record begins, bytes.
    #[inline]
    fn place(&self, group: usize) -> u64 {
        number(self.directory, (group * PLACE * 8) as u64, PLACE as u32 * 8)
    }

    /// The postings of the `count` (1 or 2) keys from the `first` of a group on.
    #[inline]
    fn in_group(&self, group: usize, first: u32, count: u32) -> [List; 2] {
        let (from, to) = (self.place(group) * 8, self.place(group + 1) * 8);
        let none = [List::default(); 2];
        if from >= to {
            return none;
        }
        let head = number(self.postings, from, 8) as u32;
        if head < GROUP as u32 {
            return [self.sparse(from + 8, head, first, count), List::default()];
        }
        let widths = (head - GROUP as u32, number(self.postings, from + 8, 8) as u32);
        if widths.0 > 32 || widths.1 > 40 {
            return none;
        }
        let ends = from + HEAD;
        let data = ends + GROUP as u64 * u64::from(widths.0 + widths.1);
        let room = to.saturating_sub(data);
        // How many postings, and how many bits, come before a key.
        let before = |key: u32| {
            if key == 0 {
                return (0, 0);
            }
            let at = ends + u64::from(key - 1) * u64::from(widths.0 + widths.1);
            let postings = number(self.postings, at, widths.0);
            (postings, number(self.postings, at + u64::from(widths.0), widths.1))
        };
        let (a, b) = (before(first), before(first + 1));
        if widths.1 == 0 {
            let end = if count == 1 { b.0 } else { before(first + 2).0 };
            let width = u64::from(self.shape.width);
            if end <= a.0 || end * width > room {
                return none;
            }
            return [
                List { count: (end - a.0) as u32, bits: 0, at: data + a.0 * width },
                List::default(),
            ];
        }
        let list = |(postings, bits): (u64, u64), end: (u64, u64)| {
            let count = end.0.wrapping_sub(postings);
            let length = end.1.wrapping_sub(bits);
            // Each takes a bit at least, so a count that lies asks for no time.
            if count == 0 || count > length || length > u64::from(u32::MAX) || end.1 > room {
                return List::default();
            }
            List { count: count as u32, bits: length as u32, at: data + bits }
        };
        [list(a, b), if count == 1 { List::default() } else { list(b, before(first + 2)) }]
    }

    /// The same in a record of `postings` at `at`, fewer than there are keys. A one ends each key; before it,
    /// a zero for each posting.
    #[inline]
    fn sparse(&self, at: u64, postings: u32, first: u32, count: u32) -> List {
        let length = GROUP as u32 + postings;
        // At most 63 bits, at the beginning of a byte.
        let word = window(self.postings, at) & mask(length);
        let start = if first == 0 { 0 } else { select(word, first - 1) + 1 };
        let rest = word.checked_shr(start).unwrap_or(0);
        let rest = if count == 1 { rest } else { rest & rest.wrapping_sub(1) };
        if rest == 0 {
            return List::default();
        }
        let plain = at + u64::from(length) + u64::from(start - first) * u64::from(self.shape.width);
        List { count: rest.trailing_zeros() + 1 - count, bits: 0, at: plain }
    }
}

/// Appends the postings' section to `out`: of each key in order, those between its start and the next one's,
/// ascending, of a time line of so many hops. Returns the directory.
pub fn write(starts: &[u32], postings: &[u32], hops: u32, out: &mut Vec<u8>) -> Vec<u8> {
    let base = out.len();
    let mut directory = Vec::with_capacity(DIRECTORY);
    let shape = Shape::of(hops);
    let mut place = |out: &[u8]| {
        let place = ((out.len() - base) as u64).to_le_bytes();
        directory.extend_from_slice(&place[..PLACE]);
    };
    for group in starts[..KEYS].chunks(GROUP).zip(starts[1..].chunks(GROUP)) {
        place(out);
        let lists: Vec<&[u32]> =
            group.0.iter().zip(group.1).map(|(&from, &to)| &postings[from as usize..to as usize]).collect();
        write_group(&lists, shape, out);
    }
    place(out);
    directory.extend_from_slice(&[0; PADDING]);
    out.extend_from_slice(&[0; PADDING]);
    directory
}

fn write_group(lists: &[&[u32]], shape: Shape, out: &mut Vec<u8>) {
    let count: usize = lists.iter().map(|list| list.len()).sum();
    if count == 0 {
        return;
    }
    let plain = |bits: &mut BitWriter<'_>| {
        lists.iter().copied().flatten().for_each(|&hop| bits.put(u64::from(hop), shape.width));
    };
    if count < GROUP {
        out.push(count as u8);
        let mut bits = BitWriter::new(out);
        // The last group may have fewer keys.
        (0..GROUP).for_each(|key| bits.put_unary(lists.get(key).map_or(0, |list| list.len() as u64)));
        plain(&mut bits);
        bits.finish();
        return;
    }
    let lengths: Vec<u64> = lists.iter().map(|list| coded_bits(list, shape)).collect();
    let coded: u64 = lengths.iter().sum();
    let width_of = |most: u64| u64::BITS - most.leading_zeros();
    let (counts, mut ends) = (width_of(count as u64), width_of(coded));
    let is_plain = coded + u64::from(ends) * GROUP as u64 >= count as u64 * u64::from(shape.width)
        || lengths.iter().any(|&bits| bits > u64::from(u32::MAX));
    if is_plain {
        ends = 0;
    }
    out.extend_from_slice(&[GROUP as u8 + counts as u8, ends as u8]);
    let mut bits = BitWriter::new(out);
    let mut sum = (0, 0);
    for key in 0..GROUP {
        sum.0 += lists.get(key).map_or(0, |list| list.len() as u64);
        sum.1 += lengths.get(key).unwrap_or(&0);
        bits.put(sum.0, counts);
        bits.put(if is_plain { 0 } else { sum.1 }, ends);
    }
    if is_plain {
        plain(&mut bits);
    } else {
        lists.iter().for_each(|list| write_coded(list, shape, &mut bits));
    }
    bits.finish();
}

/// The gaps between postings, the first from 0.
fn gaps(list: &[u32]) -> impl Iterator<Item = u32> + '_ {
    let before = core::iter::once(0).chain(list.iter().copied());
    list.iter().zip(before).map(|(hop, before)| hop - before)
}

fn coded_bits(list: &[u32], shape: Shape) -> u64 {
    if list.is_empty() {
        return 0;
    }
    let low_bits = shape.low_bits(list.len() as u32);
    list.len() as u64 * u64::from(low_bits + 1) + gaps(list).map(|gap| u64::from(gap >> low_bits)).sum::<u64>()
}

/// High parts of all gaps, then low parts of all.
fn write_coded(list: &[u32], shape: Shape, bits: &mut BitWriter<'_>) {
    if list.is_empty() {
        return;
    }
    let low_bits = shape.low_bits(list.len() as u32);
    gaps(list).for_each(|gap| bits.put_unary(u64::from(gap >> low_bits)));
    gaps(list).for_each(|gap| bits.put(u64::from(gap) & mask(low_bits), low_bits));
}

#[cfg(test)]
mod tests;
