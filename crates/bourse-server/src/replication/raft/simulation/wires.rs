//! The network of a simulation: connections that carry messages late, or not at all.
//!
//! A connection is what TCP makes of one: messages come in order, once, and whole, or the
//! connection is lost with all that was on its way. So entries and votes are lost, and come in
//! another order than they were sent in, between connections. A way that is blocked, which is in
//! one direction, holds messages until it is open again, or the connection is broken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::sync::Mutex;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use super::super::link::read;
use super::super::serving;
use super::super::types::{Answer, Question, Vote};
use super::member::SimulatedServer;
use super::turns::{Turns, WORLD};
use crate::replication::channel::Channel;
use crate::replication::fault::Fault;
use crate::replication::message::Message;

/// Messages that a connection holds before who sends waits.
const HELD: usize = 32;

/// Messages that are there and were not taken yet, as over a real connection.
const AHEAD: usize = 4;

/// How long the other side may be silent.
const TIMEOUT: Duration = Duration::from_secs(2);

/// For how long a member that has crashed is not known to be gone.
const SILENCE: Duration = Duration::from_secs(1);

/// See the module's head. Clones are the same.
#[derive(Clone)]
pub struct Wires {
    turns: Turns,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

struct State {
    listening: BTreeMap<u64, Arc<SimulatedServer>>,
    /// Directions that carry nothing.
    blocked: BTreeSet<(u64, u64)>,
    /// How often all connections between two were broken.
    broken: BTreeMap<(u64, u64), u64>,
    longest: Duration,
    carried: u64,
    /// Who got a member's vote in a term.
    votes: BTreeMap<(u64, u64), u64>,
    voted_twice: Option<String>,
}

fn pair(one: u64, other: u64) -> (u64, u64) {
    (one.min(other), one.max(other))
}

impl Wires {
    pub(super) fn new(turns: Turns) -> Wires {
        let state = State {
            listening: BTreeMap::new(),
            blocked: BTreeSet::new(),
            broken: BTreeMap::new(),
            longest: Duration::from_millis(2),
            carried: 0,
            votes: BTreeMap::new(),
            voted_twice: None,
        };
        Wires { turns, state: Arc::new(Mutex::new(state)), changed: Arc::default() }
    }

    /// Blocks one direction between two members, or opens it.
    pub fn set_blocked(&self, from: u64, to: u64, is_blocked: bool) {
        let blocked = &mut self.state.lock().blocked;
        match is_blocked {
            true => blocked.insert((from, to)),
            false => blocked.remove(&(from, to)),
        };
        self.changed.notify_waiters();
    }

    /// Breaks all connections between two members.
    pub fn break_all(&self, one: u64, other: u64) {
        *self.state.lock().broken.entry(pair(one, other)).or_default() += 1;
        self.changed.notify_waiters();
    }

    /// How long a message takes at most.
    pub fn set_longest(&self, longest: Duration) {
        self.state.lock().longest = longest;
    }

    /// Messages that were carried to their end.
    pub fn carried(&self) -> u64 {
        self.state.lock().carried
    }

    /// What shows that a member has voted for two in one term.
    pub fn voted_twice(&self) -> Option<String> {
        self.state.lock().voted_twice.clone()
    }

    pub(super) fn listen(&self, id: u64, server: Option<Arc<SimulatedServer>>) {
        let mut state = self.state.lock();
        let before = match server {
            Some(server) => state.listening.insert(id, server),
            None => state.listening.remove(&id),
        };
        // A store that ends here may take long, and wake others.
        drop(state);
        drop(before);
    }

    /// Lets go of all members: they have the network, too.
    pub(super) fn forget(&self) {
        let listening = std::mem::take(&mut self.state.lock().listening);
        drop(listening);
    }

    fn breaks(&self, one: u64, other: u64) -> u64 {
        self.state.lock().broken.get(&pair(one, other)).copied().unwrap_or_default()
    }

    fn takes(&self) -> Duration {
        let longest = self.state.lock().longest;
        self.turns.time(longest)
    }

    /// Waits until a direction carries messages. Returns whether it was not broken before.
    async fn open(&self, from: u64, to: u64, breaks: u64) -> bool {
        loop {
            let changed = self.changed.notified();
            if self.breaks(from, to) != breaks {
                return false;
            }
            if !self.state.lock().blocked.contains(&(from, to)) {
                return true;
            }
            changed.await;
        }
    }

    async fn until_broken(&self, one: u64, other: u64, breaks: u64) {
        loop {
            let changed = self.changed.notified();
            if self.breaks(one, other) != breaks {
                return;
            }
            changed.await;
        }
    }

    /// Carries messages in one direction until one of the two has left.
    async fn carry(
        self,
        (from, to): (u64, u64),
        (breaks, asks): (u64, bool),
        mut sent: mpsc::Receiver<(Instant, Message)>,
        give: mpsc::Sender<Result<(Message, usize), Fault>>,
    ) {
        let mut due = Instant::now();
        loop {
            let next = tokio::select! {
                biased;
                () = self.until_broken(from, to, breaks) => break,
                next = sent.recv() => next,
            };
            let Some((at, message)) = next else {
                let is_there = self.state.lock().listening.contains_key(&from);
                let silence = if is_there { self.takes() } else { self.turns.time(SILENCE) };
                tokio::time::sleep(silence).await;
                return;
            };
            due = due.max(at + self.takes());
            tokio::time::sleep_until(due).await;
            if !self.open(from, to, breaks).await {
                break;
            }
            self.look((from, to), asks, &message);
            if give.send(Ok((message, 0))).await.is_err() {
                return;
            }
        }
        let _ = give.try_send(Err(Fault::lost("the connection was broken")));
    }

    /// Who votes for whom.
    fn look(&self, (from, to): (u64, u64), asks: bool, message: &Message) {
        self.state.lock().carried += 1;
        self.turns.note(from << 8 | to);
        let Message::Group(bytes) = message else { return };
        if asks {
            // A candidate has voted for itself.
            if let Ok(Question::Vote(request)) = read::<Question>(bytes) {
                self.note_vote(from, &request.vote);
            }
            return;
        }
        let Ok(Answer::Vote(response)) = read::<Answer>(bytes) else { return };
        // Who says no, or answers to what is asked before a vote, tells what it had said before.
        let is_for = response.vote.leader_id().voted_for == to;
        if response.vote_granted && is_for && !response.vote.is_committed() {
            self.note_vote(from, &response.vote);
        }
    }

    /// A member has said that it votes for somebody.
    fn note_vote(&self, voter: u64, vote: &Vote) {
        let leader = vote.leader_id();
        let (term, chosen) = (leader.term, leader.voted_for);
        let mut state = self.state.lock();
        let before = *state.votes.entry((voter, term)).or_insert(chosen);
        if before != chosen && state.voted_twice.is_none() {
            let text = format!("member {voter} in term {term} for {before}, then for {chosen}");
            state.voted_twice = Some(text);
        }
    }
}

/// One member's end of the network.
pub(crate) struct Wire {
    pub(super) wires: Wires,
    pub(super) from: u64,
}

/// Where a member is.
pub(super) fn address_of(id: u64) -> String {
    format!("member-{id}:1")
}

impl Wire {
    pub(crate) async fn connect(&self, address: &str) -> Result<Channel, Fault> {
        let digits = address.trim_start_matches("member-").trim_end_matches(":1");
        let Ok(to) = digits.parse::<u64>() else { return Err(Fault::lost("no such address")) };
        let (wires, from) = (&self.wires, self.from);
        let breaks = wires.breaks(from, to);
        for (one, other) in [(from, to), (to, from)] {
            tokio::time::sleep(wires.takes()).await;
            if !wires.open(one, other, breaks).await {
                return Err(Fault::lost("the connection was broken"));
            }
        }
        let server = wires.state.lock().listening.get(&to).cloned();
        let Some(server) = server else { return Err(Fault::lost("nobody listens")) };
        let (asks, asked) = mpsc::channel(HELD);
        let (answers, answered) = mpsc::channel(HELD);
        let (give_there, there) = mpsc::channel(AHEAD);
        let (give_here, here) = mpsc::channel(AHEAD);
        let carry = |way, asks, sent, give| {
            wires.turns.spawn(WORLD, wires.clone().carry(way, (breaks, asks), sent, give))
        };
        let to_there = carry((from, to), true, asked, give_there);
        let to_here = carry((to, from), false, answered, give_here);
        let theirs = Channel::simulated(answers, there, to_there, TIMEOUT);
        wires.turns.spawn(to, serve(server, from, theirs));
        Ok(Channel::simulated(asks, here, to_here, TIMEOUT))
    }
}

async fn serve(server: Arc<SimulatedServer>, from: u64, mut channel: Channel) {
    let Ok((Message::Group(first), _)) = channel.receiver.next().await else { return };
    let peer = ([127, 0, 0, u8::try_from(from).unwrap_or_default()], 1).into();
    if let Err(fault) = serving::serve(&server, peer, &first, channel).await {
        tracing::debug!("member {from}: {fault}");
    }
}
