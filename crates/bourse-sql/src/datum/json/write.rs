//! JSON to text.

use super::Json;

/// Appends a text in quotes.
pub(crate) fn quote_into(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// With a space after each colon and comma, as `jsonb` is written.
pub(crate) fn write_spaced(value: &Json, out: &mut String) {
    write(value, ", ", ": ", out);
}

/// Without spaces, as SQLite writes it.
pub(crate) fn write_compact(value: &Json, out: &mut String) {
    write(value, ",", ":", out);
}

fn write(value: &Json, comma: &str, colon: &str, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(text) => out.push_str(text),
        Json::Text(text) => quote_into(text, out),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(comma);
                }
                write(item, comma, colon, out);
            }
            out.push(']');
        }
        Json::Object(pairs) => {
            out.push('{');
            for (index, (key, item)) in pairs.iter().enumerate() {
                if index > 0 {
                    out.push_str(comma);
                }
                quote_into(key, out);
                out.push_str(colon);
                write(item, comma, colon, out);
            }
            out.push('}');
        }
    }
}
