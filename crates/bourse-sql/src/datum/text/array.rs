//! Arrays and rows as text: `{1,2,NULL}`, `(1,x)`.

use ecow::EcoString;

use super::{input as input_value, output as output_value};
use crate::datum::{Array, Datum};
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::types::SqlType;

/// An array's text.
pub(super) fn output(array: &Array, element: &SqlType, context: &dyn Context) -> Result<EcoString> {
    if array.elements.is_empty() {
        return Ok(EcoString::from("{}"));
    }
    let mut text = String::new();
    if array.dimensions.iter().any(|(_, lower)| *lower != 1) {
        for (length, lower) in &array.dimensions {
            let upper = i64::from(*lower) + i64::try_from(*length).unwrap_or(i64::MAX) - 1;
            text.push_str(&format!("[{lower}:{upper}]"));
        }
        text.push('=');
    }
    let mut elements = array.elements.iter();
    let lengths: Vec<usize> = array.dimensions.iter().map(|(length, _)| *length).collect();
    write_level(&mut text, &lengths, &mut elements, element, context)?;
    Ok(EcoString::from(text))
}

fn write_level<'a>(
    text: &mut String,
    lengths: &[usize],
    elements: &mut impl Iterator<Item = &'a Datum>,
    element: &SqlType,
    context: &dyn Context,
) -> Result<()> {
    let Some((length, inner)) = lengths.split_first() else {
        if let Some(value) = elements.next() {
            write_element(text, value, element, context)?;
        }
        return Ok(());
    };
    text.push('{');
    for index in 0..*length {
        if index > 0 {
            text.push(',');
        }
        write_level(text, inner, elements, element, context)?;
    }
    text.push('}');
    Ok(())
}

fn write_element(
    text: &mut String,
    value: &Datum,
    element: &SqlType,
    context: &dyn Context,
) -> Result<()> {
    if value.is_null() {
        text.push_str("NULL");
        return Ok(());
    }
    let written = output_value(value, element, context)?;
    let special = |c: char| matches!(c, '"' | '\\' | '{' | '}' | ',') || is_space(c);
    if !written.is_empty() && !written.contains(special) && !written.eq_ignore_ascii_case("null") {
        text.push_str(&written);
        return Ok(());
    }
    text.push('"');
    for c in written.chars() {
        if matches!(c, '"' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    Ok(())
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\x0b'
}

/// A row's text.
pub(super) fn output_record(
    fields: &[Datum],
    columns: Option<&[(String, SqlType)]>,
    context: &dyn Context,
) -> Result<EcoString> {
    let mut text = String::from("(");
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        if field.is_null() {
            continue;
        }
        let ty = columns.and_then(|columns| columns.get(index)).map(|(_, ty)| ty);
        let written = output_value(field, ty.unwrap_or(&SqlType::Unknown), context)?;
        let special = |c: char| matches!(c, '"' | '\\' | '(' | ')' | ',') || is_space(c);
        if !written.is_empty() && !written.contains(special) {
            text.push_str(&written);
            continue;
        }
        text.push('"');
        for c in written.chars() {
            if matches!(c, '"' | '\\') {
                text.push(c);
            }
            text.push(c);
        }
        text.push('"');
    }
    text.push(')');
    Ok(EcoString::from(text))
}

/// What an array's text is read by.
struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    /// Texts of the elements, of which NULL has none.
    elements: Vec<Option<String>>,
    /// Length of each level, once it is known.
    lengths: Vec<Option<usize>>,
}

/// The array that a text stands for.
pub(super) fn input(text: &str, element: &SqlType, context: &dyn Context) -> Result<Datum> {
    let trimmed = text.trim_start_matches(is_space);
    let (bounds, body) = parse_bounds(text, trimmed)?;
    if !body.starts_with('{') {
        let detail = "Array value must start with \"{\" or dimension information.";
        return Err(malformed(text, detail));
    }
    let lengths = Vec::new();
    let mut reader = Reader { text, rest: body, elements: Vec::new(), lengths };
    reader.level(0)?;
    if !reader.rest.trim_matches(is_space).is_empty() {
        return Err(malformed(text, "Junk after closing right brace."));
    }
    let lengths: Vec<usize> = reader.lengths.iter().map(|length| length.unwrap_or(0)).collect();
    if reader.elements.is_empty() {
        return Ok(Datum::Array(Array::default().into()));
    }
    let dimensions = match bounds {
        None => lengths.iter().map(|length| (*length, 1)).collect(),
        Some(bounds) => {
            let same = bounds.iter().map(|(length, _)| length).eq(lengths.iter());
            if !same {
                let detail = "Specified array dimensions do not match array contents.";
                return Err(malformed(text, detail));
            }
            bounds
        }
    };
    // Whether it is an array at all is told before what is wrong with an element.
    let value = |text: Option<String>| match text {
        Some(text) => input_value(&text, element, context),
        None => Ok(Datum::Null),
    };
    let elements = reader.elements.into_iter().map(value).collect::<Result<_>>()?;
    Ok(Datum::Array(Array { dimensions, elements }.into()))
}

type Bounds = Vec<(usize, i32)>;

/// `[1:3][-1:2]=` before the first brace.
fn parse_bounds<'a>(text: &str, trimmed: &'a str) -> Result<(Option<Bounds>, &'a str)> {
    if !trimmed.starts_with('[') {
        return Ok((None, trimmed));
    }
    let refuse = || malformed(text, "Missing array dimension value.");
    let (before, after) = trimmed.split_once('=').ok_or_else(refuse)?;
    let mut bounds = Vec::new();
    for part in before.trim_matches(is_space).split_inclusive(']') {
        let inner = part.trim_matches(is_space).strip_prefix('[').and_then(|p| p.strip_suffix(']'));
        let inner = inner.ok_or_else(refuse)?;
        let (lower, upper) = inner.split_once(':').unwrap_or(("1", inner));
        let lower: i32 = lower.trim().parse().map_err(|_| refuse())?;
        let upper: i32 = upper.trim().parse().map_err(|_| refuse())?;
        if upper < lower {
            return Err(SqlError::new("2202E", "upper bound cannot be less than lower bound"));
        }
        let length = i64::from(upper) - i64::from(lower) + 1;
        bounds.push((usize::try_from(length).map_err(|_| refuse())?, lower));
    }
    Ok((Some(bounds), after.trim_start_matches(is_space)))
}

fn malformed(text: &str, detail: &str) -> SqlError {
    SqlError::new("22P02", format!("malformed array literal: \"{text}\"")).with_detail(detail)
}

impl Reader<'_> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(is_space);
    }

    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// `{...}` at `depth`.
    fn level(&mut self, depth: usize) -> Result<()> {
        if depth >= 6 {
            let message = "number of array dimensions exceeds the maximum allowed (6)";
            return Err(SqlError::new("54000", message));
        }
        self.take('{');
        if self.lengths.len() <= depth {
            self.lengths.push(None);
        }
        let mut count = 0;
        self.skip_spaces();
        if depth > 0 && self.rest.starts_with('}') {
            return Err(malformed(self.text, "Unexpected \"}\" character."));
        }
        if !self.take('}') {
            loop {
                self.item(depth)?;
                count += 1;
                self.skip_spaces();
                if self.take('}') {
                    break;
                }
                if !self.take(',') {
                    let detail = match self.rest.chars().next() {
                        None => "Unexpected end of input.",
                        Some(_) => "Unexpected array element.",
                    };
                    return Err(malformed(self.text, detail));
                }
                self.skip_spaces();
            }
        }
        match self.lengths[depth] {
            Some(length) if length != count => Err(self.ragged()),
            _ => {
                self.lengths[depth] = Some(count);
                Ok(())
            }
        }
    }

    fn ragged(&self) -> SqlError {
        let detail = "Multidimensional arrays must have sub-arrays with matching dimensions.";
        malformed(self.text, detail)
    }

    fn item(&mut self, depth: usize) -> Result<()> {
        if self.rest.starts_with('{') {
            return self.level(depth + 1);
        }
        // An element where other items of this level are arrays.
        if self.lengths.len() > depth + 1 {
            return Err(self.ragged());
        }
        let (raw, quoted) = self.raw_element()?;
        let is_null = !quoted && raw.eq_ignore_ascii_case("null");
        self.elements.push((!is_null).then_some(raw));
        Ok(())
    }

    /// The text of an element, and whether any of it was in quotes.
    fn raw_element(&mut self) -> Result<(String, bool)> {
        let mut raw = String::new();
        // Spaces after this byte are the element's own.
        let mut kept = 0;
        let mut quoted = false;
        loop {
            let Some(c) = self.rest.chars().next() else {
                return Err(malformed(self.text, "Unexpected end of input."));
            };
            if matches!(c, ',' | '}') {
                break;
            }
            self.rest = &self.rest[c.len_utf8()..];
            match c {
                '{' => return Err(malformed(self.text, "Unexpected \"{\" character.")),
                '"' => {
                    if quoted || !raw.trim_matches(is_space).is_empty() {
                        return Err(malformed(self.text, "Unexpected array element."));
                    }
                    quoted = true;
                    self.quoted(&mut raw)?;
                    kept = raw.len();
                }
                '\\' => {
                    let escaped = self.escaped()?;
                    raw.push(escaped);
                    kept = raw.len();
                }
                c if is_space(c) => raw.push(c),
                _ if quoted => return Err(malformed(self.text, "Unexpected array element.")),
                c => {
                    raw.push(c);
                    kept = raw.len();
                }
            }
        }
        raw.truncate(kept);
        if raw.is_empty() && !quoted {
            let detail = match self.rest.chars().next() {
                Some(c) => format!("Unexpected \"{c}\" character."),
                None => "Unexpected end of input.".to_owned(),
            };
            return Err(malformed(self.text, &detail));
        }
        Ok((raw, quoted))
    }

    fn escaped(&mut self) -> Result<char> {
        let c = self.rest.chars().next();
        let c = c.ok_or_else(|| malformed(self.text, "Unexpected end of input."))?;
        self.rest = &self.rest[c.len_utf8()..];
        Ok(c)
    }

    fn quoted(&mut self, raw: &mut String) -> Result<()> {
        loop {
            match self.escaped()? {
                '"' => return Ok(()),
                '\\' => {
                    let c = self.escaped()?;
                    raw.push(c);
                }
                c => raw.push(c),
            }
        }
    }
}
