//! JSON on lines of their own.

use ecow::EcoString;

use crate::datum::json::{Json, quote_into, write_compact};

/// The text, with so much before a line for each level.
pub(super) fn text(value: &Json, indent: &str) -> EcoString {
    let mut out = String::new();
    write(value, indent, 0, &mut out);
    EcoString::from(out)
}

fn write(value: &Json, indent: &str, level: usize, out: &mut String) {
    let (open, close, count) = match value {
        Json::Array(items) => ('[', ']', items.len()),
        Json::Object(pairs) => ('{', '}', pairs.len()),
        other => return write_compact(other, out),
    };
    out.push(open);
    let line = |is_first: bool, level: usize, out: &mut String| {
        out.push_str(if is_first { "\n" } else { ",\n" });
        out.push_str(&indent.repeat(level));
    };
    match value {
        Json::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                line(at == 0, level + 1, out);
                write(item, indent, level + 1, out);
            }
        }
        Json::Object(pairs) => {
            for (at, (key, item)) in pairs.iter().enumerate() {
                line(at == 0, level + 1, out);
                quote_into(key, out);
                out.push_str(": ");
                write(item, indent, level + 1, out);
            }
        }
        _ => {}
    }
    if count > 0 {
        line(true, level, out);
    }
    out.push(close);
}
