//! What a session may ask for beyond what a group gives by itself: reads of all that was committed
//! before they began, and commits that another member shows.
//!
//! Both take an answer of others. Sessions that ask at the same time are answered together, by
//! *rounds*: one is under way at a time, and whoever asks meanwhile waits for the next one. So a
//! thousand sessions take no more messages than one does.
//!
//! # Invariants
//! - **V1** A round begins after all who are given its answer have asked.
//! - **V2** How far the group is is told by one who led it after the round had begun, by the word
//!   of a majority: whatever was acknowledged before is among the records up to there.
//! - **V3** Whoever waits is answered, also where the member ends.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bourse_sql::error::{Result, SqlError};
use bourse_storage::id::Lsn;
use bourse_storage::sync::{self, Mutex};
use futures_util::FutureExt as _;
use futures_util::future::select_ok;
use tokio::sync::{Notify, oneshot};

use super::chores;
use super::link::Link;
use super::network::{Network, Peer};
use super::node::GroupNode;
use super::types::{Answer, Question};

/// A record, or why there is none to tell.
pub(crate) type Answered = std::result::Result<Lsn, String>;

/// How long a round may take.
const ROUND: Duration = Duration::from_secs(1);

/// How long a member waits for a record before it says that it does not show it: less than a
/// round takes.
pub(super) const SHOWS_WITHIN: Duration = Duration::from_millis(500);

/// The pause before it is asked again what could not be answered.
const AGAIN: Duration = Duration::from_millis(20);

/// Sessions that wait for an answer, each with the record that it is about.
type Waiting = Vec<(Lsn, oneshot::Sender<Answered>)>;

/// See the module's head.
pub(super) struct Rounds {
    /// None once the member has ended.
    waiting: Mutex<Option<Waiting>>,
    asked: Notify,
}

impl Rounds {
    pub(super) fn new() -> Rounds {
        Rounds { waiting: Mutex::new(Some(Vec::new())), asked: Notify::new() }
    }

    /// Asks. What comes back has the answer, or ends where the member does (V3).
    fn begin(&self, record: Lsn) -> oneshot::Receiver<Answered> {
        let (give, take) = oneshot::channel();
        if let Some(waiting) = &mut *self.waiting.lock() {
            waiting.push((record, give));
        }
        self.asked.notify_one();
        take
    }

    /// Asks, and waits for the answer.
    fn ask(&self, record: Lsn) -> Answered {
        let take = self.begin(record);
        sync::wait_elsewhere(|| take.blocking_recv()).unwrap_or_else(|_| ended())
    }

    /// As [`Rounds::ask`], in a task.
    pub(super) async fn ask_in_task(&self, record: Lsn) -> Answered {
        self.begin(record).await.unwrap_or_else(|_| ended())
    }

    /// All who have asked by now (V1), once somebody has.
    async fn next(&self) -> Waiting {
        loop {
            let waiting = self.waiting.lock().as_mut().map(std::mem::take);
            match waiting {
                Some(waiting) if !waiting.is_empty() => return waiting,
                _ => self.asked.notified().await,
            }
        }
    }

    /// Nobody is answered any more (V3).
    pub(super) fn end(&self) {
        *self.waiting.lock() = None;
    }
}

fn ended() -> Answered {
    Err("this member ends".to_owned())
}

fn answer_all(waiting: Waiting, answer: &Answered) {
    for (_, give) in waiting {
        // Whoever has gone meanwhile wants no answer.
        let _ = give.send(answer.clone());
    }
}

/// What comes in time.
async fn in_time(answer: impl Future<Output = Answered>) -> Answered {
    let answer = tokio::time::timeout(ROUND, answer).await;
    answer.unwrap_or_else(|_| Err(format!("there was no answer within {ROUND:?}")))
}

/// Answers those who ask how far the group is.
pub(super) async fn answer_reads(node: Arc<GroupNode>) {
    let mut link = None;
    loop {
        let waiting = node.reads.next().await;
        let answer = in_time(newest(&node, &mut link)).await;
        if answer.is_err() {
            link = None;
        }
        answer_all(waiting, &answer);
    }
}

/// Up to which record the group has agreed (V2).
async fn newest(node: &GroupNode, link: &mut Option<(u64, Link)>) -> Answered {
    let answer = if node.leads_now() {
        node.newest(node.own.id).await
    } else {
        let leader = node.metrics().current_leader;
        let is_that = |(id, link): &(u64, Link)| Some(*id) == leader && link.is_usable();
        if !link.as_ref().is_some_and(is_that) {
            *link = chores::find(node, leader).await.map_err(|fault| fault.to_string())?;
        }
        let Some((_, link)) = link else {
            return Err("nobody leads the group, as far as this member knows".to_owned());
        };
        link.ask(&Question::Newest).await.map_err(|fault| fault.to_string())?
    };
    match answer {
        Answer::Newest { newest, .. } => Ok(Lsn(newest)),
        Answer::No(why) => Err(why),
        Answer::Removed => Err("this member was removed from the group".to_owned()),
        _ => Err("the leader gives another answer than it was asked for".to_owned()),
    }
}

/// Answers those who ask whether another member shows a record.
pub(super) async fn answer_commits(node: Arc<GroupNode>) {
    let network = Network { own: Arc::clone(&node.own), member: node.store.member.clone() };
    let mut peers = BTreeMap::new();
    loop {
        let waiting = node.commits.next().await;
        let last = waiting.iter().map(|(record, _)| *record).max().unwrap_or_default();
        let members = node.others_at();
        peers.retain(|id, peer: &mut Peer| {
            members.get(id).is_some_and(|address| *address == peer.address())
        });
        for (id, address) in members {
            peers.entry(id).or_insert_with(|| network.peer(address));
        }
        let answer = in_time(shown(&mut peers, last)).await;
        answer_all(waiting, &answer);
    }
}

/// Waits until any other member shows a record.
async fn shown(peers: &mut BTreeMap<u64, Peer>, record: Lsn) -> Answered {
    if peers.is_empty() {
        return Err("the group has no other member".to_owned());
    }
    let question = Question::Shows(record.0);
    let asked = peers.iter_mut().map(|(id, peer)| {
        let question = &question;
        let asked = async move {
            match peer.ask(question).await {
                Ok(Answer::Done) => Ok(record),
                Ok(Answer::No(why)) => Err(format!("member {id}: {why}")),
                Ok(_) => Err(format!("member {id} gives another answer than it was asked for")),
                Err(fault) => Err(format!("member {id}: {fault}")),
            }
        };
        asked.boxed()
    });
    select_ok(asked).await.map(|(record, _)| record)
}

impl GroupNode {
    /// Up to which record the group has agreed; whatever was acknowledged before the call is there.
    /// Waits for a round.
    pub(crate) fn newest_agreed(&self) -> Answered {
        self.reads.ask(Lsn(0))
    }

    /// Waits until another member shows a record, which the group has agreed on.
    ///
    /// # Errors
    /// 55000 where none does in time.
    pub(crate) fn wait_until_applied(&self, record: Lsn, limit: Duration) -> Result<()> {
        let deadline = sync::monotonic() + limit;
        loop {
            let Err(why) = self.commits.ask(record) else { return Ok(()) };
            if sync::monotonic() >= deadline {
                let message = format!(
                    "the commit is done, and no other member shows it after {} ms: {why}",
                    limit.as_millis()
                );
                let hint = "The group has agreed on it, and it stays: do not run it again.";
                return Err(SqlError::new("55000", message).with_hint(hint));
            }
            sync::sleep(AGAIN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Guards: who asks once the member has ended is not kept waiting (V3), nor who asked before.
    #[test]
    fn nobody_waits_for_a_member_that_has_ended() {
        let rounds = Arc::new(Rounds::new());
        let asks = {
            let rounds = Arc::clone(&rounds);
            sync::spawn("asks", move || rounds.ask(Lsn(1)))
        };
        while rounds.waiting.lock().as_ref().is_some_and(Vec::is_empty) {
            sync::sleep(AGAIN);
        }
        rounds.end();
        assert!(asks.join().unwrap().is_err());
        assert!(rounds.ask(Lsn(2)).is_err());
    }
}
