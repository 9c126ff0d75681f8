//! A checksum of a table's rows that both sides compute: the source over what it is to become,
//! the target over what it stored.
//!
//! A row's hash covers its typed values in the order of the columns; a table's checksum is the
//! number of its rows and the sum of their hashes, so it does not depend on the order in which
//! rows are read, may be computed in parts and merged, and notices a row that is there twice.
//!
//! ```text
//! VALUE      HASHED AS
//! NULL       tag 0
//! BOOLEAN    tag 1, 0 or 1
//! BIGINT     tag 2, 64 bits
//! DOUBLE     tag 3, its bits
//! DECIMAL    tag 4, digits after the point, units of the last digit as 128 bits
//! TEXT       tag 5, length, bytes in words of 8, the last one filled with zeros
//! BLOB       tag 6, the same
//! ```
//! A value of an ANY column is hashed as the value that it is.

use std::fmt;

use super::types::Typed;

const LANES: [u64; 2] = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344];
const FACTORS: [u64; 2] = [0xa409_3822_299f_31d1, 0x082e_fa98_ec4e_6c89];

/// The checksum of some rows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Checksum {
    rows: u64,
    sums: [u64; 2],
}

impl Checksum {
    /// Adds a row.
    pub(crate) fn add(&mut self, row: &[Typed<'_>]) {
        let mut hash = RowHash { lanes: LANES };
        hash.word(row.len() as u64);
        for value in row {
            hash.value(value);
        }
        self.rows += 1;
        for (sum, lane) in self.sums.iter_mut().zip(hash.finish()) {
            *sum = sum.wrapping_add(lane);
        }
    }

    /// How many rows were added.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:016x}", self.sums[0], self.sums[1])
    }
}

struct RowHash {
    lanes: [u64; 2],
}

impl RowHash {
    fn value(&mut self, value: &Typed<'_>) {
        match value {
            Typed::Null => self.word(0),
            Typed::Boolean(truth) => self.words([1, u64::from(*truth)]),
            Typed::Integer(number) => self.words([2, number.cast_unsigned()]),
            Typed::Double(number) => self.words([3, number.to_bits()]),
            Typed::Decimal { units, scale } => {
                let bytes = units.to_le_bytes();
                self.words([4, u64::from(*scale)]);
                self.bytes(&bytes);
            }
            Typed::Text(text) => {
                self.words([5, text.len() as u64]);
                self.bytes(text.as_bytes());
            }
            Typed::Blob(bytes) => {
                self.words([6, bytes.len() as u64]);
                self.bytes(bytes);
            }
        }
    }

    fn words<const N: usize>(&mut self, words: [u64; N]) {
        words.into_iter().for_each(|word| self.word(word));
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.word(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.word(u64::from_le_bytes(last));
        }
    }

    /// Multiplies each lane, with the word mixed in, to 128 bits, and folds these: every bit of
    /// the word reaches every bit of the lane.
    fn word(&mut self, word: u64) {
        self.lanes[0] = fold(self.lanes[0] ^ word, FACTORS[0]).wrapping_add(word);
        self.lanes[1] = fold(self.lanes[1] ^ word.rotate_left(32), FACTORS[1]) ^ word;
    }

    fn finish(self) -> [u64; 2] {
        let [left, right] = self.lanes;
        [fold(left ^ right.rotate_left(17), FACTORS[1]), fold(right ^ left, FACTORS[0])]
    }
}

fn fold(left: u64, right: u64) -> u64 {
    let product = (u128::from(left) * u128::from(right)).to_le_bytes();
    let (words, _) = product.as_chunks::<8>();
    u64::from_le_bytes(words[0]) ^ u64::from_le_bytes(words[1])
}
