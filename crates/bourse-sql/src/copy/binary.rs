//! Tuples of the binary format, out of chunks that are cut anywhere.
//!
//! ```text
//! HEADER   PGCOPY\n\xff\r\n\0   u32 flags   u32 length of what follows the header   that much
//! TUPLE    i16 number of fields, for each: i32 length or -1 for NULL, the value
//! TRAILER  i16 -1
//! ```

use crate::error::{Result, SqlError};

/// What a file begins with.
pub(super) const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// Flags that a reader must know; there is none left.
const CRITICAL_FLAGS: u32 = 0xffff_0000;

/// Bytes that are to become tuples.
#[derive(Default, Debug)]
pub(super) struct Tuples {
    bytes: Vec<u8>,
    at: usize,
    has_header: bool,
    has_trailer: bool,
    /// Where the fields of the last tuple lie.
    fields: Vec<Option<std::ops::Range<usize>>>,
    /// Tuples so far.
    pub(super) number: u64,
}

/// What comes next.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Tuple {
    /// A whole one.
    Whole,
    /// The trailer.
    End,
    /// More bytes are needed.
    Unfinished,
}

fn refused(message: impl Into<String>) -> SqlError {
    SqlError::new("22P04", message)
}

impl Tuples {
    /// Adds bytes. Tuples that were taken before are forgotten.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next tuple, of so many fields.
    pub(super) fn next(&mut self, columns: usize) -> Result<Tuple> {
        if !self.has_header && !self.header()? {
            return Ok(Tuple::Unfinished);
        }
        let rest = &self.bytes[self.at..];
        if self.has_trailer {
            if rest.is_empty() {
                return Ok(Tuple::End);
            }
            return Err(refused("received copy data after EOF marker"));
        }
        let Some((count, _)) = rest.split_first_chunk::<2>() else { return Ok(Tuple::Unfinished) };
        let count = i16::from_be_bytes(*count);
        if count == -1 {
            self.has_trailer = true;
            self.at += 2;
            return self.next(columns);
        }
        if usize::try_from(count).ok() != Some(columns) {
            self.number += 1;
            return Err(refused(format!("row field count is {count}, expected {columns}")));
        }
        self.fields.clear();
        let mut at = self.at + 2;
        for _ in 0..columns {
            let Some((length, rest)) = self.bytes[at..].split_first_chunk::<4>() else {
                return Ok(Tuple::Unfinished);
            };
            at += 4;
            match i32::from_be_bytes(*length) {
                -1 => self.fields.push(None),
                length => {
                    let length = usize::try_from(length).map_err(|_| {
                        self.number += 1;
                        refused("invalid field size")
                    })?;
                    if rest.len() < length {
                        return Ok(Tuple::Unfinished);
                    }
                    self.fields.push(Some(at..at + length));
                    at += length;
                }
            }
        }
        self.at = at;
        self.number += 1;
        Ok(Tuple::Whole)
    }

    /// A field of the last tuple; `None` is NULL.
    pub(super) fn field(&self, at: usize) -> Option<&[u8]> {
        self.fields[at].clone().map(|place| &self.bytes[place])
    }

    /// What it means that no more bytes come.
    pub(super) fn end(&self) -> Result<()> {
        if !self.has_header {
            return Err(refused("COPY file signature not recognized"));
        }
        if self.has_trailer || self.at == self.bytes.len() {
            return Ok(());
        }
        Err(refused("unexpected EOF in COPY data"))
    }

    fn header(&mut self) -> Result<bool> {
        let known = self.bytes.len().min(SIGNATURE.len());
        if self.bytes[..known] != SIGNATURE[..known] {
            return Err(refused("COPY file signature not recognized"));
        }
        let number = |at: usize| {
            let bytes = self.bytes.get(at..at + 4)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?))
        };
        let Some(flags) = number(SIGNATURE.len()) else { return Ok(false) };
        if flags & (1 << 16) != 0 {
            return Err(refused("invalid COPY file header (WITH OIDS)"));
        }
        if flags & CRITICAL_FLAGS != 0 {
            return Err(refused("unrecognized critical flags in COPY file header"));
        }
        let Some(extension) = number(SIGNATURE.len() + 4) else { return Ok(false) };
        let length = i32::try_from(extension).ok().and_then(|length| usize::try_from(length).ok());
        let length = length.ok_or_else(|| refused("invalid COPY file header (wrong length)"))?;
        let end = SIGNATURE.len() + 8 + length;
        if self.bytes.len() < end {
            return Ok(false);
        }
        self.at = end;
        self.has_header = true;
        Ok(true)
    }
}
