//! Parcels as bytes: any change of them is noticed, and none of it panics.

use bourse_storage::log::{Entry, Origin, Position};
use proptest::prelude::*;

use super::{History, Lsn, Packing, Parcel, Stamp};
use crate::replication::parcel::checksum_of;

fn packed(payloads: &[Vec<u8>], after: u64) -> Parcel {
    let history = History::new(77).promoted(Lsn(after / 2), 78);
    let mut packing = Packing::new(&history, Lsn(after), Some(5));
    for (lsn, payload) in (after + 1..).zip(payloads) {
        packing.push(&Entry {
            lsn: Lsn(lsn),
            position: Position { segment: 1, offset: 0 },
            kind: 1,
            origin: Origin { group: 2, term: 3, index: lsn },
            payload,
        });
    }
    let stamp = Stamp { published: Lsn(after + 100), closed_us: -7, stages_after: Lsn(after) };
    packing.finish(stamp)
}

proptest! {
    #[test]
    fn a_parcel_survives_its_bytes(
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..90), 0..9),
        after in 0_u64..1_000,
    ) {
        let parcel = packed(&payloads, after);
        let read = Parcel::decode(parcel.as_bytes()).unwrap();
        prop_assert_eq!(read.after(), Lsn(after));
        prop_assert_eq!(read.last(), Lsn(after + payloads.len() as u64));
        prop_assert_eq!(read.published(), Lsn(after + 100));
        prop_assert_eq!(read.closed_us(), -7);
        prop_assert_eq!(read.stages_after(), Lsn(after));
        prop_assert_eq!(read.checksum_before(), Some(5));
        prop_assert_eq!(read.history(), parcel.history());
        let shipped: Vec<_> = read.shipped().collect();
        prop_assert_eq!(shipped.len(), payloads.len());
        for ((record, payload), lsn) in shipped.iter().zip(&payloads).zip(after + 1..) {
            prop_assert_eq!(record.payload, &payload[..]);
            prop_assert_eq!(record.payload.as_ptr().align_offset(16), 0, "P2");
            prop_assert_eq!((record.lsn, record.kind), (Lsn(lsn), 1));
            prop_assert_eq!(record.origin, Origin { group: 2, term: 3, index: lsn });
        }
    }

    #[test]
    fn a_changed_parcel_is_refused(
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..5),
        at in any::<prop::sample::Index>(),
        bit in 0_u32..8,
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = packed(&payloads, 10).as_bytes().to_vec();
        let mut changed = bytes.clone();
        changed[at.index(bytes.len())] ^= 1 << bit;
        prop_assert!(Parcel::decode(&changed).is_err());
        prop_assert!(Parcel::decode(&bytes[..cut.index(bytes.len())]).is_err());
        let longer = [&bytes[..], &[0; 16]].concat();
        prop_assert!(Parcel::decode(&longer).is_err());
    }

    /// With a right checksum: what is inside is looked at too.
    #[test]
    fn nonsense_with_a_right_checksum_does_not_panic(
        mut bytes in prop::collection::vec(any::<u8>(), 96..400),
        epochs in 0_u32..3,
    ) {
        bytes[..12].copy_from_slice(b"BRSPARCL\x01\0\0\0");
        let length = bytes.len() as u64;
        bytes[16..24].copy_from_slice(&length.to_le_bytes());
        bytes[28..32].copy_from_slice(&epochs.to_le_bytes());
        let sum = bourse_storage::page::crc32c(&bytes[16..]);
        bytes[12..16].copy_from_slice(&sum.to_le_bytes());
        drop(Parcel::decode(&bytes));
    }
}

#[test]
fn a_checksum_tells_kinds_and_origins_apart() {
    let origin = Origin { term: 1, ..Origin::default() };
    let sums = [
        checksum_of(1, origin, b"abc"),
        checksum_of(2, origin, b"abc"),
        checksum_of(1, Origin::default(), b"abc"),
        checksum_of(1, origin, b"abd"),
    ];
    assert!((1..4).all(|at| !sums[..at].contains(&sums[at])));
}
