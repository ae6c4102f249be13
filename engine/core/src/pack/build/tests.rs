//! A pack is the same, however its landmarks were held and wherever it is written.

use super::*;
use crate::testing::song;

fn builder(block: usize) -> PackBuilder {
    let mut builder = PackBuilder { block, ..PackBuilder::default() };
    for seed in 0..30 {
        let print = song(seed, 20, 30).encode().unwrap();
        builder.add(100 - seed, seed, &print, ["title", "", ""]).unwrap();
    }
    builder
}

#[test]
fn blocks_make_no_difference() {
    let whole = builder(BLOCK);
    assert!(whole.blocks.is_empty());
    for block in [0, 1_000, 5_000, whole.landmark_count - 1] {
        let parts = builder(block);
        assert!(!parts.blocks.is_empty());
        assert_eq!(parts.build(), whole.build(), "blocks of {block}");
        assert_eq!(parts.build(), whole.build(), "once more");
    }
}

#[test]
fn a_pack_may_lie_behind_something() {
    let builder = builder(2_000);
    let mut file = io::Cursor::new(b"before".to_vec());
    file.set_position(6);
    builder.write(&mut file).unwrap();
    assert_eq!(file.position() as usize, file.get_ref().len());
    assert_eq!(file.into_inner()[6..], builder.build());
}

#[test]
fn a_disk_that_is_full_says_so() {
    let builder = builder(2_000);
    let size = builder.build().len();
    for room in [0, 10, 200, size / 2, size - 1] {
        let mut full = vec![0; room];
        assert!(builder.write(&mut io::Cursor::new(&mut full[..])).is_err(), "{room} of {size} bytes");
    }
}
