//! Names and literals in quotes, and `format`.

use ecow::EcoString;

use crate::datum::{Datum, output_plain};
use crate::error::{Result, SqlError};
use crate::function::arguments::{boolean, text};
use crate::function::cast::text_of;
use crate::function::signature::Shape::{Any, Boolean, List, NonArray, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};
use crate::types::SqlType;

/// Words that are no names without quotes.
const KEYWORDS: &str = "\
    all analyse analyze and any array as asc asymmetric authorization between bigint binary \
    bit boolean both case cast char character check coalesce collate collation column \
    concurrently constraint create cross current_catalog current_date current_role \
    current_schema current_time current_timestamp current_user dec decimal default deferrable \
    desc distinct do else end except exists extract false fetch float for foreign freeze from \
    full grant greatest group grouping having ilike in initially inner inout int integer \
    intersect interval into is isnull join lateral leading least left like limit localtime \
    localtimestamp national natural nchar none normalize not notnull null nullif numeric \
    offset on only or order out outer overlaps overlay placing position precision primary real \
    references returning right row select session_user setof similar smallint some substring \
    symmetric table tablesample then time timestamp to trailing treat trim true union unique \
    user using values varchar variadic verbose when where window with xmlattributes xmlconcat \
    xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable";

/// A name as it must be written in a statement.
pub(crate) fn quote_identifier(name: &str) -> EcoString {
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_');
    let rest = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if first && name.bytes().all(rest) && !KEYWORDS.split(' ').any(|word| word == name) {
        return EcoString::from(name);
    }
    EcoString::from(format!("\"{}\"", name.replace('"', "\"\"")))
}

/// The name of something in a schema as it must be written in a statement.
pub(crate) fn quote_qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quote_identifier(schema), quote_identifier(name))
}

/// A text as a literal; one with backslashes is written as `E'...'`.
pub(crate) fn quote_literal(text: &str) -> EcoString {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') {
        return EcoString::from(format!("E'{}'", doubled.replace('\\', "\\\\")));
    }
    EcoString::from(format!("'{doubled}'"))
}

fn literal(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let text = text_of(arguments[0].clone(), &SqlType::Unknown, context)?;
    Ok(Datum::Text(quote_literal(&text)))
}

fn nullable(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    if arguments[0].is_null() {
        return Ok(Datum::text("NULL"));
    }
    literal(arguments, context)
}

fn invalid(message: impl Into<String>) -> SqlError {
    SqlError::new("22023", message)
}

/// What stands between `%` and the letter.
#[derive(Default)]
struct Specifier {
    position: Option<usize>,
    left: bool,
    width: i64,
}

struct Formatter<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    arguments: &'a [Datum],
    /// The argument that comes next.
    next: usize,
}

impl Formatter<'_> {
    fn number(&mut self) -> Result<Option<i64>> {
        let mut number = None;
        while let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(10)) {
            let value: i64 = number.unwrap_or(0) * 10 + i64::from(digit);
            if value > i64::from(i32::MAX) {
                return Err(SqlError::new("22003", "number is out of range"));
            }
            number = Some(value);
            self.rest.next();
        }
        Ok(number)
    }

    fn take(&mut self, c: char) -> bool {
        self.rest.next_if_eq(&c).is_some()
    }

    fn argument(&mut self, position: Option<usize>) -> Result<Datum> {
        let index = match position {
            Some(0) => {
                return Err(invalid(
                    "format specifies argument 0, but arguments are numbered from 1",
                ));
            }
            Some(position) => position - 1,
            None => self.next,
        };
        self.next = index + 1;
        self.arguments.get(index).cloned().ok_or_else(|| invalid("too few arguments for format()"))
    }

    fn position(number: i64) -> usize {
        usize::try_from(number).unwrap_or(usize::MAX)
    }

    fn specifier(&mut self) -> Result<Specifier> {
        let mut specifier = Specifier::default();
        let mut number = self.number()?;
        if let Some(position) = number
            && self.take('$')
        {
            specifier.position = Some(Self::position(position));
            number = None;
            if position == 0 {
                self.argument(Some(0))?;
            }
        }
        if number.is_none() {
            while self.take('-') {
                specifier.left = true;
            }
            if self.take('*') {
                let position = match self.number()? {
                    Some(position) if self.take('$') => Some(Self::position(position)),
                    Some(_) => {
                        return Err(invalid("width argument position must be ended by \"$\""));
                    }
                    None => None,
                };
                specifier.width = match self.argument(position)? {
                    Datum::Integer(width) => width,
                    Datum::Null => 0,
                    Datum::Text(text) => text
                        .trim()
                        .parse()
                        .map_err(|_| crate::datum::invalid_text("integer", &text))?,
                    _ => 0,
                };
            } else {
                number = self.number()?;
            }
        }
        specifier.width = number.unwrap_or(specifier.width);
        if specifier.width < 0 {
            specifier.left = true;
            specifier.width = -specifier.width;
        }
        Ok(specifier)
    }

    fn write(&mut self, out: &mut String, context: &dyn Context) -> Result<()> {
        let specifier = self.specifier()?;
        let letter = self.rest.next().ok_or_else(|| {
            invalid("unterminated format() type specifier")
                .with_hint("For a single \"%\" use \"%%\".")
        })?;
        if !matches!(letter, 's' | 'I' | 'L') {
            let message = format!("unrecognized format() type specifier \"{letter}\"");
            return Err(invalid(message).with_hint("For a single \"%\" use \"%%\"."));
        }
        let value = self.argument(specifier.position)?;
        let text = match (letter, value.is_null()) {
            ('s', true) => EcoString::new(),
            ('L', true) => EcoString::from("NULL"),
            (_, true) => {
                let message = "null values cannot be formatted as an SQL identifier";
                return Err(SqlError::new("22004", message));
            }
            ('s', _) => output_plain(&value, context)?,
            ('L', _) => quote_literal(&output_plain(&value, context)?),
            _ => quote_identifier(&output_plain(&value, context)?),
        };
        let width = usize::try_from(specifier.width).unwrap_or(0);
        let missing = " ".repeat(width.saturating_sub(text.chars().count()));
        if specifier.left {
            out.push_str(&text);
            out.push_str(&missing);
        } else {
            out.push_str(&missing);
            out.push_str(&text);
        }
        Ok(())
    }
}

fn format(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    if arguments[0].is_null() {
        return Ok(Datum::Null);
    }
    let rest = text(arguments, 0)?.chars().peekable();
    let mut formatter = Formatter { rest, arguments: &arguments[1..], next: 0 };
    let mut out = String::new();
    while let Some(c) = formatter.rest.next() {
        if c != '%' {
            out.push(c);
        } else if formatter.take('%') {
            out.push('%');
        } else {
            formatter.write(&mut out, context)?;
        }
    }
    Ok(Datum::Text(EcoString::from(out)))
}

fn no_identifier(text: &str) -> SqlError {
    SqlError::new("22023", format!("string is not a valid identifier: \"{text}\""))
}

/// A name with its qualifiers, taken apart.
fn parse_ident(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let whole = text(arguments, 0)?;
    let strict = arguments.len() < 2 || boolean(arguments, 1)?;
    let mut rest = whole.trim_start();
    let mut names = Vec::new();
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut name = String::new();
            let mut characters = quoted.char_indices().peekable();
            let end = loop {
                match characters.next() {
                    Some((_, '"')) if characters.next_if(|(_, c)| *c == '"').is_some() => {
                        name.push('"');
                    }
                    Some((at, '"')) => break at + 1,
                    Some((_, c)) => name.push(c),
                    None => {
                        let detail = "String has unclosed double quotes.";
                        return Err(no_identifier(whole).with_detail(detail));
                    }
                }
            };
            if name.is_empty() {
                let detail = "Quoted identifier must not be empty.";
                return Err(no_identifier(whole).with_detail(detail));
            }
            names.push(Datum::text(&name));
            rest = &quoted[end..];
        } else {
            let begins = |c: char| c.is_alphabetic() || c == '_';
            let goes_on = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            if !rest.starts_with(begins) {
                return Err(no_identifier(whole));
            }
            let end = rest.find(|c: char| !goes_on(c)).unwrap_or(rest.len());
            names.push(Datum::text(&rest[..end].to_ascii_lowercase()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
        match rest.strip_prefix('.') {
            Some(next) => rest = next.trim_start(),
            None if rest.is_empty() || !strict => return Ok(Datum::list(names)),
            None => return Err(no_identifier(whole)),
        }
    }
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("quote_ident", &[Text], Text, |a, _| Ok(Datum::Text(quote_identifier(text(a, 0)?)))),
    scalar("quote_literal", &[Text], Text, literal),
    scalar("quote_literal", &[NonArray], Text, literal).stable(),
    scalar("quote_nullable", &[Text], Text, nullable).called_on_null(),
    scalar("quote_nullable", &[NonArray], Text, nullable).called_on_null().stable(),
    scalar("parse_ident", &[Text], List(&Text), parse_ident),
    scalar("parse_ident", &[Text, Boolean], List(&Text), parse_ident),
    scalar("format", &[Text], Text, format).called_on_null(),
    scalar("format", &[Text, Any], Text, format).called_on_null().stable().variadic(),
];
