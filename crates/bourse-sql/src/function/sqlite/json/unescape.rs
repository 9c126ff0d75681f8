//! Escapes of JSON5 in texts, and what they stand for.

use ecow::EcoString;

/// The text that what stands between quotes is; its escapes are known to be some.
pub(super) fn unescaped(text: &str) -> EcoString {
    if !text.contains('\\') {
        return EcoString::from(text);
    }
    let mut out = EcoString::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(escape) = rest.chars().next() else { break };
        rest = &rest[escape.len_utf8()..];
        match escape {
            'b' => out.push('\x08'),
            'f' => out.push('\x0c'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\x0b'),
            '0' => out.push('\0'),
            'u' => rest = unicode(rest, &mut out),
            'x' => {
                let (code, after) = code(rest, 2);
                out.extend(char::from_u32(code));
                rest = after;
            }
            // The line goes on.
            '\r' => rest = rest.strip_prefix('\n').unwrap_or(rest),
            '\n' | '\u{2028}' | '\u{2029}' => {}
            other => out.push(other),
        }
    }
    out.push_str(rest);
    out
}

/// The number that so many hexadecimal digits are, and what follows.
fn code(text: &str, digits: usize) -> (u32, &str) {
    let number = text.get(..digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    (number.unwrap_or(0), text.get(digits..).unwrap_or_default())
}

/// A character by its number, or by two halves. Half a one is no text here.
fn unicode<'a>(text: &'a str, out: &mut EcoString) -> &'a str {
    let (first, rest) = code(text, 4);
    if (0xd800..0xdc00).contains(&first)
        && let Some(after) = rest.strip_prefix("\\u")
    {
        let (second, after) = code(after, 4);
        if (0xdc00..0xe000).contains(&second) {
            let whole = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            out.extend(char::from_u32(whole));
            return after;
        }
    }
    out.push(char::from_u32(first).unwrap_or('\u{fffd}'));
    rest
}
