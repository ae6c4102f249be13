//! Any bytes as a fingerprint: an error, or a constellation that can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sonica_engine::Constellation;

fn read(bytes: &[u8]) {
    if let Ok(constellation) = Constellation::decode(bytes) {
        let again = constellation.encode().expect("what was read can be written");
        assert_eq!(Constellation::decode(&again), Ok(constellation));
    }
}

fuzz_target!(|data: &[u8]| {
    read(data);
    // Past the first checks, where mutation alone would hardly get: the header's constants and the
    // checksum are made to fit.
    if let [k, tail @ ..] = data
        && tail.len() >= 8
    {
        let mut bytes = vec![b'S', b'N', b'F', 1, 45, k % 16];
        bytes.extend(tail);
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        read(&bytes);
    }
});
