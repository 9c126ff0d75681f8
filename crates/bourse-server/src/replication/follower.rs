//! The follower's side: connects to the leader, applies what comes, and says how far it is.
//!
//! ```text
//! Connecting --greeted--> Streaming --the connection ends--> Connecting, after a pause
//!     |                       |  what it lacks is gone, or its store is another one
//!     |                       v
//!     |                    Stopped (or, where it may, its store is made anew)
//!     +--promote--> Promoted <--promote--+
//! ```
//!
//! # Invariants
//! - **F1** Records are applied in the order in which they came, by one thread at a time; what a
//!   connection that has ended had brought and was not applied is asked for again.
//! - **F2** What was received and is not applied is at most what the leader's window allows.
//! - **F3** The state is called fresh as of a moment of this node's own clock only if all that the
//!   leader had committed at that moment is applied: the leader said how far it was after it had
//!   heard what this clock said.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bourse::replication::Parcel;
use bourse_storage::ErrorKind;
use bourse_storage::sync::wall_clock_us;
use tokio::task::JoinHandle;

use super::channel::{self, Channel, Credentials, Receiver, Sender};
use super::engine;
use super::fault::{Fault, Reason};
use super::leader::apart;
use super::message::Message;
use super::status::Following;
use crate::server::Shared;

/// The pause after the first connection that failed, and the longest.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Bytes that wait to be applied at most: far more than a leader's window (F2).
const QUEUE_BYTES_MAX: usize = 256 << 20;

/// Pauses that grow, and differ between nodes that fail at the same time.
pub(crate) struct Pauses(Duration);

impl Pauses {
    pub(crate) fn new() -> Pauses {
        Pauses(PAUSE_MIN)
    }

    /// The next one: between half of what it has grown to and all of it.
    pub(crate) fn next(&mut self) -> Duration {
        let whole = self.0;
        self.0 = (whole * 2).min(PAUSE_MAX);
        whole.mul_f64(rand::random_range(0.5..=1.0))
    }

    /// It went well: the next one is short again.
    pub(crate) fn begin_anew(&mut self) {
        self.0 = PAUSE_MIN;
    }
}

/// Follows until the server stops, the node is promoted, or nothing is left to follow.
pub(crate) async fn run(shared: Arc<Shared>, credentials: Credentials) {
    let replication = &shared.replication;
    let mut pauses = Pauses::new();
    let mut told = String::new();
    loop {
        let followed = tokio::select! {
            () = shared.stopped() => break,
            () = replication.promotion() => {
                replication.change_leader(|leader| leader.following = Following::Promoted);
                break;
            }
            followed = follow(&shared, &credentials, &mut pauses) => followed,
        };
        let fault = match followed {
            Ok(never) => match never {},
            Err(fault) => fault,
        };
        let text = fault.to_string();
        replication.change_leader(|leader| {
            leader.following = Following::Connecting;
            leader.last_fault = Some(text.clone());
        });
        // The same again and again is said once.
        if text != told {
            tracing::warn!("the leader at {} is not followed: {text}", replication.address());
            told = text;
        }
        if is_final(&fault) {
            replication.change_leader(|leader| leader.following = Following::Stopped);
            if matches!(fault, Fault::Refused(Reason::Behind, _)) && shared.options.follow_anew {
                shared.ask_to_begin_anew();
            }
            // It may still be promoted.
            tokio::select! {
                () = shared.stopped() => {}
                () = replication.promotion() => {
                    replication.change_leader(|leader| leader.following = Following::Promoted);
                }
            }
            break;
        }
        tokio::select! {
            () = tokio::time::sleep(pauses.next()) => {}
            () = shared.stopped() => break,
            () = replication.promotion() => {}
        }
    }
    replication.has_ended_following();
}

/// Whether connecting again is of no use.
fn is_final(fault: &Fault) -> bool {
    match fault {
        Fault::Refused(Reason::Behind | Reason::Foreign, _) => true,
        Fault::Store(error) => matches!(error.kind(), ErrorKind::Closed | ErrorKind::Corrupt),
        _ => false,
    }
}

/// Parcels that came and are not applied.
#[derive(Default)]
struct Queue {
    parcels: VecDeque<Parcel>,
    bytes: usize,
}

impl Queue {
    fn push(&mut self, parcel: Parcel) -> Result<(), Fault> {
        self.bytes += parcel.as_bytes().len();
        self.parcels.push_back(parcel);
        if self.bytes > QUEUE_BYTES_MAX {
            return Err(Fault::malformed("more than it was asked for"));
        }
        Ok(())
    }

    fn pop(&mut self) -> Option<Parcel> {
        let parcel = self.parcels.pop_front()?;
        self.bytes -= parcel.as_bytes().len();
        Some(parcel)
    }
}

type Applying = JoinHandle<Result<u64, Fault>>;

/// Follows over one connection, until that ends.
async fn follow(
    shared: &Arc<Shared>,
    credentials: &Credentials,
    pauses: &mut Pauses,
) -> Result<Infallible, Fault> {
    let replication = &shared.replication;
    let address = replication.address();
    let (node, instance) = (&replication.node, replication.instance);
    let connected = channel::connect(&address, credentials, node, instance).await;
    let (Channel { mut sender, receiver }, welcome) = connected?;
    let host = match welcome.host.is_empty() {
        true => address.rsplit_once(':').map_or(address.as_str(), |(host, _)| host).to_owned(),
        false => welcome.host,
    };
    // Waits for what a connection before has left to be applied (F1).
    let database = shared.database.clone();
    let (position, after) = apart(move || engine::position(&database)).await??;
    shared.database.set_leader_address(Some(format!("{host}:{}", welcome.port)));
    replication.change_leader(|leader| {
        leader.clients = Some((host, welcome.port));
        (leader.received, leader.began_after) = (after, after);
        leader.newest = welcome.newest;
        leader.connections += 1;
    });
    sender.send(&Message::Follow(position)).await?;
    let mut taking =
        Taking { shared, sender, queue: Queue::default(), applying: None, received: after };
    taking.run(receiver, pauses).await
}

/// Takes what a connection brings.
struct Taking<'t> {
    shared: &'t Arc<Shared>,
    sender: Sender,
    queue: Queue,
    applying: Option<Applying>,
    /// The newest record that is durable here.
    received: u64,
}

impl Taking<'_> {
    async fn run(
        &mut self,
        mut receiver: Receiver,
        pauses: &mut Pauses,
    ) -> Result<Infallible, Fault> {
        self.acknowledge().await?;
        loop {
            if self.applying.is_none()
                && let Some(parcel) = self.queue.pop()
            {
                let of = Arc::clone(self.shared);
                self.applying = Some(tokio::task::spawn_blocking(move || apply(&of, &parcel)));
            }
            tokio::select! {
                applied = join(&mut self.applying) => {
                    self.applying = None;
                    self.received = self.received.max(applied?);
                    self.acknowledge().await?;
                }
                heard = receiver.next() => {
                    let (message, bytes) = heard?;
                    self.shared.replication.change_leader(|leader| {
                        leader.received_us = wall_clock_us();
                        leader.bytes += bytes as u64;
                        leader.following = Following::Streaming;
                        leader.last_fault = None;
                    });
                    pauses.begin_anew();
                    self.hear(message).await?;
                }
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), Fault> {
        let replication = &self.shared.replication;
        match message {
            Message::Parcel(parcel) => {
                let parcel = engine::read(&parcel)?;
                replication.change_leader(|leader| {
                    leader.received = leader.received.max(parcel.last().0);
                    leader.newest = leader.newest.max(parcel.published().0);
                });
                self.queue.push(parcel)
            }
            Message::Heartbeat { newest, echo, sent_us } => {
                replication.change_leader(|leader| {
                    leader.newest = newest.max(leader.newest);
                    leader.sent_us = sent_us;
                });
                if echo > 0 {
                    replication.told(newest, echo); // F3
                }
                replication.note_applied(engine::newest(&self.shared.database));
                self.acknowledge().await
            }
            other => Err(Fault::malformed(format!("{other:?} to one that follows"))),
        }
    }

    /// Says how far this node is.
    async fn acknowledge(&mut self) -> Result<(), Fault> {
        let (received, applied) = (self.received, engine::newest(&self.shared.database));
        let (clock, sent_us) = (super::clock_us(), wall_clock_us());
        self.sender.send(&Message::Acknowledge { received, applied, clock, sent_us }).await?;
        Ok(())
    }
}

fn apply(shared: &Arc<Shared>, parcel: &Parcel) -> Result<u64, Fault> {
    let received = engine::receive(&shared.database, parcel)?;
    shared.replication.note_applied(engine::newest(&shared.database));
    Ok(received)
}

async fn join(applying: &mut Option<Applying>) -> Result<u64, Fault> {
    match applying {
        Some(thread) => match thread.await {
            Ok(applied) => applied,
            Err(error) => Err(Fault::lost(format!("applying has failed: {error}"))),
        },
        None => std::future::pending().await,
    }
}
