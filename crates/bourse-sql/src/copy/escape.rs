//! The escapes of the text format.

/// The letter that stands for a byte behind a backslash.
pub(super) fn letter_of(byte: u8) -> Option<u8> {
    Some(match byte {
        0x08 => b'b',
        0x0c => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x0b => b'v',
        _ => return None,
    })
}

/// Takes what follows a backslash off `bytes`: the byte that it stands for.
pub(super) fn take(bytes: &mut &[u8]) -> u8 {
    let Some((first, rest)) = bytes.split_first() else { return b'\\' };
    *bytes = rest;
    match first {
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'0'..=b'7' => digits(*first - b'0', 8, 2, bytes),
        b'x' if rest.first().is_some_and(u8::is_ascii_hexdigit) => digits(0, 16, 2, bytes),
        other => *other,
    }
}

/// Goes on with a number of a base, by so many digits at most.
fn digits(mut number: u8, base: u32, most: usize, bytes: &mut &[u8]) -> u8 {
    for _ in 0..most {
        let Some((first, rest)) = bytes.split_first() else { break };
        let Some(digit) = char::from(*first).to_digit(base) else { break };
        *bytes = rest;
        // As in C: what is too much is cut off.
        let base = u8::try_from(base).unwrap_or(16);
        number = number.wrapping_mul(base).wrapping_add(u8::try_from(digit).unwrap_or(0));
    }
    number
}
