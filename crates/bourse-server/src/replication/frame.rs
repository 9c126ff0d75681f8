//! Frames: how messages between nodes are cut out of a stream of bytes.
//!
//! ```text
//! OFFSET  SIZE  DESCRIPTION
//!      0     4  length of the payload as it is sent
//!      4     1  kind of the message
//!      5     1  1 where the payload is compressed (LZ4 block), else 0
//!      6     2  0
//!      8     4  length of the payload as it is
//!     12     4  CRC-32C of bytes 0..12 and of the payload as it is sent
//!     16        payload
//! ```
//! Integers are little-endian.
//!
//! # Invariants
//! - **F1** A payload is handed out only if its checksum is right, and it is as long as it says.
//! - **F2** Room is made for at most what the reader allows, whatever a frame says of itself.

use std::borrow::Cow;

use bourse_storage::page::{crc32c, crc32c_append};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::fault::Fault;

/// Bytes of a frame before its payload.
pub(crate) const HEADER_BYTES: usize = 16;

/// Bytes of a payload at most: what a parcel of the largest record has, and room beside.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 64 << 20;

/// Payloads below are sent as they are: a header alone would cost what is saved.
const COMPRESS_FROM: usize = 256;

/// A frame that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) payload: Vec<u8>,
    /// Bytes that it took on the way.
    pub(crate) wire_bytes: usize,
}

/// Appends a frame. Returns how many bytes it takes.
pub(crate) fn encode(kind: u8, payload: &[u8], out: &mut Vec<u8>) -> usize {
    let sent = compressed(payload);
    let is_compressed = matches!(sent, Cow::Owned(_));
    let begin = out.len();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    out.extend_from_slice(&length(&sent));
    out.extend_from_slice(&[kind, u8::from(is_compressed), 0, 0]);
    out.extend_from_slice(&length(payload));
    let checksum = crc32c_append(crc32c(&out[begin..]), &sent);
    out.extend_from_slice(&checksum.to_le_bytes());
    out.extend_from_slice(&sent);
    out.len() - begin
}

/// The payload as it is sent: compressed where that is shorter.
fn compressed(payload: &[u8]) -> Cow<'_, [u8]> {
    if payload.len() < COMPRESS_FROM {
        return Cow::Borrowed(payload);
    }
    let packed = lz4_flex::block::compress(payload);
    if packed.len() < payload.len() { Cow::Owned(packed) } else { Cow::Borrowed(payload) }
}

/// Reads a frame with a payload of at most so many bytes.
pub(crate) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    payload_bytes_max: usize,
) -> Result<Frame, Fault> {
    let mut header = [0; HEADER_BYTES];
    stream.read_exact(&mut header).await?;
    let sent_bytes = number(&header, 0);
    let payload_bytes = number(&header, 8);
    // F2
    if sent_bytes.max(payload_bytes) > payload_bytes_max {
        return Err(Fault::malformed(format!(
            "a frame of {} bytes, where {payload_bytes_max} are allowed",
            sent_bytes.max(payload_bytes)
        )));
    }
    let mut sent = vec![0; sent_bytes];
    stream.read_exact(&mut sent).await?;
    let payload = open(&header, sent)?;
    Ok(Frame { kind: header[4], payload, wire_bytes: HEADER_BYTES + sent_bytes })
}

/// Takes a frame off the front of bytes that are there.
pub(crate) fn take(bytes: &mut &[u8]) -> Result<Frame, Fault> {
    let cut = || Fault::malformed("a frame that is cut short");
    let (header, rest) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or_else(cut)?;
    let sent_bytes = number(header, 0);
    if sent_bytes.max(number(header, 8)) > PAYLOAD_BYTES_MAX {
        return Err(Fault::malformed("a frame that is too long")); // F2
    }
    let (sent, rest) = rest.split_at_checked(sent_bytes).ok_or_else(cut)?;
    let payload = open(header, sent.to_vec())?;
    *bytes = rest;
    Ok(Frame { kind: header[4], payload, wire_bytes: HEADER_BYTES + sent_bytes })
}

/// The payload of a frame (F1).
fn open(header: &[u8; HEADER_BYTES], sent: Vec<u8>) -> Result<Vec<u8>, Fault> {
    let checksum = crc32c_append(crc32c(&header[..12]), &sent);
    if checksum.to_le_bytes() != header[12..16] {
        return Err(Fault::malformed("a frame whose checksum does not match"));
    }
    let payload_bytes = number(header, 8);
    let payload = match header[5] {
        0 => sent,
        1 => lz4_flex::block::decompress(&sent, payload_bytes)
            .map_err(|error| Fault::malformed(format!("a frame that is not LZ4: {error}")))?,
        other => return Err(Fault::malformed(format!("a frame compressed by {other}"))),
    };
    if payload.len() != payload_bytes {
        return Err(Fault::malformed("a frame that is not as long as it says"));
    }
    Ok(payload)
}

fn number(header: &[u8; HEADER_BYTES], at: usize) -> usize {
    let bytes = [header[at], header[at + 1], header[at + 2], header[at + 3]];
    usize::try_from(u32::from_le_bytes(bytes)).unwrap_or(usize::MAX)
}
