//! The bytes of format version 1, spelt out: a change here is a new format version.

use super::super::frame::{
    FlushHeader, Head, Origin, decode_frame, encode_frame, flushes_of, frame_bytes, store_seed,
};
use super::super::segment::{SegmentHeader, sequence_of};
use super::{Batch, Lsn, Path, STORE};

fn header() -> SegmentHeader {
    SegmentHeader {
        open: 0x0102_0304,
        store: STORE,
        sequence: 9,
        predecessor: 7,
        salt: 0x1122_3344_5566_7788,
        continues_lsn: Lsn(500),
        continues_link: 0xaabb_ccdd,
        durable_lsn: Lsn(400),
        batch: Batch(77),
    }
}

#[test]
fn a_segment_header_lies_as_described() {
    let mut block = [0xff; 4096];
    header().encode(&mut block);
    let mut copy = Vec::new();
    copy.extend(b"BRSSEGMT\x01\0\0\0\x04\x03\x02\x01");
    copy.extend(STORE.to_le_bytes());
    for word in [9_u64, 7, 0x1122_3344_5566_7788, 500, 400, 77] {
        copy.extend(word.to_le_bytes());
    }
    copy.extend(0xaabb_ccdd_u32.to_le_bytes());
    let sum = crc32c::crc32c(&copy);
    copy.extend(sum.to_le_bytes());
    copy.resize(2048, 0);
    assert_eq!(block[..2048], copy);
    assert_eq!(block[2048..], copy);
    let decode = |block: &[u8], sequence| {
        SegmentHeader::decode(block, sequence, STORE, Path::new("x")).unwrap()
    };
    assert_eq!(decode(&block, 9), Some(header()));
    assert_eq!(decode(&block, 10), None, "of another use of the file");
    block[30] ^= 1;
    assert_eq!(decode(&block, 9), Some(header()), "the twin serves");
    block[2048 + 50] ^= 1;
    assert_eq!(decode(&block, 9), None);
}

#[test]
fn a_flush_header_lies_as_described() {
    let flush = FlushHeader {
        salt: 1,
        sequence: 2,
        bytes: 300,
        first_lsn: Lsn(4),
        last_lsn: Lsn(5),
        durable_lsn: Lsn(3),
        batch: Batch(6),
    };
    let mut block = [0xff; 4096];
    flush.encode(store_seed(STORE), &mut block);
    let mut wanted = b"BRSFLUSH".to_vec();
    for word in [1_u64, 2, 300, 4, 5, 3, 6] {
        wanted.extend(word.to_le_bytes());
    }
    wanted.extend([0; 12]);
    let sum = crc32c::crc32c_append(crc32c::crc32c(&STORE.to_le_bytes()), &wanted);
    wanted.extend(sum.to_le_bytes());
    assert_eq!(block[..80], wanted);
    let seed = store_seed(STORE);
    assert_eq!(FlushHeader::decode(seed, &block), Some(flush));
    assert_eq!(FlushHeader::decode(store_seed(1), &block), None, "another store's");
    let found = |sequence, salt| flushes_of(seed, &block, sequence, salt).collect::<Vec<_>>();
    assert_eq!(found(2, Some(1)), [flush]);
    assert_eq!(found(2, None), [flush]);
    assert_eq!(found(2, Some(9)), []);
    assert_eq!(found(1, Some(1)), []);
}

#[test]
fn a_frame_lies_as_described() {
    let payload = b"seventeen bytes !";
    let payload_sum = crc32c::crc32c(payload);
    let mut place = [0xff; 128];
    let origin = Origin { group: 1, term: 2, index: 3 };
    let head = Head { kind: 5, lsn: Lsn(42), origin, payload_sum };
    let link = encode_frame(&mut place, head, payload, 0x1234_5678);
    let mut wanted = vec![17, 0, 0, 0, 5, 0, 0, 0];
    for word in [42_u64, 1, 2, 3] {
        wanted.extend(word.to_le_bytes());
    }
    wanted.extend(payload_sum.to_le_bytes());
    assert_eq!(link, crc32c::crc32c_append(0x1234_5678, &wanted));
    wanted.extend(link.to_le_bytes());
    wanted.extend(payload);
    wanted.extend([0; 15]);
    assert_eq!(frame_bytes(payload.len()), wanted.len());
    assert_eq!(place[..wanted.len()], wanted);
    assert!(place[wanted.len()..].iter().all(|byte| *byte == 0xff), "nothing else is written");
    let frame = decode_frame(&place, 0x1234_5678).unwrap();
    assert_eq!((frame.lsn, frame.kind, frame.payload), (Lsn(42), 5, &payload[..]));
    assert_eq!(frame.link, link);
    assert_eq!(decode_frame(&place, 0x1234_5679), None, "the link depends on the frame before");
    for offset in 0..48 + payload.len() {
        place[offset] ^= 0x10;
        assert_eq!(decode_frame(&place, 0x1234_5678), None, "byte {offset} is covered");
        place[offset] ^= 0x10;
    }
}

#[test]
fn only_names_of_twenty_digits_are_segments() {
    let sequence = |name: &str| sequence_of(Path::new(name), ".log");
    assert_eq!(sequence("00000000000000000042.log"), Some(42));
    assert_eq!(sequence("42.log"), None);
    assert_eq!(sequence("+0000000000000000042.log"), None);
    assert_eq!(sequence("00000000000000000042.spare"), None);
    assert_eq!(sequence("99999999999999999999.log"), None);
}
