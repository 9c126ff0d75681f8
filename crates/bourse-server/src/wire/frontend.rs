//! Messages of clients, after the startup.
//!
//! ```text
//! OFFSET  SIZE  DESCRIPTION
//! 0       1     kind, a letter
//! 1       4     length of what follows, these four bytes among it
//! 5       ..    body
//! ```

use bytes::{Buf, Bytes, BytesMut};

/// Bytes of a message's head: kind and length.
pub(crate) const HEAD: usize = 5;

/// What a client says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// Statements in a text, without parameters.
    Query(String),
    /// Make a statement of a text.
    Parse {
        /// Its name; empty for the unnamed one.
        name: String,
        /// The text.
        text: String,
        /// Types of parameters, as far as the client tells; 0 where it does not.
        types: Vec<u32>,
    },
    /// Give a statement its parameters.
    Bind(Bind),
    /// Tell what a statement takes and gives.
    Describe(Target, String),
    /// Run a portal: all of it, or so many rows.
    Execute {
        /// The portal's name.
        portal: String,
        /// Rows at most; 0 is all.
        rows_max: u32,
    },
    /// Forget a statement or portal.
    Close(Target, String),
    /// Send what there is.
    Flush,
    /// End of a series: send what there is, and say how the transaction stands.
    Sync,
    /// Data of COPY FROM STDIN.
    CopyData(Bytes),
    /// The end of them.
    CopyDone,
    /// The client cannot go on with COPY, and says why.
    CopyFail(String),
    /// A password, or a step of SASL.
    Password(Bytes),
    /// The client goes.
    Terminate,
    /// A message whose body is not what its kind promises, or a kind that is not served: SQLSTATE
    /// and sentence of the error that its sender gets.
    Refused(&'static str, String),
    /// A Query whose text cannot be read: it is answered by itself, no Sync follows.
    RefusedQuery(&'static str, String),
}

/// What a statement's parameters are, and how the result is wanted.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Bind {
    /// Name of the portal to make.
    pub portal: String,
    /// Name of the statement.
    pub statement: String,
    /// Formats of the parameters: none (text), one for all, or one each. 1 is binary.
    pub formats: Vec<i16>,
    /// Parameters.
    pub parameters: Vec<Option<Bytes>>,
    /// Formats of the result's columns, likewise.
    pub result_formats: Vec<i16>,
}

/// What Describe and Close are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A prepared statement.
    Statement,
    /// A portal.
    Portal,
}

/// The stream cannot be followed any further: the connection ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken(pub String);

/// The number of bytes that the first message in `buffer` takes, once its head is there.
///
/// # Errors
/// A length that is impossible, or more than `bytes_max`.
pub fn first_length(buffer: &[u8], bytes_max: usize) -> Result<Option<usize>, Broken> {
    let Some(head) = buffer.first_chunk::<HEAD>() else { return Ok(None) };
    let [kind, length @ ..] = *head;
    if !is_kind(kind) {
        return Err(Broken(format!("invalid frontend message type {kind}")));
    }
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length < 4 {
        return Err(Broken("invalid message length".to_owned()));
    }
    if length > bytes_max {
        let limit = "; max_message_bytes is the limit";
        return Err(Broken(format!("a message of {length} bytes is too long{limit}")));
    }
    Ok(Some(length + 1))
}

fn is_kind(kind: u8) -> bool {
    b"QPBDECHSdcfpXF".contains(&kind)
}

/// Takes the first message off `buffer`, if all of it is there.
///
/// # Errors
/// As [`first_length`].
pub fn decode(buffer: &mut BytesMut, bytes_max: usize) -> Result<Option<Message>, Broken> {
    let Some(length) = first_length(buffer, bytes_max)? else { return Ok(None) };
    if buffer.len() < length {
        return Ok(None);
    }
    let mut body = buffer.split_to(length).freeze();
    let kind = body[0];
    body.advance(HEAD);
    let mut body = Body(body);
    let message = body.message(kind).and_then(|message| body.end().map(|()| message));
    Ok(Some(message.unwrap_or_else(|flaw| refused(kind, flaw))))
}

fn refused(kind: u8, flaw: Flaw) -> Message {
    match flaw {
        Flaw::Format => {
            let message = format!("invalid message format: message \"{}\"", char::from(kind));
            refused_as(kind, "08P01", message)
        }
        Flaw::Encoding => {
            let message = "invalid byte sequence for encoding \"UTF8\"";
            refused_as(kind, "22021", message.to_owned())
        }
    }
}

fn refused_as(kind: u8, sqlstate: &'static str, message: String) -> Message {
    match kind {
        b'Q' => Message::RefusedQuery(sqlstate, message),
        _ => Message::Refused(sqlstate, message),
    }
}

/// What is wrong with a body.
enum Flaw {
    /// It is shorter or longer than what it says of itself, or says what it may not.
    Format,
    /// A text is not UTF-8.
    Encoding,
}

/// What is left of a message's body.
struct Body(Bytes);

impl Body {
    fn message(&mut self, kind: u8) -> Result<Message, Flaw> {
        Ok(match kind {
            b'Q' => Message::Query(self.text()?),
            b'P' => {
                let (name, text) = (self.text()?, self.text()?);
                let count = self.count()?;
                let mut types = Vec::with_capacity(count.min(self.0.len()));
                for _ in 0..count {
                    types.push(u32::from_be_bytes(self.take()?));
                }
                Message::Parse { name, text, types }
            }
            b'B' => Message::Bind(self.bind()?),
            b'D' => Message::Describe(self.target()?, self.text()?),
            b'C' => Message::Close(self.target()?, self.text()?),
            b'E' => {
                let portal = self.text()?;
                // Negative numbers mean all rows, as zero does.
                let rows = i32::from_be_bytes(self.take()?);
                Message::Execute { portal, rows_max: u32::try_from(rows).unwrap_or(0) }
            }
            b'H' => Message::Flush,
            b'S' => Message::Sync,
            b'd' => Message::CopyData(self.rest()),
            b'c' => Message::CopyDone,
            b'f' => Message::CopyFail(self.text()?),
            b'p' => Message::Password(self.rest()),
            b'X' => Message::Terminate,
            _ => {
                self.rest();
                let message = "function calls by message are not supported";
                Message::Refused("0A000", message.to_owned())
            }
        })
    }

    fn bind(&mut self) -> Result<Bind, Flaw> {
        let (portal, statement) = (self.text()?, self.text()?);
        let formats = self.formats()?;
        let count = self.count()?;
        let mut parameters = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            let length = i32::from_be_bytes(self.take()?);
            parameters.push(match usize::try_from(length) {
                Ok(length) if length <= self.0.len() => Some(self.0.split_to(length)),
                Ok(_) => return Err(Flaw::Format),
                Err(_) if length == -1 => None,
                Err(_) => return Err(Flaw::Format),
            });
        }
        Ok(Bind { portal, statement, formats, parameters, result_formats: self.formats()? })
    }

    fn formats(&mut self) -> Result<Vec<i16>, Flaw> {
        let count = self.count()?;
        let mut formats = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            match i16::from_be_bytes(self.take()?) {
                format @ (0 | 1) => formats.push(format),
                _ => return Err(Flaw::Format),
            }
        }
        Ok(formats)
    }

    fn target(&mut self) -> Result<Target, Flaw> {
        match self.take::<1>()? {
            [b'S'] => Ok(Target::Statement),
            [b'P'] => Ok(Target::Portal),
            _ => Err(Flaw::Format),
        }
    }

    fn count(&mut self) -> Result<usize, Flaw> {
        Ok(usize::from(u16::from_be_bytes(self.take()?)))
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Flaw> {
        let bytes = *self.0.first_chunk::<N>().ok_or(Flaw::Format)?;
        self.0.advance(N);
        Ok(bytes)
    }

    fn text(&mut self) -> Result<String, Flaw> {
        let length = self.0.iter().position(|byte| *byte == 0).ok_or(Flaw::Format)?;
        let text = self.0.split_to(length);
        self.0.advance(1);
        String::from_utf8(text.into()).map_err(|_| Flaw::Encoding)
    }

    fn rest(&mut self) -> Bytes {
        std::mem::take(&mut self.0)
    }

    fn end(&self) -> Result<(), Flaw> {
        if self.0.is_empty() { Ok(()) } else { Err(Flaw::Format) }
    }
}
