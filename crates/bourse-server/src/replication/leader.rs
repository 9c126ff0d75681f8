//! The leader's side: lets followers in, and sends each the records that it lacks.
//!
//! ```text
//! log --Shipping, on a thread that may wait--> parcel --if the window has room--> socket
//! slot <--the newest record that the follower has durably-- Acknowledge
//! ```
//!
//! # Invariants
//! - **L1** What is on the way to a follower, sent and not yet taken, is at most the window, or
//!   one parcel.
//! - **L2** A slot only moves to what its follower has made durable.
//! - **L3** A follower that is slow, or gone, keeps no commit waiting: it keeps log, up to the cap
//!   of slots.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::{Error, Result};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::channel::{self, Channel, Receiver, Sender};
use super::engine::{self, Shipped, Shipping};
use super::fault::{Fault, Reason};
use super::message::{Message, Welcome};
use super::raft;
use super::sending;
use super::status::{Follower, Stage, Window};
use crate::archive;
use crate::server::{Shared, rest_after};

/// Bytes of parcels on the way to a follower at most (L1).
const WINDOW_BYTES: usize = 8 << 20;

/// Connections of followers at most.
const FOLLOWERS_MAX: usize = 64;

/// Lets followers in at an address until the server stops. Returns where.
///
/// # Errors
/// An address that cannot be listened at.
pub(crate) async fn listen(shared: &Arc<Shared>, wanted: SocketAddr) -> Result<SocketAddr> {
    let failed = |error| Error::io(format!("cannot listen at {wanted} for replicas"), error);
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                () = shared.stopped() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    tokio::spawn(let_in(Arc::clone(&shared), stream, peer));
                }
                Err(error) => rest_after("a replica's connection", &error).await,
            }
        }
    });
    Ok(address)
}

/// From a follower's first byte to its last.
async fn let_in(shared: Arc<Shared>, stream: TcpStream, peer: SocketAddr) {
    let Some(credentials) = shared.replication.credentials.clone() else { return };
    let _ = stream.set_nodelay(true);
    let listen = shared.address();
    // What means something on the other machine, too; else it is where replicas connect.
    let is_known =
        !listen.ip().is_unspecified() && (!listen.ip().is_loopback() || peer.ip().is_loopback());
    let host = if is_known { listen.ip().to_string() } else { String::new() };
    let welcome = Welcome {
        proof: [0; 32],
        newest: engine::newest(&shared.database),
        host,
        port: listen.port(),
        heartbeat_ms: u32::try_from(shared.options.replication_heartbeat_ms).unwrap_or(u32::MAX),
    };
    let (mut channel, hello) = match channel::accept(stream, &credentials, welcome).await {
        Ok(greeted) => greeted,
        Err(fault) => {
            shared.replication.note_refused();
            tracing::warn!("a replica at {peer} was not let in: {fault}");
            return;
        }
    };
    let first = match channel.receiver.next().await {
        Ok((Message::Group(first), _)) => {
            return let_in_member(&shared, peer, &first, channel).await;
        }
        Ok((first, _)) => first,
        Err(fault) => {
            tracing::warn!("replica {} at {peer}: {fault}", hello.node);
            return;
        }
    };
    let replication = &shared.replication;
    let newest = engine::newest(&shared.database);
    let added = match replication.followers.count() < FOLLOWERS_MAX {
        _ if hello.node == archive::HOLD => {
            Err(format!("the log is held for the archive as {}: name it otherwise", archive::HOLD))
        }
        true => replication.followers.add(&hello.node, hello.instance, peer, newest),
        false => Err(format!("{FOLLOWERS_MAX} replicas are connected already")),
    };
    let follower = match added {
        Ok(follower) => follower,
        Err(text) => {
            tracing::warn!("replica {} at {peer} was not let in: {text}", hello.node);
            let refused = Message::Refused { reason: Reason::Name, text };
            let _ = channel.sender.send(&refused).await;
            channel.sender.finish().await;
            return;
        }
    };
    tracing::info!("replica {} at {peer} is connected", follower.node);
    let ended = serve(&shared, &follower, first, &mut channel).await;
    replication.followers.remove(&follower);
    match ended {
        Ok(()) => tracing::info!("replica {} at {peer} has left", follower.node),
        Err(fault) => {
            tracing::warn!("replica {} at {peer}: {fault}", follower.node);
            let refusal = match fault {
                Fault::Refused(reason, text) => Some((reason, text)),
                Fault::Store(error) => Some((Reason::Busy, error.to_string())),
                Fault::Lost(_) | Fault::Malformed(_) => None,
            };
            if let Some((reason, text)) = refusal {
                let _ = channel.sender.send(&Message::Refused { reason, text }).await;
            }
            channel.sender.finish().await;
        }
    }
}

/// Answers to another member of the group.
async fn let_in_member(shared: &Arc<Shared>, peer: SocketAddr, first: &[u8], channel: Channel) {
    match raft::serving::serve(shared, peer, first, channel).await {
        Ok(()) => {}
        Err(fault @ Fault::Refused(..)) => {
            shared.replication.note_refused();
            tracing::warn!("a member of a group at {peer} was not let in: {fault}");
        }
        Err(fault) => tracing::debug!("a member of the group at {peer}: {fault}"),
    }
}

/// Gives a follower what it asks for.
async fn serve(
    shared: &Arc<Shared>,
    follower: &Arc<Follower>,
    wanted: Message,
    channel: &mut Channel,
) -> std::result::Result<(), Fault> {
    match wanted {
        Message::Bootstrap => {
            follower.progress.lock().stage = Stage::Backup;
            sending::backup(shared, follower, channel).await
        }
        Message::Follow(position) => {
            let (database, slot) = (shared.database.clone(), follower.node.clone());
            let begun = move || Shipping::begin(&database, &slot, &position);
            let (shipping, after) = apart(begun).await??;
            {
                let mut progress = follower.progress.lock();
                progress.stage = Stage::Catchup;
                (progress.sent, progress.received, progress.applied) = (after, after, after);
            }
            let Channel { sender, receiver } = channel;
            let feeding = Feeding {
                shared,
                follower,
                sender,
                window: Window::default(),
                waiting: None,
                echo: 0,
            };
            feeding.run(shipping, receiver).await
        }
        other => Err(Fault::malformed(format!("{other:?} where it was to say what it wants"))),
    }
}

/// Does what may wait on a thread that may.
pub(crate) async fn apart<T: Send + 'static>(
    body: impl FnOnce() -> T + Send + 'static,
) -> std::result::Result<T, Fault> {
    let done = tokio::task::spawn_blocking(body).await;
    done.map_err(|error| Fault::lost(format!("a thread of replication has failed: {error}")))
}

/// What a thread that looked for records comes back with.
type Looked = (Shipping, std::result::Result<Shipped, Fault>);

/// Sends records to a follower as they come.
struct Feeding<'f> {
    shared: &'f Arc<Shared>,
    follower: &'f Arc<Follower>,
    sender: &'f mut Sender,
    window: Window,
    /// A parcel for which the window has no room yet (L1).
    waiting: Option<Shipped>,
    /// What the follower's clock said when it was last heard.
    echo: u64,
}

impl Feeding<'_> {
    async fn run(
        mut self,
        shipping: Shipping,
        receiver: &mut Receiver,
    ) -> std::result::Result<(), Fault> {
        let heartbeat = self.shared.replication.heartbeat;
        let mut beat = tokio::time::interval(heartbeat);
        let mut idle = Some(shipping);
        let mut looking: Option<JoinHandle<Looked>> = None;
        loop {
            if let Some(shipping) = idle.take_if(|_| self.waiting.is_none()) {
                looking = Some(tokio::task::spawn_blocking(move || look(shipping, heartbeat)));
            }
            tokio::select! {
                looked = join(&mut looking) => {
                    let (shipping, found) = looked?;
                    (idle, looking) = (Some(shipping), None);
                    self.offer(found?).await?;
                }
                heard = receiver.next() => {
                    self.hear(heard?.0).await?;
                }
                _ = beat.tick() => self.beat().await?,
                () = self.follower.replaced.notified() => {
                    return Err(Fault::lost("it has connected anew"));
                }
                () = self.shared.stopped() => {
                    let text = "the leader is shutting down".to_owned();
                    return Err(Fault::Refused(Reason::Busy, text));
                }
            }
        }
    }

    /// Sends a parcel, or keeps it until there is room for it.
    async fn offer(&mut self, shipped: Shipped) -> std::result::Result<(), Fault> {
        let room = WINDOW_BYTES.saturating_sub(self.window.bytes());
        if shipped.bytes.len() > room && self.window.bytes() > 0 {
            self.waiting = Some(shipped);
            return Ok(());
        }
        let (last, newest, length) = (shipped.last, shipped.newest, shipped.bytes.len());
        sending::say(self.shared, self.sender, &Message::Parcel(shipped.bytes)).await?;
        self.window.sent(last, length);
        let mut progress = self.follower.progress.lock();
        progress.sent = last;
        progress.stage = if last >= newest { Stage::Streaming } else { Stage::Catchup };
        Ok(())
    }

    async fn hear(&mut self, message: Message) -> std::result::Result<(), Fault> {
        let Message::Acknowledge { received, applied, clock, sent_us } = message else {
            return Err(Fault::malformed(format!("{message:?} where it was to acknowledge")));
        };
        self.echo = clock;
        let before = {
            let mut progress = self.follower.progress.lock();
            if received > progress.sent {
                let text = format!("LSN {received} acknowledged, which it was not sent");
                return Err(Fault::malformed(text));
            }
            let before = progress.received;
            progress.received = received.max(progress.received);
            progress.applied = applied.max(progress.applied);
            progress.replied_us = sent_us;
            if let Some(took) = self.window.taken(received) {
                progress.lag = Some(took);
            }
            before
        };
        if received > before {
            // L2
            let (database, slot) = (self.shared.database.clone(), self.follower.node.clone());
            apart(move || engine::advance(&database, &slot, received)).await??;
        }
        match self.waiting.take() {
            Some(shipped) => self.offer(shipped).await,
            None => Ok(()),
        }
    }

    async fn beat(&mut self) -> std::result::Result<(), Fault> {
        sending::beat(self.shared, self.sender, self.echo).await
    }
}

fn look(mut shipping: Shipping, limit: Duration) -> Looked {
    let found = shipping.next(limit);
    (shipping, found)
}

/// Waits for the thread that looks for records; for ever where none does.
async fn join(looking: &mut Option<JoinHandle<Looked>>) -> std::result::Result<Looked, Fault> {
    match looking {
        Some(thread) => thread
            .await
            .map_err(|error| Fault::lost(format!("a thread of replication has failed: {error}"))),
        None => std::future::pending().await,
    }
}
