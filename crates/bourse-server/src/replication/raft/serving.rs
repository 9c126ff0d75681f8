//! What a member answers to others.
//!
//! # Invariants
//! - **A1** A member that was made of a backup takes no part in elections before it has all that
//!   its leader had then: before that it may lack what it had said, in an earlier life, to have.
//! - **A2** Only a leader says where the store of a newcomer begins, by the word of a majority
//!   after it was asked, and takes it in: it has all that the newcomer had ever said to have (A1).
//! - **A3** Who was not named to the leader when it was started, or was removed once, is taken in
//!   by an operator's word alone.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::id::Lsn;
use futures_util::StreamExt as _;
use openraft::async_runtime::watch::WatchReceiver as _;
use openraft::raft::AppendEntriesRequest;
use openraft::{BasicNode, ChangeMembers, ReadPolicy};
use tokio::sync::mpsc;

use super::super::channel::{Channel, Receiver, Sender};
use super::super::fault::{Fault, Reason};
use super::super::message::Message;
use super::host::Host;
use super::levels::SHOWS_WITHIN;
use super::link::{hear, hear_records, read, say};
use super::node::GroupNode;
use super::runtime;
use super::types::{
    Answer, Append, Base, LogId, Question, StoredMembership, Types, Vote, What, log_id,
};

/// Questions with entries that are read ahead of the consensus.
const AHEAD: usize = 16;

/// How long a newcomer may take to have the records, before others have their turn.
const JOINING: Duration = Duration::from_secs(30);

/// Answers to a member that has connected, until it leaves.
pub(crate) async fn serve(
    host: &Arc<impl Host>,
    peer: SocketAddr,
    first: &[u8],
    channel: Channel,
) -> Result<(), Fault> {
    let Channel { mut sender, mut receiver } = channel;
    let Some(node) = host.group() else {
        let text = "this node is no member of a group: give it --node-id".to_owned();
        return refuse(&mut sender, Fault::Refused(Reason::Foreign, text)).await;
    };
    let Question::Introduction(other) = read(first)? else {
        return Err(Fault::malformed("something before it has introduced itself"));
    };
    if let Err(fault) = node.own.check(&other) {
        return refuse(&mut sender, fault).await;
    }
    node.own.meet(&other, &peer.ip().to_string());
    say(&mut sender, &Answer::Introduction(node.own.introduction())).await?;
    loop {
        let question = match hear(&mut receiver).await {
            Ok(question) => question,
            // It was not needed any longer.
            Err(Fault::Lost(_)) => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let answer = match question {
            Question::Stream(append) => {
                return stream(node, append, sender, receiver).await;
            }
            Question::Append(mut append) => {
                hear_records(&mut receiver, &mut append).await?;
                let answer = node.raft.append_entries(append.request).await;
                answer.map_or_else(|error| Answer::No(error.to_string()), Answer::Append)
            }
            Question::Idle => continue,
            question => answer(host, node, other.id, question).await,
        };
        say(&mut sender, &answer).await?;
    }
}

async fn refuse(sender: &mut Sender, fault: Fault) -> Result<(), Fault> {
    if let Fault::Refused(reason, text) = &fault {
        let refused = Message::Refused { reason: *reason, text: text.clone() };
        sender.send(&refused).await?;
        sender.finish().await;
    }
    Err(fault)
}

/// Takes entries as they come, and answers to each question when its entries are durable.
async fn stream(
    node: &Arc<GroupNode>,
    first: Append,
    mut sender: Sender,
    receiver: Receiver,
) -> Result<(), Fault> {
    let (give, requests) = mpsc::channel(AHEAD);
    let reading = runtime::spawn(read_ahead(first, receiver, give));
    let reading = AbortOnDrop(reading);
    let input = futures_util::stream::unfold(requests, |mut requests| async {
        requests.recv().await.map(|request| (request, requests))
    });
    let answers = node.raft.stream_append(input);
    tokio::pin!(answers);
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(answer) => say(&mut sender, &Answer::Stream(answer)).await?,
            Err(fatal) => {
                say(&mut sender, &Answer::No(fatal.to_string())).await?;
                break;
            }
        }
    }
    drop(reading);
    sender.finish().await;
    Ok(())
}

struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn read_ahead(
    first: Append,
    mut receiver: Receiver,
    give: mpsc::Sender<AppendEntriesRequest<Types>>,
) {
    let mut next = Ok(Question::Stream(first));
    loop {
        match next {
            Ok(Question::Stream(mut append)) => {
                if hear_records(&mut receiver, &mut append).await.is_err()
                    || give.send(append.request).await.is_err()
                {
                    return;
                }
            }
            Ok(Question::Idle) => {}
            Ok(_) | Err(_) => return,
        }
        next = hear(&mut receiver).await;
    }
}

/// Answers to what has no entries.
async fn answer(
    host: &Arc<impl Host>,
    node: &Arc<GroupNode>,
    other: u64,
    question: Question,
) -> Answer {
    match question {
        Question::Vote(_) | Question::PreVote(_) | Question::Lead(_) if node.store.is_removed() => {
            Answer::No("it was removed from the group".to_owned())
        }
        Question::Vote(_) | Question::PreVote(_) if node.is_quiet() => {
            Answer::No("it was made anew, and takes no part in elections yet".to_owned()) // A1
        }
        Question::Vote(request) => {
            let answer = node.raft.vote(request).await;
            answer.map_or_else(|error| Answer::No(error.to_string()), Answer::Vote)
        }
        Question::PreVote(request) => {
            let answer = node.raft.pre_vote(request).await;
            answer.map_or_else(|error| Answer::No(error.to_string()), Answer::Vote)
        }
        Question::Lead(_) if node.is_quiet() => {
            Answer::No("it was made anew, and cannot lead yet".to_owned()) // A1
        }
        Question::Lead(request) => {
            let answer = node.raft.handle_transfer_leader(request).await;
            answer.map_or_else(|error| Answer::No(error.to_string()), Answer::Lead)
        }
        Question::Base(behind) => base(node, other, Lsn(behind)).await,
        Question::Join { id, address } => join(node, id, address),
        Question::Behind { vote, upto } => behind(host, node, &vote, upto),
        Question::Newest => node.newest(other).await,
        Question::Standings => node.standings(),
        Question::Shows(record) => shows(host, Lsn(record)).await,
        Question::Introduction(_) | Question::Stream(_) | Question::Append(_) | Question::Idle => {
            Answer::No("that is no question of its own".to_owned())
        }
    }
}

/// Waits for a record that is to be read here.
async fn shows(host: &Arc<impl Host>, record: Lsn) -> Answer {
    let database = host.database().clone();
    match runtime::apart(move || database.wait_for(record, SHOWS_WITHIN)).await {
        Ok(Ok(true)) => Answer::Done,
        Ok(Ok(false)) => Answer::No("it does not show that yet".to_owned()),
        Ok(Err(error)) => Answer::No(error.to_string()),
        Err(error) => Answer::No(error.to_string()),
    }
}

/// Where the store begins that is made of a backup whose records go on behind this one (A2).
pub(super) async fn base(node: &Arc<GroupNode>, other: u64, behind: Lsn) -> Answer {
    // One that others have deposed, and that does not know it, may lack what the newcomer had said,
    // in an earlier life, to have.
    if let Err(error) = node.raft.get_read_log_id(ReadPolicy::ReadIndex).await {
        return Answer::No(error.to_string());
    }
    // It may have less than this one knows of from its earlier life: once, that is no mistake.
    if let Ok(Err(error)) = node.raft.trigger().allow_next_revert(&other, true).await {
        tracing::debug!("member {other}, which is made anew: {error}");
    }
    let metrics = node.raft.server_metrics();
    let now = metrics.borrow_watched();
    let member = &node.store.member;
    let (Some(base), Some(newest)) = (member.base_at(behind), member.last()) else {
        return Answer::No("the log has no entry before that backup: take another".to_owned());
    };
    if !node.leads_now() {
        return Answer::No("it does not lead the group".to_owned());
    }
    // The newest one that the log has before; else it was let go of there, and is remembered.
    let index = base.entry.as_ref().map(|(id, _)| id.index);
    let before = 0..index.map_or(0, |index| index + 1);
    let logged = member.entries(before).into_iter().rev().find_map(|entry| {
        match postcard::from_bytes(&entry.note) {
            Ok(What::Membership(membership)) => {
                let id = log_id(entry.id);
                Some(StoredMembership::new(Some(id), membership))
            }
            _ => None,
        }
    });
    let remembered = || node.store.saved().membership_at(index);
    let membership = logged.unwrap_or_else(remembered);
    let removed = node.store.saved().removed;
    Answer::Base(Base::new(&base, now.vote, membership, (newest.id.index, removed)))
}

/// Takes a newcomer in that the options name, which is how a group begins: the group knows of it
/// first, and counts it once it has what it lacks (A2). Others wait for an operator's word (A3).
fn join(node: &Arc<GroupNode>, id: u64, address: String) -> Answer {
    if !node.leads_now() {
        return Answer::No("it does not lead the group".to_owned());
    }
    let now = node.metrics();
    let config = &now.membership_config;
    let may_join = node.may_join(id, &address);
    match config.get_node(&id).map(|known| &known.addr) {
        Some(known) if *known != address => {
            let text = format!(
                "the group has member {id} at {known}, and not at {address}: remove that one \
                 before another one is added"
            );
            return Answer::No(text);
        }
        Some(_) if !may_join || config.voter_ids().any(|voter| voter == id) => return Answer::Done,
        None if !may_join => {
            let text = format!("it is not in the group: `bourse cluster add {id} {address}`");
            return Answer::No(text); // A3
        }
        Some(_) | None => {}
    }
    let Some(turn) = node.begin_joining() else {
        return Answer::No("another one is being taken in".to_owned());
    };
    let node = Arc::clone(node);
    runtime::spawn(async move {
        let _turn = turn;
        let added = node.raft.add_learner(id, BasicNode::new(&address), true);
        // It asks again, and others are not to wait for one that has gone meanwhile.
        match tokio::time::timeout(JOINING, added).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!("member {id} at {address} is not taken in: {error}");
                return;
            }
            Err(_) => {
                tracing::warn!("member {id} at {address} has no vote yet: it lacks records");
                return;
            }
        }
        let voters = ChangeMembers::AddVoterIds([id].into());
        match node.raft.change_membership(voters, false).await {
            Ok(_) => tracing::info!("member {id} at {address} is part of the group"),
            Err(error) => tracing::warn!("member {id} at {address} has no vote yet: {error}"),
        }
    });
    Answer::Done
}

/// The leader's log no longer has what this member lacks.
fn behind(
    host: &Arc<impl Host>,
    node: &Arc<GroupNode>,
    vote: &Vote,
    upto: Option<LogId>,
) -> Answer {
    let metrics = node.raft.server_metrics();
    let own = metrics.borrow_watched().vote;
    let last = node.store.member.last().map(|last| log_id(last.id));
    if own > *vote || last >= upto {
        return Answer::No("it does not lack that, or follows another leader".to_owned());
    }
    tracing::warn!("the group's log no longer has what this member lacks: it begins anew");
    host.begin_anew();
    Answer::Done
}
