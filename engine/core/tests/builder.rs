//! Building packs: what is kept, what is refused, what is cut.

mod common;

use common::{packed, song};
use sonica_engine::params::{MAX_SECONDS, STEPS_PER_SECOND};
use sonica_engine::{Constellation, Error, Pack, PackBuilder};

#[test]
fn the_default_builder_is_a_new_one() {
    let mut builder = PackBuilder::default();
    builder.add(1, 1, &song(1, 5, 30).encode().unwrap(), ["", "", ""]).unwrap();
    assert_eq!(Pack::open(builder.build()).unwrap().len(), 1);
}

#[test]
fn what_is_put_in_comes_out() {
    let songs: Vec<Constellation> = (0..7).map(|seed| song(seed, 5 + seed as u32, 30)).collect();
    let mut builder = PackBuilder::default();
    let texts = ["Pyar Hua", "लता मंगेशकर", "hi"];
    for (id, song) in (1u64..).zip(&songs) {
        assert_eq!(builder.len() as u64, id - 1);
        builder.add(u64::MAX - id, id / 2, &song.encode().unwrap(), texts).unwrap();
    }
    let pack = Pack::open(builder.build()).unwrap();
    assert_eq!(pack.len(), 7);
    for (index, song) in songs.iter().enumerate() {
        let recording = pack.recording(index);
        assert_eq!(recording.recording_id, u64::MAX - 1 - index as u64);
        assert_eq!(recording.song_id, (index as u64).div_ceil(2));
        assert_eq!([recording.title, recording.artist, recording.language], texts);
        assert_eq!(recording.seconds, song.seconds());
        assert_eq!(pack.fingerprint(index), song.encode().unwrap());
    }
    let sections = pack.section_bytes();
    let names: Vec<&str> = sections.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["recordings", "text", "order", "fingerprints", "postings", "keys"]);
    assert_eq!(sections[0].1, 7 * 48);
    assert_eq!(sections[1].1, 7 * texts.concat().len());
}

#[test]
fn the_same_recordings_give_the_same_bytes() {
    let songs = [song(1, 5, 30), song(2, 5, 30)];
    assert_eq!(packed(&songs), packed(&songs));
    let [a, b] = songs;
    assert_ne!(packed(&[a.clone(), b.clone()]), packed(&[b, a]));
}

#[test]
fn a_recording_goes_in_once() {
    let print = song(1, 5, 30).encode().unwrap();
    let mut builder = PackBuilder::default();
    builder.add(7, 1, &print, [""; 3]).unwrap();
    let before = builder.build();
    assert_eq!(builder.add(7, 2, &print, [""; 3]), Err(Error::Duplicate { recording_id: 7 }));
    assert_eq!(builder.len(), 1);
    assert_eq!(builder.build(), before);
    builder.add(8, 1, &print, [""; 3]).unwrap();
}

#[test]
fn what_is_no_fingerprint_leaves_no_trace() {
    let mut builder = PackBuilder::default();
    let before = builder.build();
    assert_eq!(builder.add(1, 1, b"SNF", ["title", "", ""]).unwrap_err().code(), "format");
    assert_eq!(builder.build(), before);
    builder.add(1, 1, &song(1, 5, 30).encode().unwrap(), [""; 3]).unwrap();
}

#[test]
fn long_texts_are_cut_between_characters() {
    let print = song(1, 5, 30).encode().unwrap();
    // Characters of one to four bytes, so that the limit falls into the middle of most of them.
    for (character, kept) in [("a", 65_535), ("é", 65_534), ("ह", 65_535), ("🎵", 65_532)] {
        let long = character.repeat(70_000);
        let mut builder = PackBuilder::default();
        builder.add(1, 1, &print, [&long, &long, "hi"]).unwrap();
        builder.add(2, 2, &print, ["next", &long, &long]).unwrap();
        let pack = Pack::open(builder.build()).unwrap();
        let (first, second) = (pack.recording(0), pack.recording(1));
        assert_eq!(first.title, &long[..kept]);
        assert_eq!(first.artist, &long[..kept]);
        assert_eq!(first.language, "hi");
        assert_eq!([second.title, second.artist, second.language], ["next", &long[..kept], &long[..kept]]);
    }
}

#[test]
fn a_pack_that_is_full_says_so() {
    // The longest there can be, without a peak: only the time line fills up.
    let duration = MAX_SECONDS * STEPS_PER_SECOND;
    let print = Constellation { duration, peaks: Vec::new() }.encode().unwrap();
    let mut builder = PackBuilder::default();
    let full = (0..).find_map(|id| builder.add(id, id, &print, [""; 3]).err());
    assert_eq!(full, Some(Error::Limit { what: "hours of music" }));
    let hours = builder.len() * MAX_SECONDS as usize / 3_600;
    assert!((38_000..38_200).contains(&hours), "{hours}");
    // What is in it is whole, and there is room for something shorter.
    let short = Constellation { duration: 1, peaks: Vec::new() }.encode().unwrap();
    builder.add(1 << 40, 1, &short, [""; 3]).unwrap();
    assert_eq!(Pack::open(builder.build()).unwrap().len(), builder.len());
}
