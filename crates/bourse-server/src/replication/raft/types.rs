//! What the consensus works on, what a member remembers of it, and what members say to each other.
//!
//! The consensus only ever sees headers of entries. Records travel as parcels, which are put in
//! just before an entry is sent and taken out again where it is appended.

use std::fmt;
use std::sync::Arc;

use bourse::replication::group::{self, EntryId};
use bourse_storage::id::Lsn;
use bourse_storage::{Error, Result};
use openraft::entry::RaftPayload;
use openraft::impls::leader_id_std;
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, StreamAppendResult, TransferLeaderRequest,
    TransferLeaderResponse, VoteRequest, VoteResponse,
};
use openraft::vote::RaftLeaderId;
use openraft::{BasicNode, Membership};
use serde::{Deserialize, Serialize};

/// A demand for an entry: the records are in the log already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Records;

impl fmt::Display for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("records")
    }
}

/// What an entry is to the consensus: the note of its end in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum What {
    /// The first one of a leader.
    Blank,
    Records,
    Membership(Membership<u64, BasicNode>),
}

/// An entry without its place.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) what: What,
    /// Its records, where it comes from another member. They follow on the wire.
    #[serde(skip)]
    pub(crate) parcel: Option<Arc<Vec<u8>>>,
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.what)
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.what)
    }
}

impl RaftPayload for Payload {
    type D = Records;
    type NodeId = u64;
    type Node = BasicNode;

    fn blank() -> Payload {
        Payload { what: What::Blank, parcel: None }
    }

    fn with_normal(mut self, _: Records) -> Payload {
        self.what = What::Records;
        self
    }

    fn with_membership(mut self, membership: Membership<u64, BasicNode>) -> Payload {
        self.what = What::Membership(membership);
        self
    }

    fn get_membership(&self) -> Option<Membership<u64, BasicNode>> {
        match &self.what {
            What::Membership(membership) => Some(membership.clone()),
            What::Blank | What::Records => None,
        }
    }
}

openraft::declare_raft_types!(
    pub(crate) Types:
        D = Records,
        R = (),
        NodeId = u64,
        Node = BasicNode,
        Term = u64,
        LeaderId = leader_id_std::LeaderId<u64, u64>,
        Payload = Payload,
        Entry = openraft::Entry<<Self::LeaderId as RaftLeaderId>::Committed, Self::Payload>,
        AsyncRuntime = super::runtime::Runtime,
);

pub(crate) type LogId = openraft::type_config::alias::LogIdOf<Types>;
pub(crate) type Entry = openraft::type_config::alias::EntryOf<Types>;
pub(crate) type Vote = openraft::type_config::alias::VoteOf<Types>;
pub(crate) type StoredMembership = openraft::type_config::alias::StoredMembershipOf<Types>;
pub(crate) type Raft = openraft::Raft<Types, super::storage::Machine>;

/// The consensus's name of an entry.
pub(crate) fn log_id(id: EntryId) -> LogId {
    let leader = openraft::vote::leader_id_std::CommittedLeaderId::new(id.term);
    LogId::new(leader, id.index)
}

/// The store's name of it.
pub(crate) fn entry_id(id: &LogId) -> EntryId {
    EntryId { term: id.leader_id.term, index: id.index }
}

/// What a member must remember, in the file GROUP.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Saved {
    /// The format of this.
    version: u8,
    /// The member's own number.
    pub(crate) id: u64,
    /// The group begins with this one.
    pub(crate) founds: bool,
    pub(crate) vote: Option<Vote>,
    /// Who were members, ascending: see [`Saved::note_membership`].
    memberships: Vec<StoredMembership>,
    /// It takes no part in elections before it has this entry. See N3 of the module `node`.
    pub(crate) quiet_until: Option<u64>,
    /// Who were members and are not, those that left last at the end: they do not come back by
    /// themselves.
    pub(crate) removed: Vec<u64>,
    /// This one is no member any more.
    pub(crate) is_removed: bool,
}

/// The newest format of [`Saved`]. Format 1 has nothing of removals.
const SAVED_VERSION: u8 = 2;

/// Removed members that are remembered: GROUP has one page.
const REMOVED_MAX: usize = 32;

/// [`Saved`] as it was in format 1.
#[derive(Deserialize)]
struct SavedOne {
    #[expect(dead_code, reason = "it stands before the rest")]
    version: u8,
    id: u64,
    founds: bool,
    vote: Option<Vote>,
    memberships: Vec<StoredMembership>,
    quiet_until: Option<u64>,
}

impl Saved {
    /// Of the member with which a group begins.
    pub(crate) fn of_founder(id: u64) -> Saved {
        Saved {
            version: SAVED_VERSION,
            id,
            founds: true,
            vote: None,
            memberships: Vec::new(),
            quiet_until: None,
            removed: Vec::new(),
            is_removed: false,
        }
    }

    fn of_one(one: SavedOne) -> Saved {
        Saved {
            founds: one.founds,
            vote: one.vote,
            memberships: one.memberships,
            quiet_until: one.quiet_until,
            ..Saved::of_founder(one.id)
        }
    }

    /// Of a member that is made of another's backup.
    pub(crate) fn of_newcomer(id: u64, base: &Base) -> Saved {
        Saved {
            founds: false,
            vote: Some(base.vote),
            memberships: base.membership.log_id().iter().map(|_| base.membership.clone()).collect(),
            quiet_until: Some(base.newest),
            removed: base.removed.clone(),
            ..Saved::of_founder(id)
        }
    }

    /// Who the members are as of an entry, as far as is remembered.
    pub(crate) fn membership_at(&self, index: Option<u64>) -> StoredMembership {
        let is_old = |one: &&StoredMembership| one.log_id().map(|id| id.index) <= index;
        self.memberships.iter().rev().find(is_old).cloned().unwrap_or_default()
    }

    /// Remembers who the members are from an entry on. What the log has need not be: of those up to
    /// the log's base the newest is kept, and the newest of all, which will be that one day.
    pub(crate) fn note_membership(&mut self, membership: StoredMembership, base: Option<u64>) {
        if self.memberships.last().is_some_and(|last| last.log_id() >= membership.log_id()) {
            return;
        }
        self.note_removals(&membership);
        let old = self.membership_at(base);
        self.memberships.push(membership);
        let from = self.memberships.len().saturating_sub(2);
        self.memberships.drain(..from);
        if self.memberships.first().is_some_and(|first| first.log_id() > old.log_id())
            && old.log_id().is_some()
        {
            self.memberships.insert(0, old);
        }
    }

    /// Remembers who is in the newest membership and not in the one that follows it.
    fn note_removals(&mut self, next: &StoredMembership) {
        let is_there = |id: &u64| next.get_node(id).is_some();
        let before = self.memberships.last().into_iter().flat_map(StoredMembership::nodes);
        let gone: Vec<u64> = before.map(|(id, _)| *id).filter(|id| !is_there(id)).collect();
        // One that was made anew learns what became of it in an earlier life, too.
        let is_new = next.log_id().map(|id| id.index) > self.quiet_until;
        self.is_removed |= is_new && gone.contains(&self.id);
        self.removed.retain(|id| !is_there(id) && !gone.contains(id));
        self.removed.extend(gone);
        let from = self.removed.len().saturating_sub(REMOVED_MAX);
        self.removed.drain(..from);
    }

    pub(crate) fn encode(&self) -> Result<Vec<u8>> {
        postcard::to_stdvec(self)
            .map_err(|error| Error::invalid(format!("a member's memory of its group: {error}")))
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Saved> {
        let damaged = |what: String| {
            Error::corrupt(format!(
                "a member's memory of its group in the file GROUP: {what}; make it anew from \
                 another member"
            ))
        };
        match bytes.first() {
            Some(&SAVED_VERSION) => {
                postcard::from_bytes(bytes).map_err(|error| damaged(error.to_string()))
            }
            Some(1) => postcard::from_bytes(bytes)
                .map(Saved::of_one)
                .map_err(|error| damaged(error.to_string())),
            Some(version) => Err(Error::invalid(format!(
                "a member's memory of its group has format {version}: use the version of Bourse \
                 that made it"
            ))),
            None => Err(damaged("it is empty".to_owned())),
        }
    }
}

/// Entries, without their records; those follow as bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Append {
    pub(crate) request: AppendEntriesRequest<Types>,
    /// Bytes of each entry's parcel.
    pub(crate) parcels: Vec<u64>,
}

/// Where a store begins that is made of a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Base {
    end: u64,
    /// Term, index and note of the entry that ends there.
    entry: Option<(u64, u64, Vec<u8>)>,
    pub(crate) vote: Vote,
    pub(crate) membership: StoredMembership,
    /// The newest entry of the leader.
    pub(crate) newest: u64,
    /// Who were members and are not.
    removed: Vec<u64>,
}

impl Base {
    pub(crate) fn new(
        base: &group::Base,
        vote: Vote,
        membership: StoredMembership,
        (newest, removed): (u64, Vec<u64>),
    ) -> Base {
        let named = |(id, note): &(EntryId, Arc<[u8]>)| (id.term, id.index, note.to_vec());
        let entry = base.entry.as_ref().map(named);
        Base { end: base.end.0, entry, vote, membership, newest, removed }
    }

    /// As the store wants it.
    pub(crate) fn of_store(&self) -> group::Base {
        let named = |(term, index, note): &(u64, u64, Vec<u8>)| {
            (EntryId { term: *term, index: *index }, note.clone().into())
        };
        group::Base { end: Lsn(self.end), entry: self.entry.as_ref().map(named) }
    }
}

/// What a member is, as the leader knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Standing {
    pub(crate) id: u64,
    pub(crate) address: String,
    pub(crate) clients: Option<String>,
    pub(crate) leads: bool,
    pub(crate) has_vote: bool,
    /// Its last record, where the leader knows that.
    pub(crate) matched: Option<u64>,
    /// How long ago it was heard of.
    pub(crate) heard_ago_us: Option<u64>,
    pub(crate) is_healthy: bool,
}

/// Who connects to a member, or answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Introduction {
    pub(crate) id: u64,
    /// Whose records it has; 0 for one that is to be made.
    pub(crate) lineage: u128,
    /// Where its clients connect; without a host where only the port is known.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Who leads, as far as it knows.
    pub(crate) leader: Option<u64>,
}

/// What a member says to another. A connection begins with an introduction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Question {
    Introduction(Introduction),
    /// Entries, of which more come before the answers.
    Stream(Append),
    /// Nothing is to be sent just now.
    Idle,
    Append(Append),
    /// Lead: the one who does is about to stop.
    Lead(TransferLeaderRequest<Types>),
    Vote(VoteRequest<Types>),
    PreVote(VoteRequest<Types>),
    /// A backup was received, whose records go on behind this one.
    Base(u64),
    /// Make me a member.
    Join {
        id: u64,
        address: String,
    },
    /// The leader with this vote no longer has what you lack, and you lack what is up to here.
    Behind {
        vote: Vote,
        upto: Option<LogId>,
    },
    /// How far is the group?
    Newest,
    /// Who are its members, and how far is each?
    Standings,
    /// Can this record be read on you? If not yet, wait for it a little.
    Shows(u64),
}

/// What the other answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Introduction(Introduction),
    Stream(StreamAppendResult<Types>),
    Append(AppendEntriesResponse<Types>),
    Lead(TransferLeaderResponse<Types>),
    Vote(VoteResponse<Types>),
    Base(Base),
    /// It is done, or being done.
    Done,
    /// The group has agreed on the records up to `newest`, and those behind `needed` are kept for
    /// members that lack them; 0 where that is not known.
    Newest {
        newest: u64,
        needed: u64,
    },
    /// Not now, and why.
    No(String),
    /// Who asks is no member any more.
    Removed,
    /// The members, and the leader's term and last record.
    Standings {
        term: u64,
        last: u64,
        members: Vec<Standing>,
    },
}

pub(crate) fn encode(message: &impl Serialize) -> std::result::Result<Vec<u8>, postcard::Error> {
    postcard::to_stdvec(message)
}
