//! Values of parameters: read as a client writes them, checked, and written as SHOW does.

use super::parameter::{Kind, Parameter, Unit};
use crate::datum::time::zone;
use crate::error::{Result, SqlError};
use crate::replica::Token;

const TIME_UNITS: &[(&str, f64)] = &[
    ("us", 0.001),
    ("ms", 1.0),
    ("s", 1000.0),
    ("min", 60_000.0),
    ("h", 3_600_000.0),
    ("d", 86_400_000.0),
];
const SIZE_UNITS: &[(&str, f64)] = &[
    ("B", 1.0),
    ("kB", 1024.0),
    ("MB", 1_048_576.0),
    ("GB", 1_073_741_824.0),
    ("TB", 1_099_511_627_776.0),
];

/// The value as it is kept: numbers in the parameter's own unit, words as PostgreSQL writes them.
///
/// # Errors
/// 22023 for what is no value of the parameter, 0A000 for what Bourse does not do.
pub(super) fn read(parameter: &Parameter, text: &str) -> Result<String> {
    let value = match parameter.kind {
        Kind::Boolean => truth(parameter, text)?,
        Kind::Integer { least, most, unit } => integer(parameter, text, (least, most), unit)?,
        Kind::Real { least, most, unit } => real(parameter, text, (least, most), unit)?,
        Kind::Choice(values) => choice(parameter, text, values)?,
        Kind::Text | Kind::Names => text.to_owned(),
        Kind::Zone => time_zone(parameter, text)?,
        Kind::DateStyle => date_style(parameter, text)?,
        Kind::Encoding => encoding(parameter, text)?,
        Kind::Position => position(parameter, text)?,
    };
    if !parameter.supported.is_empty() && !parameter.supported.contains(&value.as_str()) {
        let message = format!("{} \"{text}\" is not supported", parameter.name);
        let hint = format!("Supported: {}.", parameter.supported.join(", "));
        return Err(SqlError::unsupported(message).with_hint(hint));
    }
    Ok(value)
}

/// The value as SHOW writes it.
pub(super) fn shown(parameter: &Parameter, value: &str) -> String {
    let unit = match parameter.kind {
        Kind::Integer { unit, .. } | Kind::Real { unit, .. } => unit,
        _ => return value.to_owned(),
    };
    let Ok(number) = value.parse::<f64>() else { return value.to_owned() };
    let (units, base): (_, f64) = match unit {
        Unit::None => return value.to_owned(),
        Unit::Milliseconds => (TIME_UNITS, 1.0),
        Unit::Bytes => (SIZE_UNITS, 1.0),
        Unit::Kilobytes => (SIZE_UNITS, 1024.0),
        Unit::Blocks => (SIZE_UNITS, 8192.0),
    };
    if number <= 0.0 {
        return value.to_owned();
    }
    // The largest unit of which it is a whole number.
    let amount = number * base;
    let whole = |(_, size): &&(&str, f64)| (amount / size).fract().abs() < 1e-9;
    match units.iter().rev().find(whole) {
        Some((name, size)) => format!("{}{name}", (amount / size).round()),
        None => value.to_owned(),
    }
}

/// A position or a token, or nothing.
fn position(parameter: &Parameter, text: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let token = Token::parse(text).map_err(|error| {
        invalid(parameter, text).with_hint(error.hint().unwrap_or_default().to_owned())
    })?;
    Ok(token.to_string())
}

fn invalid(parameter: &Parameter, text: &str) -> SqlError {
    let message = format!("invalid value for parameter \"{}\": \"{text}\"", parameter.name);
    SqlError::new("22023", message)
}

fn truth(parameter: &Parameter, text: &str) -> Result<String> {
    let lower = text.to_ascii_lowercase();
    let begins = |word: &str, least: usize| lower.len() >= least && word.starts_with(&lower);
    if lower == "1" || begins("true", 1) || begins("yes", 1) || lower == "on" {
        return Ok("on".to_owned());
    }
    if lower == "0" || begins("false", 1) || begins("no", 1) || begins("off", 2) {
        return Ok("off".to_owned());
    }
    let message = format!("parameter \"{}\" requires a Boolean value", parameter.name);
    Err(SqlError::new("22023", message))
}

fn choice(parameter: &Parameter, text: &str, values: &[&str]) -> Result<String> {
    let found = values.iter().find(|value| value.eq_ignore_ascii_case(text));
    // Those that are on or off take other words for it.
    let switched = || match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => values.iter().find(|value| **value == "on"),
        "false" | "no" | "0" => values.iter().find(|value| **value == "off"),
        _ => None,
    };
    match found.or_else(switched) {
        Some(value) => Ok((*value).to_owned()),
        None => {
            Err(invalid(parameter, text)
                .with_hint(format!("Available values: {}.", values.join(", "))))
        }
    }
}

/// A number in a parameter's own unit.
fn amount(parameter: &Parameter, text: &str, unit: Unit) -> Result<f64> {
    let trimmed = text.trim();
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let split = trimmed.find(|c: char| !is_digit(c)).unwrap_or(trimmed.len());
    let (digits, name) = trimmed.split_at(split);
    let number: f64 = digits.parse().map_err(|_| invalid(parameter, text))?;
    let name = name.trim_start();
    if name.is_empty() {
        return Ok(number);
    }
    let (units, base) = match unit {
        Unit::None => return Err(invalid(parameter, text)),
        Unit::Milliseconds => (TIME_UNITS, 1.0),
        Unit::Bytes => (SIZE_UNITS, 1.0),
        Unit::Kilobytes => (SIZE_UNITS, 1024.0),
        Unit::Blocks => (SIZE_UNITS, 8192.0),
    };
    match units.iter().find(|(known, _)| *known == name) {
        Some((_, size)) => Ok(number * size / base),
        None => {
            let hint = match unit {
                Unit::Milliseconds => {
                    "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \
                     \"d\"."
                }
                _ => {
                    "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\"."
                }
            };
            Err(invalid(parameter, text).with_hint(hint))
        }
    }
}

fn outside(parameter: &Parameter, told: &str, unit: Unit, range: &str) -> SqlError {
    let unit = match unit {
        Unit::None => "",
        Unit::Milliseconds => " ms",
        Unit::Bytes => " B",
        Unit::Kilobytes => " kB",
        Unit::Blocks => " 8kB",
    };
    let name = parameter.name;
    let message =
        format!("{told}{unit} is outside the valid range for parameter \"{name}\" ({range})");
    SqlError::new("22023", message)
}

fn integer(
    parameter: &Parameter,
    text: &str,
    (least, most): (i64, i64),
    unit: Unit,
) -> Result<String> {
    let number = amount(parameter, text, unit)?.round_ties_even();
    #[expect(clippy::cast_precision_loss, reason = "limits far from the last digit of a double")]
    if number > most.max(2_147_483_647) as f64 || number < -2_147_483_648.0 {
        return Err(invalid(parameter, text).with_hint("Value exceeds integer range."));
    }
    #[expect(clippy::cast_possible_truncation, reason = "it lies between these limits")]
    let number = number as i64;
    if !(least..=most).contains(&number) {
        let range = format!("{least} .. {most}");
        return Err(outside(parameter, &number.to_string(), unit, &range));
    }
    Ok(number.to_string())
}

fn real(
    parameter: &Parameter,
    text: &str,
    (least, most): (f64, f64),
    unit: Unit,
) -> Result<String> {
    let number = match (unit, text.trim().parse::<f64>()) {
        (_, Ok(number)) => number,
        (unit, Err(_)) => amount(parameter, text, unit)?,
    };
    if !(least..=most).contains(&number) {
        let most = if most >= f64::MAX { "1.79769e+308".to_owned() } else { most.to_string() };
        return Err(outside(parameter, &number.to_string(), unit, &format!("{least} .. {most}")));
    }
    Ok(number.to_string())
}

fn encoding(parameter: &Parameter, text: &str) -> Result<String> {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.to_ascii_lowercase().as_str() {
        "utf8" | "unicode" => Ok("UTF8".to_owned()),
        "sqlascii" => Ok("SQL_ASCII".to_owned()),
        "latin1" | "latin9" | "iso88591" | "iso885915" | "win1252" | "windows1252" | "win1251"
        | "windows1251" | "win1250" | "koi8r" | "eucjp" | "sjis" | "gbk" | "big5" | "latin2" => {
            let message = format!("conversion between {text} and UTF8 is not supported");
            Err(SqlError::unsupported(message).with_hint("Use UTF8."))
        }
        _ => Err(invalid(parameter, text)),
    }
}

fn date_style(parameter: &Parameter, text: &str) -> Result<String> {
    let mut order = None;
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word.to_ascii_lowercase().as_str() {
            "iso" | "default" => {}
            "mdy" | "us" | "noneuro" | "noneuropean" => order = Some("MDY"),
            "dmy" | "euro" | "european" => order = Some("DMY"),
            "ymd" => order = Some("YMD"),
            "sql" | "postgres" | "german" => {
                let message = format!("DateStyle \"{word}\" is not supported");
                return Err(SqlError::unsupported(message)
                    .with_hint("Times are written as ISO 8601 says, or by to_char."));
            }
            _ => {
                let detail = format!("Unrecognized key word: \"{word}\".");
                return Err(invalid(parameter, text).with_detail(detail));
            }
        }
    }
    Ok(format!("ISO, {}", order.unwrap_or("MDY")))
}

fn time_zone(parameter: &Parameter, text: &str) -> Result<String> {
    let trimmed = text.trim();
    if let Ok(hours) = trimmed.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "a few hours")]
        let seconds = (hours * 3600.0) as i64;
        return if hours.abs() <= 168.0 {
            Ok(distance(seconds))
        } else {
            Err(invalid(parameter, text))
        };
    }
    if let Some(seconds) = zone::offset(trimmed).filter(|_| trimmed.contains(':')) {
        return Ok(distance(seconds));
    }
    match zone::canonical(trimmed) {
        Some(name) => Ok(name),
        None => Err(invalid(parameter, text)),
    }
}

/// How PostgreSQL names a zone that is so many seconds east of UTC.
fn distance(seconds: i64) -> String {
    let of = |seconds: i64| {
        let sign = if seconds < 0 { '-' } else { '+' };
        let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
        if minutes == 0 {
            format!("{sign}{hours:02}")
        } else {
            format!("{sign}{hours:02}:{minutes:02}")
        }
    };
    format!("<{}>{}", of(seconds), of(-seconds))
}
