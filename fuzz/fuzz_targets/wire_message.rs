//! Messages of any bytes: read or refused without a panic, none longer than its head says, and the
//! same however they are cut into packets.
#![no_main]

use bourse_server::wire::frontend::{Broken, Message, decode};
use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;

const BYTES_MAX: usize = 1 << 16;

/// The messages in bytes that come in packets of a size.
fn read(data: &[u8], packet: usize) -> Result<Vec<Message>, Broken> {
    let mut buffer = BytesMut::new();
    let mut messages = Vec::new();
    for packet in data.chunks(packet) {
        buffer.extend_from_slice(packet);
        while let Some(message) = decode(&mut buffer, BYTES_MAX)? {
            messages.push(message);
        }
    }
    Ok(messages)
}

fuzz_target!(|data: &[u8]| {
    let Some((size, data)) = data.split_first() else { return };
    let whole = read(data, data.len().max(1));
    let cut = read(data, usize::from(*size).max(1));
    assert_eq!(whole, cut);
});
