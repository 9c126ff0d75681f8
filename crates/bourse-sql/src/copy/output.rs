//! COPY TO: rows become bytes.

use std::sync::Arc;

use super::binary::SIGNATURE;
use super::escape::letter_of;
use super::options::Form;
use crate::connection::Connection;
use crate::datum::binary::encode_sized;
use crate::datum::{self, Datum};
use crate::error::{Result, SqlError};
use crate::execute::Flow;
use crate::function::Context;
use crate::parse::{CopyFormat, CopyHeader, CopyOptions};
use crate::plan::Plan;
use crate::types::SqlType;

/// A COPY TO that may begin.
pub struct CopyOut {
    plan: Arc<Plan>,
    types: Vec<SqlType>,
    names: Vec<String>,
    form: Form,
}

impl CopyOut {
    pub(crate) fn new(plan: Plan, options: &CopyOptions) -> Result<CopyOut> {
        let names: Vec<String> = plan.columns.iter().map(|column| column.name.clone()).collect();
        let form = Form::new(options, false, &names)?;
        let types = plan.columns.iter().map(|column| column.ty.clone()).collect();
        Ok(CopyOut { plan: Arc::new(plan), types, names, form })
    }

    /// How many columns a row has.
    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// How rows are written.
    pub fn format(&self) -> CopyFormat {
        self.form.format
    }

    /// Runs the query and gives what is written to `each`: the header, each row, and the end where
    /// the format has one. PostgreSQL's clients take a message for a row. Returns how many rows
    /// there were.
    ///
    /// # Errors
    /// Whatever the query refuses, and what `each` returned.
    pub fn run(
        &self,
        connection: &Connection,
        mut each: impl FnMut(&[u8]) -> Result<()> + Send,
    ) -> Result<u64> {
        let mut chunk = Vec::with_capacity(1024);
        self.begin(&mut chunk);
        // The binary format's signature comes with the first row, CSV's header by itself.
        if !chunk.is_empty() && self.form.format != CopyFormat::Binary {
            each(&chunk)?;
            chunk.clear();
        }
        let mut count = 0;
        let settings = connection.settings();
        let context = connection.copy_context(&settings);
        connection.run_copied(&self.plan, &mut |row| {
            self.row(row, &context, &mut chunk)?;
            count += 1;
            each(&chunk)?;
            chunk.clear();
            Ok(Flow::More)
        })?;
        if self.form.format == CopyFormat::Binary {
            chunk.extend_from_slice(&(-1_i16).to_be_bytes());
        }
        if !chunk.is_empty() {
            each(&chunk)?;
        }
        Ok(count)
    }

    /// What is written before the first row.
    fn begin(&self, out: &mut Vec<u8>) {
        if self.form.format == CopyFormat::Binary {
            out.extend_from_slice(SIGNATURE);
            out.extend_from_slice(&[0; 8]);
        }
        if self.form.header == CopyHeader::None {
            return;
        }
        for (at, name) in self.names.iter().enumerate() {
            if at > 0 {
                out.push(self.form.delimiter);
            }
            self.field(name, false, out);
        }
        out.push(b'\n');
    }

    fn row(
        &self,
        row: &mut dyn Iterator<Item = &Datum>,
        context: &dyn Context,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        if self.form.format == CopyFormat::Binary {
            let count = i16::try_from(self.types.len())
                .map_err(|_| SqlError::new("54011", "a row has too many columns"))?;
            out.extend_from_slice(&count.to_be_bytes());
            return row.zip(&self.types).try_for_each(|(value, ty)| encode_sized(value, ty, out));
        }
        for (at, (value, ty)) in row.zip(&self.types).enumerate() {
            if at > 0 {
                out.push(self.form.delimiter);
            }
            if value.is_null() {
                out.extend_from_slice(&self.form.null);
                continue;
            }
            let text = datum::output(value, ty, context)?;
            self.field(&text, self.form.force_quote[at], out);
        }
        out.push(b'\n');
        Ok(())
    }

    /// A value that is not NULL.
    fn field(&self, text: &str, is_quoted: bool, out: &mut Vec<u8>) {
        if self.form.format == CopyFormat::Csv {
            return self.csv(text.as_bytes(), is_quoted, out);
        }
        for byte in text.bytes() {
            match letter_of(byte) {
                // Of these the delimiter alone is one that a reader would take for something else.
                Some(letter) if byte != self.form.delimiter || byte == b'\t' => {
                    out.extend_from_slice(&[b'\\', letter]);
                }
                _ => {
                    if byte == b'\\' || byte == self.form.delimiter {
                        out.push(b'\\');
                    }
                    out.push(byte);
                }
            }
        }
    }

    fn csv(&self, text: &[u8], is_forced: bool, out: &mut Vec<u8>) {
        let Form { delimiter, quote, escape, null, .. } = &self.form;
        let special =
            |byte: &u8| byte == delimiter || byte == quote || matches!(byte, b'\n' | b'\r');
        let is_quoted = is_forced
            || text == null.as_slice()
            || self.types.len() == 1 && text == b"\\."
            || text.iter().any(special);
        if !is_quoted {
            out.extend_from_slice(text);
            return;
        }
        out.push(*quote);
        for byte in text {
            if byte == quote || byte == escape {
                out.push(*escape);
            }
            out.push(*byte);
        }
        out.push(*quote);
    }
}

impl std::fmt::Debug for CopyOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CopyOut").field("columns", &self.names).finish_non_exhaustive()
    }
}
