//! The connections to one node for one purpose, upon deadpool: how many there are, who waits.
//!
//! # Invariants
//! - **L1** There are never more connections than the pool's size, nor do more calls wait than
//!   `waiting_max`: the next one is refused at once.
//! - **L2** A connection goes back only after its use has ended in order, and when nobody has kept
//!   it; a call that is given up in the middle closes its connection, and the server rolls back.
//! - **L3** Each take is followed by exactly one release, whatever becomes of the call.

use std::ops::Deref;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{
    Manager, Metrics as ObjectMetrics, Object, Pool as Objects, PoolError, RecycleError,
    RecycleResult, TimeoutType, Timeouts,
};
use tokio_postgres::Config;

use crate::advice::{Advice, advise};
use crate::clock::{Clock, chance};
use crate::connection::Connection;
use crate::dial::Dial;
use crate::error::{Error, Kind};
use crate::held::Held;
use crate::lock::Lock;
use crate::metrics::PoolMetrics;
use crate::options::Options;
use crate::usage::Usage;

/// A connection that was unused for so long is asked whether it is there before it is used.
const IDLE_MAX: Duration = Duration::from_secs(10);

/// What the connections of a pool are for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Transactions that change rows, on the leader.
    Write,
    /// Those that only read, on replicas, or on the leader where no replica is.
    Read,
}

impl Role {
    /// As metrics and advice name it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Write => "write",
            Role::Read => "read",
        }
    }
}

/// Opens connections and makes them ready again.
#[derive(Debug)]
pub(crate) struct Opener {
    pub(crate) node: Arc<str>,
    pub(crate) config: Config,
    pub(crate) dial: Arc<dyn Dial>,
    pub(crate) clock: Clock,
    pub(crate) lifetime_max: Duration,
    pub(crate) metrics: PoolMetrics,
}

impl Manager for Opener {
    type Type = Connection;
    type Error = Error;

    async fn create(&self) -> Result<Connection, Error> {
        let dialed = self.dial.dial(&self.config).await;
        let client = dialed.map_err(|error| Error::from(error).with_node(&self.node))?;
        self.metrics.opened.inc();
        let lifetime = self.lifetime_max.mul_f64(1.0 - chance() / 10.0);
        let expires_at = self.clock.now() + lifetime;
        Ok(Connection::new(client, Arc::clone(&self.node), expires_at))
    }

    async fn recycle(
        &self,
        connection: &mut Connection,
        _: &ObjectMetrics,
    ) -> RecycleResult<Error> {
        if connection.is_closed() {
            return Err(RecycleError::message("it was closed"));
        }
        let now = self.clock.now();
        if connection.expires_at() <= now {
            self.metrics.expired.inc();
            return Err(RecycleError::message("it is too old"));
        }
        let is_old_idle = now.saturating_sub(connection.idle_since()) > IDLE_MAX;
        connection.make_ready(is_old_idle).await?;
        Ok(())
    }
}

/// See the module's head.
#[derive(Debug)]
pub(crate) struct Pool {
    node: Arc<str>,
    role: Role,
    objects: Objects<Opener>,
    size: u32,
    waiting_max: u32,
    wait_timeout: Duration,
    connect_timeout: Duration,
    clock: Clock,
    usage: Lock<Usage>,
    held: Lock<Held>,
    pub(crate) metrics: PoolMetrics,
}

impl Pool {
    pub(crate) fn new(opener: Opener, role: Role, options: &Options) -> Result<Pool, Error> {
        let size = match role {
            Role::Write => options.write_connections_max,
            Role::Read => options.read_connections_max,
        };
        let (node, clock) = (Arc::clone(&opener.node), opener.clock);
        let metrics = opener.metrics.clone();
        let size_max = usize::try_from(size).unwrap_or(usize::MAX);
        let objects = Objects::builder(opener).max_size(size_max).runtime(Runtime::Tokio1).build();
        let failed = |error| Error::new(Kind::Usage, format!("no pool can be made: {error}"));
        Ok(Pool {
            node,
            role,
            objects: objects.map_err(failed)?,
            size,
            waiting_max: options.waiting_max,
            wait_timeout: options.wait_timeout,
            connect_timeout: options.connect_timeout,
            clock,
            usage: Lock::new(Usage::new(clock.now())),
            held: Lock::default(),
            metrics,
        })
    }

    /// A connection, which goes back when it is dropped.
    ///
    /// # Errors
    /// `Busy` where too many wait already or one waited too long; `Connection` and others where
    /// none can be opened.
    pub(crate) async fn take(
        self: &Arc<Pool>,
        place: &'static Location<'static>,
    ) -> Result<Borrowed, Error> {
        let mut waiting = self.begin_wait()?;
        let timeouts = Timeouts {
            wait: Some(self.wait_timeout),
            create: Some(self.connect_timeout),
            recycle: Some(self.connect_timeout),
        };
        let object = match self.objects.timeout_get(&timeouts).await {
            Ok(object) => object,
            Err(error) => return Err(self.refused(error)),
        };
        let now = self.clock.now();
        let waited = now.saturating_sub(waiting.began);
        waiting.has_ended = true;
        let busy = self.usage.with(|usage| {
            usage.take(now, waited);
            (usage.busy(), usage.waiting())
        });
        self.note_usage(busy);
        self.metrics.waits.observe(waited.as_secs_f64());
        let number = self.held.with(|held| held.take(now, place));
        Ok(Borrowed {
            object: Some(object),
            pool: Arc::clone(self),
            number,
            since: now,
            ends_well: false,
        })
    }

    /// L1.
    fn begin_wait(&self) -> Result<Waiting<'_>, Error> {
        let now = self.clock.now();
        let usage = self.usage.with(|usage| {
            let wanted = u64::from(usage.busy()) + u64::from(usage.waiting());
            if wanted >= u64::from(self.size) + u64::from(self.waiting_max) {
                return Err(usage.waiting());
            }
            usage.begin_wait(now);
            Ok((usage.busy(), usage.waiting()))
        });
        match usage {
            Ok(usage) => {
                self.note_usage(usage);
                Ok(Waiting { pool: self, began: now, has_ended: false })
            }
            Err(waiting) => {
                self.metrics.refused.inc();
                let size = self.size;
                let told = format!("all {size} connections are taken and {waiting} calls wait");
                Err(Error::new(Kind::Busy, told).with_node(&self.node))
            }
        }
    }

    fn refused(&self, error: PoolError<Error>) -> Error {
        let (kind, told) = match error {
            PoolError::Backend(error) => return error,
            PoolError::Timeout(TimeoutType::Wait) => {
                self.metrics.refused.inc();
                let waited = self.wait_timeout.as_millis();
                let size = self.size;
                (Kind::Busy, format!("none of {size} connections came free in {waited} ms"))
            }
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => {
                let waited = self.connect_timeout.as_millis();
                (Kind::Connection, format!("the node did not answer in {waited} ms"))
            }
            PoolError::Closed => (Kind::Unavailable, "the client has ended".to_owned()),
            PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                unreachable!("a runtime is given, and no such hook")
            }
        };
        Error::new(kind, told).with_node(&self.node)
    }

    fn note_usage(&self, (busy, waiting): (u32, u32)) {
        self.metrics.active.set(i64::from(busy));
        self.metrics.waiting.set(i64::from(waiting));
        self.note_open();
    }

    fn note_open(&self) {
        let open = self.objects.status().size;
        self.metrics.open.set(i64::try_from(open).unwrap_or(i64::MAX));
    }

    /// How many are in use, or waited for.
    pub(crate) fn wanted(&self) -> u32 {
        self.usage.with(|usage| usage.busy() + usage.waiting())
    }

    /// What is to be done now and then: closes what is too old, tells of leaks and of utilisation.
    pub(crate) fn look_after(&self, leak_after: Duration) {
        let now = self.clock.now();
        let result = self
            .objects
            .retain(|connection, _| !connection.is_closed() && connection.expires_at() > now);
        let expired = result.removed.iter().filter(|connection| connection.expires_at() <= now);
        self.metrics.expired.inc_by(u64::try_from(expired.count()).unwrap_or(0));
        for leak in self.held.with(|held| held.leaks(now, leak_after)) {
            self.metrics.leaks.inc();
            tracing::warn!(
                node = %self.node,
                role = self.role.name(),
                held_ms = u64::try_from(leak.held.as_millis()).unwrap_or(u64::MAX),
                taken_at = %leak.place,
                "a connection is held for too long"
            );
        }
        let measured = self.usage.with(|usage| usage.measured(now));
        self.metrics.utilisation.set(measured.busy_mean / f64::from(self.size));
        self.note_open();
    }

    /// Closes all that nobody uses.
    pub(crate) fn close_idle(&self) {
        self.objects.retain(|_, _| false);
        self.note_open();
    }

    /// Closes all, those in use when they are given back; nobody gets one any more.
    pub(crate) fn close(&self) {
        self.objects.close();
        self.note_open();
    }

    pub(crate) fn advice(&self) -> Advice {
        let measured = self.usage.with(|usage| usage.measured(self.clock.now()));
        advise(&self.node, self.role.name(), self.size, measured)
    }
}

/// A call that waits: it counts as one until it has a connection or ends.
struct Waiting<'a> {
    pool: &'a Pool,
    began: Duration,
    has_ended: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            let now = self.pool.clock.now();
            let usage = self.pool.usage.with(|usage| {
                usage.give_up(now);
                (usage.busy(), usage.waiting())
            });
            self.pool.note_usage(usage);
        }
    }
}

/// A connection in use.
#[derive(Debug)]
pub(crate) struct Borrowed {
    object: Option<Object<Opener>>,
    pool: Arc<Pool>,
    number: u64,
    since: Duration,
    /// L2.
    ends_well: bool,
}

impl Borrowed {
    /// Says that its use ended in order (L2).
    pub(crate) fn end_well(&mut self) {
        self.ends_well = true;
    }

    /// For how long it has been in use.
    pub(crate) fn used(&self) -> Duration {
        self.pool.clock.now().saturating_sub(self.since)
    }

    pub(crate) fn metrics(&self) -> &PoolMetrics {
        &self.pool.metrics
    }
}

impl Deref for Borrowed {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match &self.object {
            Some(object) => object,
            None => unreachable!("it is taken away by drop only"),
        }
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        let now = self.pool.clock.now();
        if let Some(object) = self.object.take() {
            match self.ends_well && !object.is_kept() {
                true => object.set_idle_since(now),
                false => drop(Object::take(object)),
            }
        }
        self.pool.held.with(|held| held.give_back(self.number));
        // L3.
        let usage = self.pool.usage.with(|usage| {
            usage.release(now);
            (usage.busy(), usage.waiting())
        });
        self.pool.note_usage(usage);
    }
}
