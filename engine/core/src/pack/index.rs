//! The inverted index: which landmarks begin where on the time line, written small and read quickly.
//!
//! Keys are taken together in groups of [`GROUP`]. A group's head holds how many postings each of its keys
//! has, and the postings follow elsewhere, in whichever of three forms is shortest. Heads lie close together, since
//! every key that is asked for needs one and few need the postings. `docs/formats/pack.md` specifies them.

use core::ops::Range;
use std::io;

use super::bits::{BitWriter, mask, number, select, window};
use crate::landmarks::KEYS;

/// Most neighbouring keys that are read at once.
pub const NEIGHBOURS: usize = 3;
/// Keys in a group.
pub const GROUP: usize = 32;
/// Number of groups.
pub const GROUPS: usize = KEYS.div_ceil(GROUP);
/// Bytes of a place in the postings.
const PLACE: usize = 5;
/// Bytes of a group in the directory: where its head begins behind the directory, or its record in the postings if
/// it is sparse; and its form.
const ENTRY: usize = PLACE + 1;
/// Zeros at the end of a section of which eight bytes are read at once.
pub const PADDING: usize = 8;
/// Length of the directory, bytes; the heads lie behind it.
const DIRECTORY: usize = GROUPS * ENTRY;
/// Forms of a group. Less than this: so many postings, sparse. …
const PLAIN: u32 = 64;
/// … So much more: the width of a count of postings, which are plain or, from here on, coded as gaps.
const CODED: u32 = 128;
/// A posting that is coded as a gap takes less than 2 to this bits on average.
const CODED_BITS: u32 = 5;
/// Widest count that goes with coded postings: it is read at once with a count of bits, so wide.
const WIDEST: u32 = (57 - CODED_BITS) / 2;

/// The postings of one key, or of some neighbours: where they lie, and how many they are.
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
    /// The directory, and the heads.
    keys: &'a [u8],
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
    pub fn new(keys: &'a [u8], postings: &'a [u8], hops: u32) -> Self {
        Self { keys, postings, shape: Shape::of(hops) }
    }

    /// Whether the directory has its size and points into heads and postings, and `is_empty` is true of them.
    pub fn is_sound(&self, is_empty: bool) -> bool {
        let ends = [self.keys, self.postings].map(|section| 8 * section.len().saturating_sub(PADDING) as u64);
        let is_within = |group: usize| {
            let (at, form) = self.entry(group);
            form == 0 || !is_empty && at < ends[usize::from(form < PLAIN)]
        };
        self.keys.len() >= DIRECTORY + PADDING && self.postings.len() >= PADDING && (0..GROUPS).all(is_within)
    }

    /// The postings of one to [`NEIGHBOURS`] neighbouring keys, all less than [`KEYS`], in as many lists at most.
    #[inline]
    pub fn lists(&self, keys: Range<u32>) -> [List; NEIGHBOURS] {
        let (group, first) = (keys.start as usize / GROUP, keys.start % GROUP as u32);
        let count = keys.end - keys.start;
        let here = count.min(GROUP as u32 - first);
        let mut lists = self.in_group(group, first, here);
        if here < count {
            let behind = self.in_group(group + 1, 0, count - here);
            lists[here as usize..].copy_from_slice(&behind[..NEIGHBOURS - here as usize]);
        }
        lists
    }

    /// Something of the first bytes of a list: whoever asks for it makes the machine fetch them.
    #[inline]
    pub fn touch(&self, list: &List) -> u64 {
        window(self.postings, list.at) ^ window(self.postings, list.at + u64::from(list.bits))
    }

    /// Appends the postings of a list, each less `less`, to `out` in their order. A damaged list may give any, but
    /// no more than its count.
    #[inline]
    pub fn read(&self, list: &List, less: u32, out: &mut Vec<u32>) {
        if list.bits == 0 {
            plain(self.postings, (list.at, self.shape.width), list.count, less, out);
        } else {
            coded(self.postings, list, self.shape.low_bits(list.count), less, out);
        }
    }

    /// Something of what must be read to find the lists of a key: as above.
    #[inline]
    pub fn touch_key(&self, key: u32) -> u64 {
        let (at, form) = self.entry(key as usize / GROUP);
        window(if form < PLAIN { self.postings } else { self.keys }, at)
    }

    /// Where a group's head begins in the keys, or its record in the postings, bits; and its form.
    #[inline]
    fn entry(&self, group: usize) -> (u64, u32) {
        let entry = window(self.keys, (group * ENTRY * 8) as u64);
        let (place, form) = (entry & mask(PLACE as u32 * 8), (entry >> (PLACE * 8)) as u32 & 0xff);
        ((place + if form < PLAIN { 0 } else { DIRECTORY as u64 }) * 8, form)
    }

    fn bits(&self) -> u64 {
        self.postings.len() as u64 * 8
    }

    /// The postings of the `count` keys from the `first` of a group on.
    #[inline]
    fn in_group(&self, group: usize, first: u32, count: u32) -> [List; NEIGHBOURS] {
        let (at, form) = self.entry(group);
        let mut lists = [List::default(); NEIGHBOURS];
        if form == 0 {
            return lists;
        }
        if form < PLAIN {
            lists[0] = self.sparse(at, form, first, count);
            return lists;
        }
        let data = number(self.keys, at, PLACE as u32 * 8) * 8;
        let (at, wide) = (at + PLACE as u64 * 8, form % PLAIN);
        if form < CODED {
            lists[0] = self.plain(at, data, (wide, first, count));
            return lists;
        }
        let entry = 2 * wide + CODED_BITS;
        if wide > WIDEST {
            return lists;
        }
        // How many postings, and how many bits, come before a key.
        let before = |key: u32| {
            let both = if key == 0 { 0 } else { number(self.keys, at + u64::from((key - 1) * entry), entry) };
            (both & mask(wide), both >> wide)
        };
        let list = |(postings, bits): (u64, u64), end: (u64, u64)| {
            let count = end.0.wrapping_sub(postings);
            let length = end.1.wrapping_sub(bits);
            // Each takes a bit at least and, on average, a few more than a plain one at most: neither a count nor
            // a length that lies asks for time.
            let most = count.saturating_mul(u64::from(self.shape.width) + 8);
            if count == 0 || count > length || length > most.min(self.bits()).min(u64::from(u32::MAX)) {
                return List::default();
            }
            List { count: count as u32, bits: length as u32, at: data + bits }
        };
        let mut start = before(first);
        for (found, key) in lists.iter_mut().zip(first + 1..first + count + 1) {
            let end = before(key);
            *found = list(start, end);
            start = end;
        }
        lists
    }

    /// The same of plain postings at `data`, with counts `wide` bits wide at `at`.
    #[inline]
    fn plain(&self, at: u64, data: u64, (wide, first, count): (u32, u32, u32)) -> List {
        let before = |key: u32| {
            if key == 0 { 0 } else { number(self.keys, at + u64::from((key - 1) * wide), wide.min(57)) }
        };
        let (start, end) = (before(first), before(first + count));
        let width = u64::from(self.shape.width);
        if end <= start || end > u64::from(u32::MAX) || end * width > self.bits() {
            return List::default();
        }
        List { count: (end - start) as u32, bits: 0, at: data + start * width }
    }

    /// The same in a record of `postings` at `at`, fewer than there are keys. A one ends each key; before it,
    /// a zero for each posting.
    #[inline]
    fn sparse(&self, at: u64, postings: u32, first: u32, count: u32) -> List {
        let length = GROUP as u32 + postings % GROUP as u32;
        // At most 63 bits, at the beginning of a byte.
        let word = window(self.postings, at) & mask(length);
        let start = if first == 0 { 0 } else { select(word, first - 1) + 1 };
        // Without the ones that end the keys before the last.
        let rest =
            (1..count).fold(word.checked_shr(start).unwrap_or(0), |rest, _| rest & rest.wrapping_sub(1));
        if rest == 0 {
            return List::default();
        }
        let plain = at + u64::from(length) + u64::from(start - first) * u64::from(self.shape.width);
        List { count: rest.trailing_zeros() + 1 - count, bits: 0, at: plain }
    }
}

// Functions of their own, so that all that they need is in registers.

/// Appends `count` numbers, which have `width` bits, each less `less`.
#[inline(never)]
fn plain(postings: &[u8], (mut at, width): (u64, u32), count: u32, less: u32, out: &mut Vec<u32>) {
    out.extend((0..count).map(|_| {
        let number = number(postings, at, width) as u32;
        at += u64::from(width);
        number.wrapping_sub(less)
    }));
}

/// Appends what a list codes as gaps: a zero for each 2^`low_bits` of a gap and a one behind them, of all gaps,
/// then the low bits of all.
#[inline(never)]
fn coded(postings: &[u8], list: &List, low_bits: u32, less: u32, out: &mut Vec<u32>) {
    /// Bits fetched at a time: seven bytes, so that each begins at the same bit of a byte.
    const STEP: u64 = 56;
    let lows = u64::from(list.count) * u64::from(low_bits);
    let end = list.at + u64::from(list.bits).saturating_sub(lows);
    let (mut from, mut word, mut before) = (list.at, 0, 0u32);
    let (mut at, mut sum) = (end, 0u32.wrapping_sub(less));
    let first = out.len();
    out.resize(first + list.count as usize, 0);
    let mut gaps = 0;
    for place in &mut out[first..] {
        while word == 0 && from < end {
            word = window(postings, from) & mask((end - from).min(STEP) as u32);
            before = (from - list.at) as u32;
            from += STEP;
        }
        if word == 0 {
            break;
        }
        // All zeros before this one, of which the ones before it are none.
        let high = before.wrapping_add(word.trailing_zeros()).wrapping_sub(gaps);
        word &= word - 1;
        sum = sum.wrapping_add(number(postings, at, low_bits) as u32);
        at += u64::from(low_bits);
        *place = (high << low_bits).wrapping_add(sum);
        gaps += 1;
    }
    out.truncate(first + gaps as usize);
}

/// Writes the postings' section to `out`, of a time line of so many hops. `fill` appends the postings of each key in a
/// range, ascending, to the lists that it is given. Returns the keys' section.
///
/// # Errors
/// What writing gives.
pub fn write(
    hops: u32,
    mut fill: impl FnMut(Range<usize>, &mut [Vec<u32>]),
    out: &mut impl io::Write,
) -> io::Result<Vec<u8>> {
    let (mut directory, mut heads) = (Vec::with_capacity(DIRECTORY), Vec::new());
    let shape = Shape::of(hops);
    let mut lists = vec![Vec::new(); GROUP];
    let (mut written, mut postings) = (0, Vec::new());
    for first in (0..KEYS).step_by(GROUP) {
        lists.iter_mut().for_each(Vec::clear);
        let keys = first..KEYS.min(first + GROUP);
        let count = keys.len();
        fill(keys, &mut lists[..count]);
        let places = [heads.len(), written].map(|place| (place as u64).to_le_bytes());
        heads.extend_from_slice(&places[1][..PLACE]);
        postings.clear();
        let form = write_group(&lists, shape, &mut heads, &mut postings);
        out.write_all(&postings)?;
        written += postings.len();
        let is_sparse = u32::from(form) < PLAIN;
        if is_sparse {
            heads.truncate(heads.len() - PLACE);
        }
        directory.extend_from_slice(&places[usize::from(is_sparse)][..PLACE]);
        directory.push(form);
    }
    directory.append(&mut heads);
    directory.extend_from_slice(&[0; PADDING]);
    out.write_all(&[0; PADDING])?;
    Ok(directory)
}

/// Appends a group's head, unless it is sparse, and its postings. Returns its form.
fn write_group(lists: &[Vec<u32>], shape: Shape, heads: &mut Vec<u8>, out: &mut Vec<u8>) -> u8 {
    let count: usize = lists.iter().map(Vec::len).sum();
    if count == 0 {
        return 0;
    }
    let mut bits = BitWriter::new(out);
    let plain = |bits: &mut BitWriter<'_>| {
        lists.iter().flatten().for_each(|&hop| bits.put(u64::from(hop), shape.width));
    };
    if count < GROUP {
        lists.iter().for_each(|list| bits.put_unary(list.len() as u64));
        plain(&mut bits);
        bits.finish();
        return count as u8;
    }
    let wide = usize::BITS - count.leading_zeros();
    let lengths: Vec<u64> = lists.iter().map(|list| coded_bits(list, shape)).collect();
    let coded = lengths.iter().sum::<u64>() + GROUP as u64 * u64::from(wide + CODED_BITS);
    // Plain postings are read faster, so codes must be worth it.
    let is_coded = wide <= WIDEST && coded < count as u64 * u64::from(shape.width) * 7 / 8;
    let mut head = BitWriter::new(heads);
    let mut sum = (0, 0);
    for key in 0..GROUP {
        sum.0 += lists[key].len() as u64;
        sum.1 += lengths[key];
        head.put(sum.0, wide);
        if is_coded {
            head.put(sum.1, wide + CODED_BITS);
        }
    }
    head.finish();
    if is_coded {
        lists.iter().for_each(|list| write_coded(list, shape, &mut bits));
    } else {
        plain(&mut bits);
    }
    bits.finish();
    (wide + if is_coded { CODED } else { PLAIN }) as u8
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
    list.len() as u64 * u64::from(low_bits + 1)
        + gaps(list).map(|gap| u64::from(gap >> low_bits)).sum::<u64>()
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
