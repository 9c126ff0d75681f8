//! What comes before the messages: requests for encryption, to cancel, to begin a session.
//!
//! ```text
//! OFFSET  SIZE  DESCRIPTION
//! 0       4     length, these four bytes among it
//! 4       4     protocol version, or the number of a request
//! 8       ..    names and values, each ended by a zero, and a zero at the end
//! ```

use bytes::{Buf, BytesMut};

use super::frontend::Broken;

/// What a packet of the startup may have at most.
const BYTES_MAX: usize = 10_000;

const CANCEL: u32 = 80_877_102;
const TLS: u32 = 80_877_103;
const GSS: u32 = 80_877_104;

/// The newest minor version of protocol 3 that is spoken here.
pub(crate) const MINOR: u32 = 0;

/// What a client that has just connected wants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Packet {
    /// Encryption by TLS.
    Tls,
    /// Encryption by GSSAPI.
    Gss,
    /// The end of what another session does.
    Cancel {
        /// The session.
        process: u32,
        /// What only its client knows.
        secret: u32,
    },
    /// A session.
    Begin(Startup),
}

/// How a session is to begin.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Startup {
    /// The minor version of protocol 3 that the client speaks.
    pub(crate) minor: u32,
    /// Who.
    pub(crate) user: String,
    /// The database; the user's name where the client names none.
    pub(crate) database: Option<String>,
    /// Settings: those named by themselves, and those in `options`.
    pub(crate) settings: Vec<(String, String)>,
    /// Options of the protocol that are not known here.
    pub(crate) unknown: Vec<String>,
}

/// Takes a packet off `buffer`, if all of it is there.
///
/// # Errors
/// What is no packet of the startup.
pub(crate) fn decode(buffer: &mut BytesMut) -> Result<Option<Packet>, Broken> {
    let Some(length) = buffer.first_chunk::<4>() else { return Ok(None) };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    if !(8..=BYTES_MAX).contains(&length) {
        return Err(Broken("invalid length of startup packet".to_owned()));
    }
    if buffer.len() < length {
        return Ok(None);
    }
    let mut body = buffer.split_to(length);
    body.advance(4);
    match body.get_u32() {
        TLS => Ok(Some(Packet::Tls)),
        GSS => Ok(Some(Packet::Gss)),
        CANCEL if body.len() == 8 => {
            Ok(Some(Packet::Cancel { process: body.get_u32(), secret: body.get_u32() }))
        }
        version if version >> 16 == 3 => begin(&body, version & 0xffff).map(Some),
        version => {
            let (major, minor) = (version >> 16, version & 0xffff);
            let message = "unsupported frontend protocol";
            Err(Broken(format!("{message} {major}.{minor}: server supports 3.0")))
        }
    }
}

fn begin(body: &[u8], minor: u32) -> Result<Packet, Broken> {
    let malformed = || Broken("invalid startup packet layout".to_owned());
    let mut startup = Startup { minor, ..Startup::default() };
    // Two zeros end it: that of the last value, and its own.
    let Some(body) = body.strip_suffix(&[0]) else { return Err(malformed()) };
    let body = std::str::from_utf8(body).map_err(|_| malformed())?;
    let mut texts = body.split_terminator('\0');
    while let Some(name) = texts.next() {
        let value = texts.next().ok_or_else(malformed)?.to_owned();
        match name {
            "user" => startup.user = value,
            "database" => startup.database = Some(value).filter(|name| !name.is_empty()),
            "options" => startup.settings.extend(settings_of(&value)?),
            "replication" => {
                if !matches!(value.as_str(), "false" | "off" | "no" | "0") {
                    return Err(Broken("replication connections are not supported".to_owned()));
                }
            }
            name if name.starts_with("_pq_.") => startup.unknown.push(name.to_owned()),
            name => startup.settings.push((name.to_ascii_lowercase(), value)),
        }
    }
    if startup.user.is_empty() {
        return Err(Broken("no PostgreSQL user name specified in startup packet".to_owned()));
    }
    Ok(Packet::Begin(startup))
}

/// Settings in the words of a command line: `-c name=value`, `--name=value`; a backslash before a
/// space makes it part of a word.
fn settings_of(options: &str) -> Result<Vec<(String, String)>, Broken> {
    let mut settings = Vec::new();
    let mut words = words_of(options).into_iter();
    while let Some(word) = words.next() {
        let setting = match (word.strip_prefix("-c"), word.strip_prefix("--")) {
            (Some(""), _) => words.next().unwrap_or_default(),
            (Some(setting), _) | (_, Some(setting)) => setting.to_owned(),
            _ => return Err(Broken(format!("invalid command-line argument: {word}"))),
        };
        let (name, value) = setting
            .split_once('=')
            .ok_or_else(|| Broken(format!("-c {setting} requires a value")))?;
        settings.push((name.trim().replace('-', "_").to_ascii_lowercase(), value.to_owned()));
    }
    Ok(settings)
}

fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => word.extend(letters.next()),
            letter if letter.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            letter => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
