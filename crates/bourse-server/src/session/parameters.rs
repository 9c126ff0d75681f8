//! ParameterStatus: settings whose values drivers want to know.

use std::time::Duration;

use bourse_sql::connection::Connection;

use crate::wire::backend;

/// Their names as drivers know them, and what they are where a session has set nothing.
const REPORTED: [(&str, &str); 13] = [
    ("server_version", crate::SERVER_VERSION),
    ("server_encoding", "UTF8"),
    ("client_encoding", "UTF8"),
    ("application_name", ""),
    ("default_transaction_read_only", "off"),
    ("in_hot_standby", "off"),
    ("is_superuser", "on"),
    ("session_authorization", ""),
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("TimeZone", "UTC"),
    ("integer_datetimes", "on"),
    ("standard_conforming_strings", "on"),
];

/// What the client was last told.
#[derive(Debug, Default)]
pub(crate) struct Reported {
    values: Vec<String>,
}

impl Reported {
    /// Tells all.
    pub(super) fn tell_all(&mut self, connection: &Connection, out: &mut Vec<u8>) {
        self.values = REPORTED.iter().map(|setting| value_of(connection, *setting)).collect();
        for ((name, _), value) in REPORTED.iter().zip(&self.values) {
            backend::parameter_status(out, name, value);
        }
    }

    /// Tells what is another value by now.
    pub(super) fn tell_changes(&mut self, connection: &Connection, out: &mut Vec<u8>) {
        for (setting, told) in REPORTED.iter().zip(&mut self.values) {
            let value = value_of(connection, *setting);
            if value != *told {
                backend::parameter_status(out, setting.0, &value);
                *told = value;
            }
        }
    }
}

fn value_of(connection: &Connection, (name, default): (&str, &str)) -> String {
    // What a parameter is here that sessions do not set.
    let value = connection.show(&name.to_ascii_lowercase());
    value.unwrap_or_else(|_| default.to_owned())
}

/// What a setting of time says: milliseconds, or a number with a unit.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let split = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: u64 = number.parse().ok()?;
    let milliseconds = match unit.trim() {
        "" | "ms" => number,
        "us" => number / 1_000,
        "s" => number.checked_mul(1_000)?,
        "min" => number.checked_mul(60_000)?,
        "h" => number.checked_mul(3_600_000)?,
        "d" => number.checked_mul(86_400_000)?,
        _ => return None,
    };
    Some(Duration::from_millis(milliseconds))
}
