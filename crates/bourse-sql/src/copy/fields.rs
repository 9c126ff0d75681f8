//! Fields of a line of the text and CSV formats.

use std::ops::Range;

use super::escape;
use super::options::Form;
use crate::datum::binary::utf8;
use crate::error::{Result, SqlError};
use crate::parse::CopyFormat;

/// The fields of one line, used again for the next one.
#[derive(Default, Debug)]
pub(super) struct Fields {
    /// What they are without quotes and escapes, one behind the other.
    text: Vec<u8>,
    /// Where each of them lies there; `None` is NULL.
    places: Vec<Option<Range<usize>>>,
}

impl Fields {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The field; `None` is NULL.
    ///
    /// # Errors
    /// 22021 when escapes made no UTF-8 of it.
    pub(super) fn get(&self, at: usize) -> Result<Option<&str>> {
        match self.places.get(at) {
            Some(Some(place)) => utf8(&self.text[place.clone()]).map(Some),
            _ => Ok(None),
        }
    }

    /// Reads the fields of a line.
    ///
    /// # Errors
    /// 22P04 for a quote that is not closed.
    pub(super) fn read(&mut self, line: &[u8], form: &Form) -> Result<()> {
        self.text.clear();
        self.places.clear();
        match form.format {
            CopyFormat::Csv => self.csv(line, form),
            _ => {
                self.plain(line, form);
                Ok(())
            }
        }
    }

    fn plain(&mut self, line: &[u8], form: &Form) {
        let mut rest = line;
        loop {
            let (begin, raw) = (self.text.len(), rest);
            let mut is_over = true;
            while let Some((byte, after)) = rest.split_first() {
                rest = after;
                if *byte == form.delimiter {
                    is_over = false;
                    break;
                }
                let byte = if *byte == b'\\' { escape::take(&mut rest) } else { *byte };
                self.text.push(byte);
            }
            // NULL is what it is as it stands, before escapes mean anything.
            let length = raw.len() - rest.len() - usize::from(!is_over);
            let is_null = raw[..length] == form.null;
            self.places.push((!is_null).then_some(begin..self.text.len()));
            if is_over {
                return;
            }
        }
    }

    fn csv(&mut self, line: &[u8], form: &Form) -> Result<()> {
        let (mut at, mut in_quotes, mut was_quoted) = (0, false, false);
        let mut begin = 0;
        while let Some(byte) = line.get(at).copied() {
            at += 1;
            if in_quotes {
                let next = line.get(at).copied();
                if byte == form.escape
                    && matches!(next, Some(n) if n == form.escape || n == form.quote)
                {
                    self.text.extend(next);
                    at += 1;
                } else if byte == form.quote {
                    in_quotes = false;
                } else {
                    self.text.push(byte);
                }
            } else if byte == form.delimiter {
                self.end_csv(begin, was_quoted, form);
                (begin, was_quoted) = (self.text.len(), false);
            } else if byte == form.quote {
                (in_quotes, was_quoted) = (true, true);
            } else {
                self.text.push(byte);
            }
        }
        if in_quotes {
            return Err(SqlError::new("22P04", "unterminated CSV quoted field"));
        }
        self.end_csv(begin, was_quoted, form);
        Ok(())
    }

    fn end_csv(&mut self, begin: usize, was_quoted: bool, form: &Form) {
        let at = self.places.len();
        let is = |forced: &[bool]| forced.get(at).copied().unwrap_or(false);
        let looks_null = self.text[begin..] == form.null;
        let is_null =
            looks_null && if was_quoted { is(&form.force_null) } else { !is(&form.force_not_null) };
        self.places.push((!is_null).then_some(begin..self.text.len()));
    }
}
