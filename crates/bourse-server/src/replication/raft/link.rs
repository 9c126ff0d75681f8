//! Connections between members: questions of the one that has connected, and answers.
//!
//! # Invariants
//! - **K1** A connection begins with an introduction in both directions. Members of another lineage
//!   are refused by it, and so is one that has this one's number.
//! - **K2** The bytes of an entry's records follow the question that has its header, in pieces, so
//!   that an entry may be larger than a frame.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bourse::replication::group::{EntryReader, Member};
use bourse_storage::sync::Mutex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::super::channel::{self, Channel, Credentials, Receiver, Sender};
use super::super::fault::{Fault, Reason};
use super::super::message::Message;
use super::runtime::in_place;
use super::simulation::wires::Wire;
use super::types::{Answer, Append, Introduction, Question, encode};

/// Bytes of a piece of records.
const PIECE_BYTES: usize = 1 << 20;

/// Bytes of the records of one question at most.
const RECORDS_BYTES_MAX: u64 = 4 << 30;

/// A connection that was not used for so long is made anew: the other side may have ended it.
const IDLE_MAX: Duration = Duration::from_secs(3);

/// How long an entry that is being appended is waited for, until it can be read.
const UNREADABLE_PAUSE: Duration = Duration::from_micros(200);

/// How a member reaches others.
pub(crate) enum Way {
    /// Over the network, under a name.
    Cluster {
        credentials: Credentials,
        node: String,
        instance: u128,
    },
    Simulated(Wire),
}

impl Way {
    async fn connect(&self, address: &str) -> Result<Channel, Fault> {
        match self {
            Way::Cluster { credentials, node, instance } => {
                let connected = channel::connect(address, credentials, node, *instance);
                connected.await.map(|(channel, _)| channel)
            }
            Way::Simulated(wire) => wire.connect(address).await,
        }
    }
}

/// Who this member is to others, and what it knows of them.
pub(crate) struct Acquaintance {
    pub(crate) id: u64,
    pub(crate) lineage: u128,
    way: Way,
    /// Where its clients connect; without a host where only the port is known.
    pub(crate) clients: (String, u16),
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Where clients of others connect, by number.
    clients: BTreeMap<u64, String>,
    leader: Option<u64>,
}

impl Acquaintance {
    /// Of a member that knows nobody yet.
    pub(crate) fn new(
        (id, lineage): (u64, u128),
        way: Way,
        clients: (String, u16),
    ) -> Acquaintance {
        Acquaintance { id, lineage, way, clients, known: Mutex::default() }
    }

    pub(crate) fn introduction(&self) -> Introduction {
        let (host, port) = self.clients.clone();
        let leader = self.known.lock().leader;
        Introduction { id: self.id, lineage: self.lineage, host, port, leader }
    }

    pub(crate) fn set_leader(&self, leader: Option<u64>) {
        self.known.lock().leader = leader;
    }

    /// Where clients of a member connect, once it has said so.
    pub(crate) fn clients_of(&self, id: u64) -> Option<String> {
        self.known.lock().clients.get(&id).cloned()
    }

    /// Remembers who another one is, whose address is of `host`.
    pub(crate) fn meet(&self, other: &Introduction, host: &str) {
        let host = if other.host.is_empty() { host } else { &other.host };
        let clients = match host.contains(':') && !host.starts_with('[') {
            true => format!("[{host}]:{}", other.port),
            false => format!("{host}:{}", other.port),
        };
        self.known.lock().clients.insert(other.id, clients);
    }

    /// Whether one may speak to this member (K1).
    pub(crate) fn check(&self, other: &Introduction) -> Result<(), Fault> {
        let is_same = other.lineage == self.lineage || other.lineage == 0 || self.lineage == 0;
        if !is_same {
            let text = format!(
                "member {} is of another group: its store has other records from the beginning",
                other.id
            );
            return Err(Fault::Refused(Reason::Foreign, text));
        }
        if other.id == self.id {
            let text = format!("two members say that they are number {}", self.id);
            return Err(Fault::Refused(Reason::Name, text));
        }
        Ok(())
    }
}

/// What means something on the machine of a peer; else it is where members connect.
pub(crate) fn host_for(listen: SocketAddr, is_near: bool) -> String {
    let is_known = !listen.ip().is_unspecified() && (!listen.ip().is_loopback() || is_near);
    if is_known { listen.ip().to_string() } else { String::new() }
}

pub(crate) async fn say(sender: &mut Sender, message: &impl Serialize) -> Result<(), Fault> {
    let bytes = encode(message).map_err(|error| Fault::lost(error.to_string()))?;
    sender.send(&Message::Group(bytes)).await?;
    Ok(())
}

pub(crate) async fn hear<T: DeserializeOwned>(receiver: &mut Receiver) -> Result<T, Fault> {
    match receiver.next().await?.0 {
        Message::Group(bytes) => read(&bytes),
        _ => Err(Fault::malformed("something that no member of a group says")),
    }
}

pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    postcard::from_bytes(bytes)
        .map_err(|error| Fault::malformed(format!("something that cannot be read: {error}")))
}

/// Says a question that has entries, and their records behind it (K2).
pub(crate) async fn say_append(
    sender: &mut Sender,
    append: Append,
    of: impl FnOnce(Append) -> Question,
) -> Result<(), Fault> {
    let parcels: Vec<_> =
        append.request.entries.iter().filter_map(|entry| entry.payload.parcel.clone()).collect();
    say(sender, &of(append)).await?;
    for parcel in parcels {
        for piece in parcel.chunks(PIECE_BYTES) {
            sender.send(&Message::Data(piece.to_vec())).await?;
        }
    }
    Ok(())
}

/// Takes the records that follow a question (K2).
pub(crate) async fn hear_records(
    receiver: &mut Receiver,
    append: &mut Append,
) -> Result<(), Fault> {
    let all = append.parcels.iter().try_fold(0_u64, |all, bytes| all.checked_add(*bytes));
    let is_whole = append.parcels.len() == append.request.entries.len();
    if !is_whole || all.is_none_or(|all| all > RECORDS_BYTES_MAX) {
        return Err(Fault::malformed("entries whose records are not as they are to be"));
    }
    for (entry, bytes) in append.request.entries.iter_mut().zip(&append.parcels) {
        let bytes = usize::try_from(*bytes).unwrap_or(usize::MAX);
        let mut parcel = Vec::with_capacity(bytes.min(PIECE_BYTES));
        while parcel.len() < bytes {
            match receiver.next().await?.0 {
                Message::Data(piece) if !piece.is_empty() => parcel.extend_from_slice(&piece),
                _ => return Err(Fault::malformed("something else where records were to come")),
            }
        }
        if parcel.len() != bytes {
            return Err(Fault::malformed("more records than there were to be"));
        }
        entry.payload.parcel = Some(Arc::new(parcel));
    }
    Ok(())
}

/// Puts the records to the headers of entries.
pub(crate) async fn fill(
    member: &Member,
    reader: &mut EntryReader,
    mut request: openraft::raft::AppendEntriesRequest<super::types::Types>,
) -> Result<Append, Fault> {
    let mut parcels = Vec::with_capacity(request.entries.len());
    for entry in &mut request.entries {
        let index = entry.log_id.index;
        let parcel = loop {
            if let Some(parcel) = in_place(|| member.read(index, reader))? {
                break parcel;
            }
            tokio::time::sleep(UNREADABLE_PAUSE).await;
        };
        parcels.push(parcel.as_bytes().len() as u64);
        entry.payload.parcel = Some(Arc::new(parcel.as_bytes().to_vec()));
    }
    Ok(Append { request, parcels })
}

/// A connection to another member. Answers come in the order of questions, and one that was given
/// up is passed over when the next one is asked.
pub(crate) struct Link {
    pub(crate) channel: Channel,
    used: Instant,
    /// Answers that are to come.
    owed: usize,
    /// A question was not said to its end.
    is_broken: bool,
}

impl Link {
    /// Connects. Returns who the other one is, too.
    pub(crate) async fn open(
        address: &str,
        own: &Acquaintance,
    ) -> Result<(Link, Introduction), Fault> {
        let channel = own.way.connect(address).await?;
        let mut link = Link { channel, used: Instant::now(), owed: 0, is_broken: false };
        let answer = link.ask(&Question::Introduction(own.introduction())).await?;
        let Answer::Introduction(other) = answer else {
            return Err(Fault::malformed("something else where it was to introduce itself"));
        };
        own.check(&other)?; // K1
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        own.meet(&other, host);
        Ok((link, other))
    }

    /// Whether it is of use still.
    pub(crate) fn is_usable(&self) -> bool {
        !self.is_broken && self.used.elapsed() < IDLE_MAX
    }

    pub(crate) async fn ask(&mut self, question: &Question) -> Result<Answer, Fault> {
        self.is_broken = true;
        say(&mut self.channel.sender, question).await?;
        self.answer().await
    }

    /// As [`Link::ask`] with entries.
    pub(crate) async fn ask_append(
        &mut self,
        append: Append,
        of: impl FnOnce(Append) -> Question,
    ) -> Result<Answer, Fault> {
        self.is_broken = true;
        say_append(&mut self.channel.sender, append, of).await?;
        self.answer().await
    }

    /// The answer to what was just asked.
    async fn answer(&mut self) -> Result<Answer, Fault> {
        (self.is_broken, self.owed) = (false, self.owed + 1);
        self.channel.receiver.expect();
        loop {
            let answer = hear(&mut self.channel.receiver).await?;
            self.owed -= 1;
            self.used = Instant::now();
            if self.owed == 0 {
                return match answer {
                    Answer::No(why) => Err(Fault::Refused(Reason::Busy, why)),
                    answer => Ok(answer),
                };
            }
        }
    }
}
