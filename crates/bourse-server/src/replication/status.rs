//! What others see of replication: the followers that are connected, and the leader that is
//! followed.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::sync::{self, Mutex, wall_clock_us};
use tokio::sync::Notify;

/// What a connected follower gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// It has said who it is, and nothing more.
    Startup,
    /// A backup.
    Backup,
    /// Records, and has not all of them yet.
    Catchup,
    /// Records as they are committed.
    Streaming,
}

impl Stage {
    /// As `pg_stat_replication` has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Stage::Startup => "startup",
            Stage::Backup => "backup",
            Stage::Catchup => "catchup",
            Stage::Streaming => "streaming",
        }
    }
}

/// How far a follower is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub(crate) stage: Stage,
    /// The newest record that it was sent, that it has durably, and that can be read there.
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) applied: u64,
    /// How long the newest record that it shows took to get there.
    pub(crate) lag: Option<Duration>,
    /// When it last said how far it is, by its own clock.
    pub(crate) replied_us: i64,
}

/// A parcel that is on its way.
struct InFlight {
    last: u64,
    bytes: usize,
    sent_at: Duration,
}

/// Parcels that a follower was sent and has not taken: what bounds how much is on the way.
#[derive(Default)]
pub(crate) struct Window {
    parcels: VecDeque<InFlight>,
    bytes: usize,
}

impl Window {
    pub(crate) fn sent(&mut self, last: u64, bytes: usize) {
        self.bytes += bytes;
        self.parcels.push_back(InFlight { last, bytes, sent_at: sync::monotonic() });
    }

    /// Parcels up to this record are taken. Returns how long the newest of them took.
    pub(crate) fn taken(&mut self, taken: u64) -> Option<Duration> {
        let mut took = None;
        while let Some(first) = self.parcels.front().filter(|first| first.last <= taken) {
            took = Some(sync::monotonic().saturating_sub(first.sent_at));
            self.bytes -= first.bytes;
            self.parcels.pop_front();
        }
        took
    }

    /// Bytes on the way.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// A follower that is connected.
pub(crate) struct Follower {
    /// Its number among those that were ever connected.
    pub(crate) number: u32,
    pub(crate) node: String,
    pub(crate) instance: u128,
    pub(crate) peer: SocketAddr,
    pub(crate) began_us: i64,
    pub(crate) progress: Mutex<Progress>,
    /// Another connection of the same node has come: this one is over.
    pub(crate) replaced: Notify,
}

/// The followers of a leader.
#[derive(Default)]
pub(crate) struct Followers {
    connected: Mutex<Vec<Arc<Follower>>>,
    next: AtomicU32,
    /// Bytes that were sent to followers, as they are on the wire.
    pub(crate) bytes_sent: AtomicU64,
}

impl Followers {
    /// Adds one. A connection that the same node had before is over; a node of the same name that
    /// is another one is not let in.
    pub(crate) fn add(
        &self,
        node: &str,
        instance: u128,
        peer: SocketAddr,
        newest: u64,
    ) -> Result<Arc<Follower>, String> {
        let mut connected = self.connected.lock();
        if let Some(other) = connected.iter().find(|other| other.node == node) {
            if other.instance != instance {
                return Err(format!(
                    "a node at {} calls itself {node} already: give each its own node_name",
                    other.peer
                ));
            }
            other.replaced.notify_one();
        }
        connected.retain(|other| other.node != node);
        let follower = Arc::new(Follower {
            number: self.next.fetch_add(1, Ordering::Relaxed) % 0x7fff_ffff + 1,
            node: node.to_owned(),
            instance,
            peer,
            began_us: wall_clock_us(),
            progress: Mutex::new(Progress {
                stage: Stage::Startup,
                sent: newest,
                received: 0,
                applied: 0,
                lag: None,
                replied_us: 0,
            }),
            replaced: Notify::new(),
        });
        connected.push(Arc::clone(&follower));
        Ok(follower)
    }

    pub(crate) fn remove(&self, follower: &Arc<Follower>) {
        self.connected.lock().retain(|other| !Arc::ptr_eq(other, follower));
    }

    /// Those that are connected, in the order in which they came.
    pub(crate) fn all(&self) -> Vec<Arc<Follower>> {
        self.connected.lock().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.connected.lock().len()
    }
}

/// What a follower does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Following {
    /// It looks for its leader.
    Connecting,
    /// It takes what the leader sends.
    Streaming,
    /// It will not come to that by itself.
    Stopped,
    /// It has become a leader.
    Promoted,
}

impl Following {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Following::Connecting => "connecting",
            Following::Streaming => "streaming",
            Following::Stopped => "stopped",
            Following::Promoted => "promoted",
        }
    }
}

/// The leader that is followed, as far as its follower knows.
#[derive(Clone, Debug)]
pub(crate) struct Leader {
    /// Where it is followed.
    pub(crate) address: String,
    /// Where its clients connect, once it has said so.
    pub(crate) clients: Option<(String, u16)>,
    pub(crate) following: Following,
    /// The newest record that this node got from it, and that it has itself.
    pub(crate) received: u64,
    pub(crate) newest: u64,
    /// The newest record that there was when it was connected.
    pub(crate) began_after: u64,
    /// When it sent its last message, by its own clock, and when that came.
    pub(crate) sent_us: i64,
    pub(crate) received_us: i64,
    /// Bytes that came from it.
    pub(crate) bytes: u64,
    /// Connections that were made.
    pub(crate) connections: u64,
    /// Why the last connection has ended.
    pub(crate) last_fault: Option<String>,
}

impl Leader {
    pub(crate) fn at(address: &str) -> Leader {
        Leader {
            address: address.to_owned(),
            clients: None,
            following: Following::Connecting,
            received: 0,
            newest: 0,
            began_after: 0,
            sent_us: 0,
            received_us: 0,
            bytes: 0,
            connections: 0,
            last_fault: None,
        }
    }
}
