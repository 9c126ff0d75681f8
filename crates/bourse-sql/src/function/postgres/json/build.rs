//! JSON of other values.

use ecow::EcoString;

use super::as_jsonb;
use crate::datum::json::quote_into;
use crate::datum::{Array, Datum, output, output_plain};
use crate::error::{Result, SqlError};
use crate::function::arguments::boolean;
use crate::function::cast::no_cast;
use crate::function::signature::Shape::{Any, Boolean, Json as Plain, Jsonb, ToJson};
use crate::function::signature::{Signature, aggregate, scalar};
use crate::function::{Accumulator, AggregateFunction, Context, ScalarFunction};
use crate::types::SqlType;

/// What `to_json` makes of a row or an array of rows.
pub(crate) fn of_value(
    value: &Datum,
    from: &SqlType,
    to: &SqlType,
    context: &dyn Context,
) -> Result<Datum> {
    if !matches!(value, Datum::Record(_) | Datum::Array(_)) {
        return Err(no_cast(from, to));
    }
    let mut out = String::new();
    write(value, from, context, &mut out)?;
    if *to == SqlType::Jsonb { as_jsonb(&out) } else { Ok(Datum::Json(EcoString::from(out))) }
}

/// Appends a value as JSON; its type tells the names of a row's columns.
fn write(value: &Datum, ty: &SqlType, context: &dyn Context, out: &mut String) -> Result<()> {
    match value {
        Datum::Null => out.push_str("null"),
        Datum::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Datum::Json(text) => out.push_str(text),
        Datum::Integer(_) | Datum::Real(_) | Datum::Double(_) | Datum::Numeric(_) => {
            let text = output_plain(value, context)?;
            // NaN and the infinities are no numbers of JSON.
            if text.ends_with(|c: char| c.is_ascii_digit()) && !text.contains("Inf") {
                out.push_str(&text);
            } else {
                quote_into(&text, out);
            }
        }
        Datum::Timestamp(_) | Datum::TimestampTz(_) => {
            let text = output_plain(value, context)?;
            let mut iso = text.replacen(" ", "T", 1);
            // Zones have their minutes here.
            if matches!(value, Datum::TimestampTz(_))
                && iso.rfind(['+', '-']).is_some_and(|at| iso.len() - at == 3 && at > 10)
            {
                iso.push_str(":00");
            }
            quote_into(&iso, out);
        }
        Datum::Array(array) => {
            let element = ty.element().unwrap_or(&SqlType::Unknown);
            let lengths: Vec<usize> = array.dimensions.iter().map(|(length, _)| *length).collect();
            if array.elements.is_empty() {
                out.push_str("[]");
                return Ok(());
            }
            write_array(array, &lengths, &mut 0, element, context, out)?;
        }
        Datum::Record(fields) => write_record(fields, ty, context, out)?,
        other => quote_into(&output(other, ty, context)?, out),
    }
    Ok(())
}

fn write_array(
    array: &Array,
    lengths: &[usize],
    at: &mut usize,
    element: &SqlType,
    context: &dyn Context,
    out: &mut String,
) -> Result<()> {
    let Some((length, inner)) = lengths.split_first() else {
        write(&array.elements[*at], element, context, out)?;
        *at += 1;
        return Ok(());
    };
    out.push('[');
    for index in 0..*length {
        if index > 0 {
            out.push(',');
        }
        write_array(array, inner, at, element, context, out)?;
    }
    out.push(']');
    Ok(())
}

fn write_record(
    fields: &[Datum],
    ty: &SqlType,
    context: &dyn Context,
    out: &mut String,
) -> Result<()> {
    out.push('{');
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let column = match ty {
            SqlType::Record(columns) => columns.get(index),
            _ => None,
        };
        let unnamed = (format!("f{}", index + 1), SqlType::Unknown);
        let (name, ty) = column.unwrap_or(&unnamed);
        quote_into(name, out);
        out.push(':');
        write(field, ty, context, out)?;
    }
    out.push('}');
    Ok(())
}

fn text_of(value: &Datum, context: &dyn Context) -> Result<String> {
    let mut out = String::new();
    write(value, &SqlType::Unknown, context, &mut out)?;
    Ok(out)
}

fn to_json(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(Datum::Json(EcoString::from(text_of(&arguments[0], context)?)))
}

fn to_jsonb(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    as_jsonb(&text_of(&arguments[0], context)?)
}

/// A key, which must be a single value.
fn key(value: &Datum, null: &str, context: &dyn Context) -> Result<String> {
    match value {
        Datum::Null => Err(SqlError::new("22023", null)),
        // Times are written as in JSON.
        Datum::Timestamp(_) | Datum::TimestampTz(_) => {
            let quoted = text_of(value, context)?;
            Ok(quoted.trim_matches('"').to_owned())
        }
        Datum::Array(_) | Datum::Record(_) | Datum::Json(_) => {
            let message = "key value must be scalar, not array, composite, or json";
            Err(SqlError::new("22023", message))
        }
        Datum::Boolean(value) => Ok((if *value { "true" } else { "false" }).to_owned()),
        other => output_plain(other, context).map(String::from),
    }
}

fn object_text(
    arguments: &[Datum],
    null: fn(usize) -> String,
    context: &dyn Context,
) -> Result<String> {
    if arguments.len() % 2 == 1 {
        let message = "argument list must have even number of elements";
        return Err(SqlError::new("22023", message).with_hint(
            "The arguments of json_build_object() must consist of alternating keys and values.",
        ));
    }
    let mut out = String::from("{");
    for (index, pair) in arguments.chunks_exact(2).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        quote_into(&key(&pair[0], &null(index * 2 + 1), context)?, &mut out);
        out.push_str(" : ");
        write(&pair[1], &SqlType::Unknown, context, &mut out)?;
    }
    out.push('}');
    Ok(out)
}

fn array_text(arguments: &[Datum], context: &dyn Context) -> Result<String> {
    let mut out = String::from("[");
    for (index, value) in arguments.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(value, &SqlType::Unknown, context, &mut out)?;
    }
    out.push(']');
    Ok(out)
}

fn plain(text: String) -> Result<Datum> {
    Ok(Datum::Json(EcoString::from(text)))
}

/// json_agg and its like.
struct Gathered {
    text: String,
    count: usize,
    is_object: bool,
    is_binary: bool,
}

impl Accumulator for Gathered {
    fn add(&mut self, arguments: &[Datum], context: &dyn Context) -> Result<()> {
        if self.is_object {
            if arguments[0].is_null() {
                let message = "field name must not be null";
                return Err(SqlError::new("22023", message));
            }
            self.text.push_str(if self.count > 0 { ", " } else { "{ " });
            quote_into(
                &key(&arguments[0], "field name must not be null", context)?,
                &mut self.text,
            );
            self.text.push_str(" : ");
            write(&arguments[1], &SqlType::Unknown, context, &mut self.text)?;
        } else {
            // Rows and arrays are on lines of their own.
            let long = match &arguments[0] {
                Datum::Array(_) | Datum::Record(_) => true,
                Datum::Json(text) => self.is_row(text),
                _ => false,
            };
            self.text.push_str(match (self.count, long) {
                (0, _) => "[",
                (_, true) => ", \n ",
                (_, false) => ", ",
            });
            write(&arguments[0], &SqlType::Unknown, context, &mut self.text)?;
        }
        self.count += 1;
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        if self.count == 0 {
            return Ok(Datum::Null);
        }
        let end = if self.is_object { " }" } else { "]" };
        let whole = format!("{}{end}", self.text);
        if self.is_binary { as_jsonb(&whole) } else { plain(whole) }
    }

    fn heap_bytes(&self) -> usize {
        self.text.capacity()
    }
}

impl Gathered {
    /// Rows come as JSON, written without spaces.
    fn is_row(&self, text: &str) -> bool {
        !self.is_binary && text.starts_with("{\"")
    }
}

fn gathered(is_object: bool, is_binary: bool) -> Box<dyn Accumulator> {
    Box::new(Gathered { text: String::new(), count: 0, is_object, is_binary })
}

fn random_uuid(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&context.random().to_be_bytes());
    bytes[8..].copy_from_slice(&context.random().to_be_bytes());
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Ok(Datum::Uuid(bytes.into()))
}

/// JSON of a row or a list, each of its members in a line of its own.
fn in_lines(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let made = to_json(&arguments[..1], context)?;
    let Datum::Json(source) = &made else { return Ok(made) };
    if !boolean(arguments, 1)? {
        return Ok(made);
    }
    let mut out = String::with_capacity(source.len());
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    for letter in source.chars() {
        out.push(letter);
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ',' if depth == 1 => out.push_str("\n "),
            _ => {}
        }
    }
    plain(out)
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("to_json", &[ToJson], Plain, to_json).stable(),
    scalar("row_to_json", &[ToJson], Plain, to_json).stable(),
    scalar("array_to_json", &[ToJson], Plain, to_json).stable(),
    scalar("row_to_json", &[ToJson, Boolean], Plain, in_lines).stable(),
    scalar("array_to_json", &[ToJson, Boolean], Plain, in_lines).stable(),
    scalar("to_jsonb", &[ToJson], Jsonb, to_jsonb).stable(),
    scalar("json_build_object", &[], Plain, |_, _| plain("{}".to_owned())),
    scalar("json_build_object", &[ToJson], Plain, |a, context| {
        plain(object_text(a, |at| format!("argument {at} cannot be null"), context)?)
    })
    .called_on_null()
    .stable()
    .variadic(),
    scalar("jsonb_build_object", &[], Jsonb, |_, _| plain("{}".to_owned())),
    scalar("jsonb_build_object", &[ToJson], Jsonb, |a, context| {
        as_jsonb(&object_text(a, |at| format!("argument {at}: key must not be null"), context)?)
    })
    .called_on_null()
    .stable()
    .variadic(),
    scalar("json_build_array", &[], Plain, |_, _| plain("[]".to_owned())),
    scalar("json_build_array", &[ToJson], Plain, |a, context| plain(array_text(a, context)?))
        .called_on_null()
        .stable()
        .variadic(),
    scalar("jsonb_build_array", &[], Jsonb, |_, _| plain("[]".to_owned())),
    scalar("jsonb_build_array", &[ToJson], Jsonb, |a, context| as_jsonb(&array_text(a, context)?))
        .called_on_null()
        .stable()
        .variadic(),
    scalar("gen_random_uuid", &[], crate::function::signature::Shape::Uuid, random_uuid).volatile(),
];

pub(in crate::function::postgres) static AGGREGATES: &[Signature<AggregateFunction>] = &[
    aggregate("json_agg", &[ToJson], Plain, |_, _| gathered(false, false)).with_nulls(),
    aggregate("jsonb_agg", &[ToJson], Jsonb, |_, _| gathered(false, true)).with_nulls(),
    aggregate("json_object_agg", &[Any, ToJson], Plain, |_, _| gathered(true, false)).with_nulls(),
    aggregate("jsonb_object_agg", &[Any, ToJson], Jsonb, |_, _| gathered(true, true)).with_nulls(),
];
