//! Any frames one after the other: each is refused and changes nothing, or leaves what can be written.
#![no_main]

use libfuzzer_sys::{arbitrary, fuzz_target};
use sonica_engine::{Constellation, FrameAssembler};

/// What is pushed: bytes as they are, or a frame around them that gets past the first checks, where mutation
/// alone would hardly get.
#[derive(arbitrary::Arbitrary, Debug)]
enum Frame {
    Bytes(Vec<u8>),
    Next { flags: u8, skip: u8, k: u8, duration: u32, kept: u16, count: u16, tail: Vec<u8> },
}

fuzz_target!(|frames: Vec<Frame>| {
    let mut assembler = FrameAssembler::default();
    let (mut number, mut sum) = (0u32, [0; 4]);
    for frame in frames {
        let bytes = match frame {
            Frame::Bytes(bytes) => bytes,
            Frame::Next { flags, skip, k, duration, kept, count, tail } => {
                let key = number == 0 || flags & 1 == 1;
                let found = number + u32::from(key) * u32::from(skip);
                let mut bytes = vec![b'S', b'N', b'L', 1, 45, k % 16, flags & 2 | u8::from(key)];
                bytes.extend(found.to_le_bytes());
                bytes.extend(if key { [0; 4] } else { sum });
                bytes.extend((duration >> 10).to_le_bytes()); // about four hours at most
                bytes.extend(u32::from(if key { 0 } else { kept }).to_le_bytes());
                bytes.extend(u32::from(count).to_le_bytes());
                bytes.extend(tail);
                bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
                bytes
            }
        };
        let before = assembler.clone();
        if assembler.push(&bytes).is_err() {
            assert_eq!(assembler.constellation(), before.constellation());
            assert_eq!(assembler.ended(), before.ended());
            continue;
        }
        number = u32::from_le_bytes(bytes[7..11].try_into().expect("four")).saturating_add(1);
        sum = bytes[bytes.len() - 4..].try_into().expect("four");
        let heard = assembler.constellation();
        let print = heard.encode().expect("what was put together can be written");
        assert_eq!(Constellation::decode(&print).as_ref(), Ok(heard));
    }
});
