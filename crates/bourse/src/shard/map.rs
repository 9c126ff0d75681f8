//! Which shard a row lives in: shard key -> hash -> one of 1,024 slots -> shard.
//!
//! The hash is part of the format: it never changes. Slots, not shards, are what ids carry, so that
//! a slot can move to another shard with its rows and its counter.

use bourse_storage::{Error, Result};

/// Slots of every store.
pub(crate) const SLOTS: u16 = 1024;

/// One of the 1,024 parts that shard keys are hashed to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Slot(pub(crate) u16);

impl Slot {
    /// The slot of an encoded shard key: 64-bit FNV-1a, mixed as MurmurHash3 does, high ten bits.
    pub(crate) fn of_key(encoded: &[u8]) -> Slot {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in encoded {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^= hash >> 33;
        Slot((hash >> 54) as u16)
    }

    /// The slot that the low ten bits of an id name.
    pub(crate) fn of_id(id: i64) -> Slot {
        #[expect(clippy::cast_possible_truncation, reason = "ten bits remain")]
        #[expect(clippy::cast_sign_loss, reason = "bits, not a number")]
        let slot = (id as u64 & u64::from(SLOTS - 1)) as u16;
        Slot(slot)
    }

    /// The id that the slot's counter makes of `count`.
    pub(crate) fn id(self, count: u64) -> Result<i64> {
        i64::try_from(count)
            .ok()
            .and_then(|count| count.checked_mul(i64::from(SLOTS)))
            .map(|high| high | i64::from(self.0))
            .ok_or_else(|| {
                Error::invalid("the ids of this table are used up").with_sqlstate("2200H")
            })
    }
}

/// Sends slots to shards. Part of the definitions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ShardMap {
    shard_of_slot: Vec<u16>,
}

impl ShardMap {
    /// Slots dealt to `shards` shards in turn.
    pub(crate) fn new(shards: u16) -> ShardMap {
        ShardMap { shard_of_slot: (0..SLOTS).map(|slot| slot % shards).collect() }
    }

    /// The shard that has the slot.
    #[inline]
    pub(crate) fn shard(&self, slot: Slot) -> u16 {
        self.shard_of_slot[usize::from(slot.0)]
    }

    /// Bytes for the definitions tree: a little-endian u16 a slot.
    pub(crate) fn encode(&self) -> Vec<u8> {
        self.shard_of_slot.iter().flat_map(|shard| shard.to_le_bytes()).collect()
    }

    /// Reads [`ShardMap::encode`]d bytes.
    pub(crate) fn decode(bytes: &[u8], shards: u16) -> Result<ShardMap> {
        let shard_of_slot: Vec<u16> =
            bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        let right = bytes.len() == 2 * usize::from(SLOTS);
        if !right || shard_of_slot.iter().any(|shard| *shard >= shards) {
            return Err(Error::corrupt("the shard map in the definitions is damaged"));
        }
        Ok(ShardMap { shard_of_slot })
    }
}
