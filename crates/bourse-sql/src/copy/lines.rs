//! Lines of the text and CSV formats, out of chunks that are cut anywhere.
//!
//! Invariants:
//! - **L1** `begin` is where the line that is not whole yet begins, `at` the first byte of it that
//!   was not looked at; `begin <= at <= bytes.len()`.

use super::options::Form;
use crate::error::{Result, SqlError};
use crate::parse::CopyFormat;

/// How lines end, which the first one decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ending {
    Unknown,
    Newline,
    Return,
    ReturnNewline,
}

/// Bytes that are to become lines.
#[derive(Debug)]
pub(super) struct Lines {
    bytes: Vec<u8>,
    begin: usize,
    at: usize,
    ending: Ending,
    in_quotes: bool,
    /// The byte before escapes the next one.
    escaped: bool,
    /// No more bytes come.
    is_last: bool,
    is_csv: bool,
    quote: u8,
    /// The escape, where it is another byte than the quote.
    escape: Option<u8>,
    /// Lines so far: the number of the last one that was taken, or is being read.
    pub(super) number: u64,
    /// Line ends within quotes since that one began.
    inner: u64,
}

/// The next line.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Line {
    /// From where to where.
    Whole(std::ops::Range<usize>),
    /// `\.`: no more are read.
    End,
    /// More bytes are needed.
    Unfinished,
}

fn refused(message: &str, hint: &str) -> SqlError {
    SqlError::new("22P04", message).with_hint(hint)
}

impl Lines {
    pub(super) fn new(form: &Form) -> Lines {
        Lines {
            bytes: Vec::new(),
            begin: 0,
            at: 0,
            ending: Ending::Unknown,
            in_quotes: false,
            escaped: false,
            is_last: false,
            is_csv: form.format == CopyFormat::Csv,
            quote: form.quote,
            escape: (form.quote != form.escape).then_some(form.escape),
            number: 0,
            inner: 0,
        }
    }

    /// Adds bytes. Lines that were taken before are forgotten.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.begin);
        self.at -= self.begin; // L1
        self.begin = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// Says that no bytes follow.
    pub(super) fn end(&mut self) {
        self.is_last = true;
    }

    /// The bytes of a line.
    pub(super) fn bytes(&self, line: std::ops::Range<usize>) -> &[u8] {
        &self.bytes[line]
    }

    /// The next line.
    ///
    /// # Errors
    /// 22P04 for a line end that is written as others are not, and for quotes that stay open.
    pub(super) fn next(&mut self) -> Result<Line> {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            if self.is_csv {
                self.quotes(byte);
            }
            match byte {
                b'\n' | b'\r' if self.in_quotes => {
                    self.inner += u64::from(self.is_inner_end(byte));
                    self.at += 1;
                }
                b'\n' if self.is_csv || !self.escaped => return self.newline(),
                b'\r' if self.is_csv || !self.escaped => {
                    let Some(next) = self.bytes.get(self.at + 1) else {
                        if !self.is_last {
                            return Ok(Line::Unfinished);
                        }
                        return self.carriage_return(false);
                    };
                    let is_pair = *next == b'\n';
                    return self.carriage_return(is_pair);
                }
                _ => {
                    if !self.is_csv {
                        // Behind a backslash any byte is meant as itself, a line end too.
                        self.escaped = byte == b'\\' && !self.escaped;
                    }
                    self.at += 1;
                }
            }
        }
        if !self.is_last {
            return Ok(Line::Unfinished);
        }
        if self.in_quotes {
            self.number += self.inner + 1;
            return Err(SqlError::new("22P04", "unterminated CSV quoted field"));
        }
        if self.begin == self.bytes.len() {
            return Ok(Line::Unfinished);
        }
        self.line(self.bytes.len(), 0)
    }

    /// What a byte does to whether those after it are in quotes.
    fn quotes(&mut self, byte: u8) {
        if self.in_quotes && Some(byte) == self.escape {
            self.escaped = !self.escaped;
        }
        if byte == self.quote && !self.escaped {
            self.in_quotes = !self.in_quotes;
        }
        if Some(byte) != self.escape {
            self.escaped = false;
        }
    }

    fn is_inner_end(&self, byte: u8) -> bool {
        byte == if self.ending == Ending::Return { b'\r' } else { b'\n' }
    }

    fn newline(&mut self) -> Result<Line> {
        match self.ending {
            Ending::Unknown => self.ending = Ending::Newline,
            Ending::Newline => {}
            Ending::Return | Ending::ReturnNewline => {
                self.number += self.inner + 1;
                return Err(match self.is_csv {
                    true => refused(
                        "unquoted newline found in data",
                        "Use quoted CSV field to represent newline.",
                    ),
                    false => refused(
                        "literal newline found in data",
                        "Use \"\\n\" to represent newline.",
                    ),
                });
            }
        }
        self.line(self.at, 1)
    }

    fn carriage_return(&mut self, is_pair: bool) -> Result<Line> {
        if self.ending == Ending::Unknown {
            self.ending = if is_pair { Ending::ReturnNewline } else { Ending::Return };
        }
        match (self.ending, is_pair) {
            (Ending::ReturnNewline, true) => self.line(self.at, 2),
            (Ending::Return, false) => self.line(self.at, 1),
            _ => {
                self.number += self.inner + 1;
                Err(match self.is_csv {
                    true => refused(
                        "unquoted carriage return found in data",
                        "Use quoted CSV field to represent carriage return.",
                    ),
                    false => refused(
                        "literal carriage return found in data",
                        "Use \"\\r\" to represent carriage return.",
                    ),
                })
            }
        }
    }

    /// The line that ends here, behind which so many bytes are its end.
    #[expect(clippy::unnecessary_wraps, reason = "it ends next(), which fails elsewhere")]
    fn line(&mut self, end: usize, ending: usize) -> Result<Line> {
        let line = self.begin..end;
        self.begin = end + ending;
        self.at = self.begin; // L1
        self.escaped = false;
        self.number += std::mem::take(&mut self.inner) + 1;
        if &self.bytes[line.clone()] == b"\\." {
            return Ok(Line::End);
        }
        Ok(Line::Whole(line))
    }
}
