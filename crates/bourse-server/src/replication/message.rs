//! What nodes say to each other.
//!
//! ```text
//! follower                              leader
//! Hello ------------------------------>
//!       <------------------------------ Challenge, or Refused
//! Proof ------------------------------>
//!       <------------------------------ Welcome, or Refused
//! Follow ----------------------------->
//!       <------------------------------ Parcel, Heartbeat, ...        or Refused
//! Acknowledge, ... ------------------->
//!
//! or, in place of Follow:
//! Bootstrap -------------------------->
//!       <------------------------------ Heartbeat, ... File, Data, ..., FileEnd, ... BackupEnd
//!
//! or, between members of a group, questions of the one that has connected:
//! Group, and Data with records ------>
//!       <------------------------------ Group
//! ```
//! Numbers are little-endian; texts and bytes follow their length (4 bytes). A message that ends
//! early or late is none.

use bourse_storage::rest::Rest;

use super::fault::{Fault, Reason};
use super::frame;

/// The first bytes of the first message.
const MAGIC: &[u8; 8] = b"BOURSERP";

/// The newest version of the protocol, and the oldest that is still spoken.
pub(crate) const VERSION: u16 = 1;
pub(crate) const VERSION_MIN: u16 = 1;

/// Bytes of a number that is used once, and of a proof.
pub(crate) const NONCE_BYTES: usize = 32;

/// What a payload may have before the other side has proven itself.
pub(crate) const GREETING_BYTES_MAX: usize = 4 << 10;

/// What is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Message {
    /// Who connects, and which versions it speaks.
    Hello(Hello),
    /// The version that is spoken, and what the proof is about.
    Challenge { version: u16, nonce: [u8; NONCE_BYTES] },
    /// That the follower knows the secret.
    Proof([u8; NONCE_BYTES]),
    /// That the leader does, and who it is.
    Welcome(Welcome),
    /// Why not.
    Refused { reason: Reason, text: String },
    /// Send what comes after this position, which the store makes and reads.
    Follow(Vec<u8>),
    /// Send a backup.
    Bootstrap,
    /// A file of the backup begins.
    File { name: String, bytes: u64 },
    /// Bytes of it.
    Data(Vec<u8>),
    /// It is over.
    FileEnd { checksum: u32 },
    /// The backup is over.
    BackupEnd { files: u32, lsn: u64 },
    /// Records of the log.
    Parcel(Vec<u8>),
    /// How far the leader is, and the `clock` of the last Acknowledge that it had heard before.
    Heartbeat { newest: u64, echo: u64, sent_us: i64 },
    /// What members of a group say to each other: see `raft`.
    Group(Vec<u8>),
    /// How far the follower is, and what its own clock says, which only it can read.
    Acknowledge { received: u64, applied: u64, clock: u64, sent_us: i64 },
}

/// Who connects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Hello {
    pub(crate) version_min: u16,
    pub(crate) version_max: u16,
    pub(crate) nonce: [u8; NONCE_BYTES],
    /// What the node calls itself: the name of its slot.
    pub(crate) node: String,
    /// Tells apart two nodes that call themselves the same.
    pub(crate) instance: u128,
}

/// Who the leader is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Welcome {
    pub(crate) proof: [u8; NONCE_BYTES],
    pub(crate) newest: u64,
    /// Where its clients connect; empty where it listens everywhere, and only the port is known.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// How often it says something at least.
    pub(crate) heartbeat_ms: u32,
}

impl Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Hello(_) => b'H',
            Message::Challenge { .. } => b'C',
            Message::Proof(_) => b'P',
            Message::Welcome(_) => b'W',
            Message::Refused { .. } => b'R',
            Message::Follow(_) => b'F',
            Message::Bootstrap => b'B',
            Message::File { .. } => b'f',
            Message::Data(_) => b'd',
            Message::FileEnd { .. } => b'e',
            Message::BackupEnd { .. } => b'E',
            Message::Parcel(_) => b'p',
            Message::Heartbeat { .. } => b'h',
            Message::Group(_) => b'g',
            Message::Acknowledge { .. } => b'a',
        }
    }

    /// Appends it as a frame. Returns how many bytes that takes.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) -> usize {
        // What is long is not copied first.
        let mut payload = Vec::new();
        let payload = match self {
            Message::Data(bytes) | Message::Parcel(bytes) | Message::Group(bytes) => bytes,
            other => {
                other.write(&mut payload);
                &payload
            }
        };
        frame::encode(self.kind(), payload, out)
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Message::Hello(hello) => {
                out.extend_from_slice(MAGIC);
                out.extend_from_slice(&hello.version_min.to_le_bytes());
                out.extend_from_slice(&hello.version_max.to_le_bytes());
                out.extend_from_slice(&hello.nonce);
                put(out, hello.node.as_bytes());
                out.extend_from_slice(&hello.instance.to_le_bytes());
            }
            Message::Challenge { version, nonce } => {
                out.extend_from_slice(&version.to_le_bytes());
                out.extend_from_slice(nonce);
            }
            Message::Proof(proof) => out.extend_from_slice(proof),
            Message::Welcome(welcome) => {
                out.extend_from_slice(&welcome.proof);
                out.extend_from_slice(&welcome.newest.to_le_bytes());
                put(out, welcome.host.as_bytes());
                out.extend_from_slice(&welcome.port.to_le_bytes());
                out.extend_from_slice(&welcome.heartbeat_ms.to_le_bytes());
            }
            Message::Refused { reason, text } => {
                out.push(reason.number());
                put(out, text.as_bytes());
            }
            Message::Follow(position) => put(out, position),
            Message::Bootstrap | Message::Data(_) | Message::Parcel(_) | Message::Group(_) => {}
            Message::File { name, bytes } => {
                put(out, name.as_bytes());
                out.extend_from_slice(&bytes.to_le_bytes());
            }
            Message::FileEnd { checksum } => out.extend_from_slice(&checksum.to_le_bytes()),
            Message::BackupEnd { files, lsn } => {
                out.extend_from_slice(&files.to_le_bytes());
                out.extend_from_slice(&lsn.to_le_bytes());
            }
            Message::Heartbeat { newest, echo, sent_us } => {
                out.extend_from_slice(&newest.to_le_bytes());
                out.extend_from_slice(&echo.to_le_bytes());
                out.extend_from_slice(&sent_us.to_le_bytes());
            }
            Message::Acknowledge { received, applied, clock, sent_us } => {
                out.extend_from_slice(&received.to_le_bytes());
                out.extend_from_slice(&applied.to_le_bytes());
                out.extend_from_slice(&clock.to_le_bytes());
                out.extend_from_slice(&sent_us.to_le_bytes());
            }
        }
    }

    /// The message of a frame.
    pub(crate) fn decode(kind: u8, payload: Vec<u8>) -> Result<Message, Fault> {
        let decoded = match kind {
            b'd' => Some(Message::Data(payload)),
            b'p' => Some(Message::Parcel(payload)),
            b'g' => Some(Message::Group(payload)),
            kind => {
                let mut body = Rest(&payload);
                read(kind, &mut body).filter(|_| body.0.is_empty())
            }
        };
        decoded.ok_or_else(|| {
            Fault::malformed(format!("a message of kind {kind:#04x} that cannot be read"))
        })
    }
}

fn read(kind: u8, body: &mut Rest<'_>) -> Option<Message> {
    Some(match kind {
        b'H' => {
            if body.array::<8>()? != *MAGIC {
                return None;
            }
            Message::Hello(Hello {
                version_min: body.u16()?,
                version_max: body.u16()?,
                nonce: body.array()?,
                node: take_text(body)?,
                instance: body.u128()?,
            })
        }
        b'C' => Message::Challenge { version: body.u16()?, nonce: body.array()? },
        b'P' => Message::Proof(body.array()?),
        b'W' => Message::Welcome(Welcome {
            proof: body.array()?,
            newest: body.u64()?,
            host: take_text(body)?,
            port: body.u16()?,
            heartbeat_ms: body.u32()?,
        }),
        b'R' => {
            let [number] = body.array()?;
            Message::Refused { reason: Reason::of_number(number)?, text: take_text(body)? }
        }
        b'F' => Message::Follow(take(body)?.to_vec()),
        b'B' => Message::Bootstrap,
        b'f' => Message::File { name: take_text(body)?, bytes: body.u64()? },
        b'e' => Message::FileEnd { checksum: body.u32()? },
        b'E' => Message::BackupEnd { files: body.u32()?, lsn: body.u64()? },
        b'h' => Message::Heartbeat { newest: body.u64()?, echo: body.u64()?, sent_us: body.i64()? },
        b'a' => Message::Acknowledge {
            received: body.u64()?,
            applied: body.u64()?,
            clock: body.u64()?,
            sent_us: body.i64()?,
        },
        _ => return None,
    })
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// The next bytes, behind their length.
fn take<'b>(body: &mut Rest<'b>) -> Option<&'b [u8]> {
    let length = usize::try_from(body.u32()?).ok()?;
    body.take(length)
}

fn take_text(body: &mut Rest<'_>) -> Option<String> {
    String::from_utf8(take(body)?.to_vec()).ok()
}
