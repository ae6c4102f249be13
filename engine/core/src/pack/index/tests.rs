//! The index holds what was put into it, whichever form its records take, and any bytes do no harm.

use proptest::prelude::*;

use super::*;
use crate::testing::Rng;

/// Postings by key: the obvious twin of an index.
type Twin = std::collections::BTreeMap<u32, Vec<u32>>;

fn written(twin: &Twin, hops: u32) -> (Vec<u8>, Vec<u8>) {
    let mut out = Vec::new();
    let fill = |keys: Range<usize>, lists: &mut [Vec<u32>]| {
        for (key, list) in keys.zip(lists) {
            list.extend(twin.get(&(key as u32)).into_iter().flatten());
        }
    };
    let directory = write(hops, fill, &mut out).unwrap();
    (directory, out)
}

fn read(index: &Index<'_>, keys: Range<u32>) -> Vec<u32> {
    let mut found = Vec::new();
    for list in index.lists(keys) {
        let before = found.len();
        index.read(&list, 0, &mut found);
        assert_eq!(found.len() - before, list.count as usize);
    }
    found
}

/// Keys in one place, from none to many a group, with postings near and far.
fn twin(seed: u64, keys: u32, most: u32, hops: u32) -> Twin {
    let mut rng = Rng(seed);
    let first = rng.below(KEYS as u32 - keys);
    let mut twin = Twin::new();
    for key in first..first + keys {
        let count = rng.below(most + 1) * rng.below(2);
        let middle = rng.below(hops);
        let mut postings: Vec<u32> = (0..count)
            .map(|_| if rng.below(2) == 0 { rng.below(hops) } else { (middle + rng.below(40)).min(hops - 1) })
            .collect();
        postings.sort_unstable();
        twin.insert(key, postings);
    }
    twin
}

fn holds(twin: &Twin, hops: u32) {
    let (directory, postings) = written(twin, hops);
    let index = Index::new(&directory, &postings, hops);
    assert!(index.is_sound(twin.values().all(Vec::is_empty)));
    let (first, last) = (*twin.keys().next().unwrap_or(&1), *twin.keys().last().unwrap_or(&1));
    let of = |key: u32| twin.get(&key).map_or(&[][..], |list| list);
    for key in first.saturating_sub(40)..(last + 40).min(KEYS as u32 - 1) {
        assert_eq!(read(&index, key..key + 1), of(key));
        assert_eq!(read(&index, key..key + 2), [of(key), of(key + 1)].concat());
        if key + 3 <= KEYS as u32 {
            assert_eq!(read(&index, key..key + 3), [of(key), of(key + 1), of(key + 2)].concat());
        }
    }
}

#[test]
fn an_index_of_nothing_is_small_and_empty() {
    let (directory, postings) = written(&Twin::new(), 1_024);
    assert_eq!((directory.len(), postings.len()), (DIRECTORY + PADDING, PADDING));
    holds(&Twin::new(), 1_024);
}

#[test]
fn the_first_and_the_last_key_are_held() {
    for count in [1, 2, 31, 32, 33, 5_000] {
        let list: Vec<u32> = (0..count).map(|i| 1_024 + i * 3).collect();
        let ends: Twin = [0, 31, 32, KEYS as u32 - 2, KEYS as u32 - 1].map(|key| (key, list.clone())).into();
        let (directory, postings) = written(&ends, 1_000_000);
        let index = Index::new(&directory, &postings, 1_000_000);
        for key in ends.keys() {
            assert_eq!(read(&index, *key..key + 1), list, "{count} of key {key}");
        }
        assert_eq!(read(&index, 31..33), [list.clone(), list.clone()].concat());
        assert_eq!(read(&index, KEYS as u32 - 2..KEYS as u32), [list.clone(), list].concat());
    }
}

#[test]
fn every_form_is_used() {
    // Sparse below 32 postings a group, plain above, coded where lists are long.
    let form = |each: u32| {
        let list: Vec<u32> = (0..each).map(|i| 90_000 / each * i + 5_000).collect();
        let (directory, _) = written(&(64..96).map(|key| (key, list.clone())).collect(), 100_000);
        u32::from(directory[2 * ENTRY + 5])
    };
    assert_eq!([form(0), form(2), form(100)], [0, PLAIN + 7, CODED + 12]);
    let one: Twin = [(70, vec![5_000])].into();
    assert_eq!(written(&one, 100_000).0[2 * ENTRY + 5], 1);
}

#[test]
fn a_list_that_lies_takes_no_more_time_than_its_bits() {
    let mut rng = Rng(5);
    let twin = twin(4, 100, 300, 100_000);
    let (keys, postings) = written(&twin, 100_000);
    let bits = postings.len() as u64 * 8;
    for _ in 0..2_000 {
        let mut hostile = [keys.clone(), postings.clone()];
        for _ in 0..1 + rng.below(8) {
            // Heads rather than the directory, which has no entries but for a few groups.
            let section = rng.below(2) as usize;
            let first = [DIRECTORY as u32, 0][section];
            let at = first + rng.below(hostile[section].len() as u32 - first);
            hostile[section][at as usize] = rng.next() as u8;
        }
        let index = Index::new(&hostile[0], &hostile[1], 100_000);
        for &key in twin.keys() {
            let mut found = Vec::new();
            for list in index.lists(key..(key + 3).min(KEYS as u32)) {
                assert!(u64::from(list.count) <= bits);
                index.read(&list, 0, &mut found);
            }
            assert!(found.len() as u64 <= 3 * bits);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_written_is_read(
        seed: u64, keys in 1u32..200, most in 0u32..9, growth in 0u32..8, hops in 1_100u32..200_000_000,
    ) {
        holds(&twin(seed, keys, most << growth, hops), hops);
    }
}
