//! Rows as messages, written where they are found.

use std::io::Write as _;

use bourse_sql::Dialect;
use bourse_sql::algebra::OutputColumn;
use bourse_sql::connection::{Connection, Flow, Row};
use bourse_sql::datum::{self, Datum};
use bourse_sql::error::{Result, SqlError};
use bourse_sql::function::Context;
use bourse_sql::types::SqlType;

use super::CHUNK;
use crate::pipe::Pipe;
use crate::wire::backend::{self, ColumnDescription};
use crate::wire::oid;

/// Settings that say how values are written.
const SETTINGS: [&str; 5] =
    ["timezone", "datestyle", "intervalstyle", "bytea_output", "extra_float_digits"];

/// How the values of a result are written.
pub(super) struct Codes {
    types: Vec<SqlType>,
    /// 1 for binary.
    formats: Vec<i16>,
    settings: Spelling,
    /// Binary columns that are arrays of an enumerated type, and the number of that type.
    enums: Vec<(usize, u32)>,
}

/// What a session has set about the text of values.
struct Spelling {
    dialect: Dialect,
    settings: [Option<String>; SETTINGS.len()],
}

impl Context for Spelling {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn transaction_time(&self) -> i64 {
        0
    }

    fn statement_time(&self) -> i64 {
        0
    }

    fn setting(&self, name: &str) -> Option<String> {
        let at = SETTINGS.iter().position(|setting| *setting == name)?;
        self.settings[at].clone()
    }

    fn random(&self) -> u64 {
        0
    }
}

impl Codes {
    /// For a result of these columns, in formats as Bind says them.
    pub(super) fn new(
        connection: &Connection,
        columns: &[OutputColumn],
        formats: &[i16],
    ) -> Result<Codes> {
        let types: Vec<SqlType> = columns.iter().map(|column| column.ty.clone()).collect();
        let formats = match formats {
            [] => vec![0; types.len()],
            [one] => vec![*one; types.len()],
            each if each.len() == types.len() => each.to_vec(),
            each => {
                let message = format!(
                    "bind message has {} result formats but query has {} columns",
                    each.len(),
                    types.len()
                );
                return Err(SqlError::new("08P01", message));
            }
        };
        let asks = types.iter().zip(&formats).any(|(ty, format)| *format == 0 && has_spelling(ty));
        let setting = |name| if asks { connection.setting(name) } else { None };
        let settings = Spelling { dialect: connection.dialect(), settings: SETTINGS.map(setting) };
        let mut enums = Vec::new();
        for (at, (ty, format)) in types.iter().zip(&formats).enumerate() {
            if let (SqlType::Array(element), 1) = (ty, format)
                && let SqlType::Enum(_) = **element
            {
                enums.push((at, connection.type_number(element)?));
            }
        }
        Ok(Codes { types, formats, settings, enums })
    }

    /// Says what the rows will be.
    pub(super) fn describe(
        &self,
        connection: &Connection,
        out: &mut Vec<u8>,
        columns: &[OutputColumn],
    ) -> Result<()> {
        let types = self.types.iter().map(|ty| oid::column_type(connection, ty));
        let types = types.collect::<Result<Vec<_>>>()?;
        let origins = connection.origin_numbers(columns)?;
        let each = columns.iter().zip(origins).zip(types).zip(&self.formats);
        let each = each.map(|(((column, (table, number)), ty), format)| ColumnDescription {
            name: &column.name,
            table,
            number,
            ty,
            format: *format,
        });
        backend::row_description(out, each);
        Ok(())
    }

    fn write(&self, out: &mut Vec<u8>, values: &[Datum]) -> Result<()> {
        let row = backend::begin_row(out, values.len());
        let each = values.iter().zip(&self.types).zip(&self.formats);
        for (column, ((value, ty), format)) in each.enumerate() {
            if value.is_null() {
                backend::null(out);
                continue;
            }
            let at = backend::begin_value(out);
            if *format == 1 {
                let begin = out.len();
                datum::encode_binary(value, ty, out)?;
                if let Some((_, number)) = self.enums.iter().find(|(at, _)| *at == column) {
                    // Behind the dimensions and flags is the number of the elements' type.
                    out[begin + 8..begin + 12].copy_from_slice(&number.to_be_bytes());
                }
            } else {
                self.write_text(out, value, ty)?;
            }
            backend::end_value(out, at);
        }
        backend::end(out, row);
        Ok(())
    }

    fn write_text(&self, out: &mut Vec<u8>, value: &Datum, ty: &SqlType) -> Result<()> {
        match (value, ty) {
            // Names of relations and types are looked up.
            (_, SqlType::Oid(_)) | (Datum::Boolean(_), _) => {}
            (Datum::Integer(number), _) => {
                return write!(out, "{number}").map_err(|error| {
                    SqlError::new("58000", format!("cannot write a number: {error}"))
                });
            }
            (Datum::Text(text) | Datum::Json(text), _) => {
                out.extend_from_slice(text.as_bytes());
                return Ok(());
            }
            _ => {}
        }
        let text = datum::output(value, ty, &self.settings)?;
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Whether settings say how values of a type are written.
fn has_spelling(ty: &SqlType) -> bool {
    !matches!(
        ty,
        SqlType::Boolean
            | SqlType::SmallInt
            | SqlType::Integer
            | SqlType::BigInt
            | SqlType::Numeric(_)
            | SqlType::Text
            | SqlType::Varchar(_)
            | SqlType::Char(_)
            | SqlType::Name
            | SqlType::Uuid
            | SqlType::Json
            | SqlType::Jsonb
            | SqlType::Enum(_)
    )
}

/// Writes rows into a session's answers, which leave when there is much of them.
pub(super) struct RowWriter<'w> {
    out: &'w mut Vec<u8>,
    pipe: &'w Pipe,
    codes: &'w Codes,
    rows: u64,
}

impl<'w> RowWriter<'w> {
    pub(super) fn new(out: &'w mut Vec<u8>, pipe: &'w Pipe, codes: &'w Codes) -> RowWriter<'w> {
        RowWriter { out, pipe, codes, rows: 0 }
    }

    /// Rows that were written.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn take(&mut self, row: &Row<'_>) -> Result<Flow> {
        let before = self.out.len();
        if let Err(error) = self.codes.write(self.out, row.values()) {
            self.out.truncate(before);
            return Err(error);
        }
        self.rows += 1;
        if self.out.len() >= CHUNK {
            let chunk = std::mem::replace(self.out, Vec::with_capacity(CHUNK + CHUNK / 8));
            self.pipe.send(chunk).map_err(|_| gone())?;
        }
        Ok(Flow::More)
    }
}

/// The client takes no more rows.
pub(super) fn gone() -> SqlError {
    SqlError::new("08006", "the client is gone, or reads too slowly")
}
