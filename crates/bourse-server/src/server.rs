//! A server: its listeners, the sessions that it lets in, and how it ends.
//!
//! ```text
//! Serving --stop--> Stopping: no new sessions; idle ones are told and ended, running statements
//!                   go on --none is left, or the deadline--> Stopped: statements are cancelled
//! ```

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bourse::Database;
use bourse_sql::activity::{Activity, Observed};
use bourse_storage::{Error, Result};
use tokio::net::{TcpListener, UnixListener};
use tokio::runtime::Runtime;
use tokio::sync::{Notify, Semaphore};

use crate::archive::{self, Archive, Archived};
use crate::auth::Throttle;
use crate::connection;
use crate::counts::Counts;
use crate::direct::Direct;
use crate::gate::{Gate, Inside, SentAway};
use crate::http;
use crate::options::Options;
use crate::registry::Registry;
use crate::replication::{self, Replication};
use crate::statements::Statements;
use crate::stream::Stream;
use crate::tls::{self, Tls};
use crate::workers::Workers;

/// How often threads are looked after that have run for long.
const TICK: Duration = Duration::from_millis(25);

/// Connections that have no session yet, beside those that may have one.
const STRANGERS_MAX: usize = 1_000;

/// What all parts of a server share.
pub(crate) struct Shared {
    pub(crate) database: Database,
    pub(crate) options: Options,
    pub(crate) workers: Workers,
    pub(crate) direct: Direct,
    pub(crate) registry: Registry,
    /// Where sessions of a member wait while another one is to lead.
    pub(crate) gate: Arc<Gate>,
    pub(crate) counts: Counts,
    pub(crate) statements: Statements,
    /// KiB that large messages may take while they are received.
    pub(crate) message_room: Arc<Semaphore>,
    /// Connections, those without a session among them.
    pub(crate) connections: AtomicUsize,
    pub(crate) tls: Option<Tls>,
    pub(crate) throttle: Throttle,
    /// What makes salts of names that are not there.
    pub(crate) mock_secret: [u8; 32],
    has_users: AtomicBool,
    /// Counts changes of roles.
    pub(crate) roles_version: AtomicU64,
    pub(crate) replication: Replication,
    pub(crate) archived: Archived,
    address: OnceLock<SocketAddr>,
    /// A replica is to begin anew.
    begins_anew: AtomicBool,
    /// A member's store is to be opened anew.
    opens_anew: AtomicBool,
    /// It is no member of its group any more.
    leaves: AtomicBool,
    asked_to_end: Notify,
    is_stopping: AtomicBool,
    stopping: Notify,
}

/// Why a server is to be stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The process was told to end.
    Signal,
    /// It is a replica, or a member of a group, whose store is to be made anew.
    BeginAnew,
    /// It is a member of a group whose store is to be opened anew.
    OpenAnew,
    /// It was a member of a group and was removed from it: there is nothing more to serve.
    Removed,
}

impl Shared {
    /// Where PostgreSQL's protocol is spoken.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address.get().copied().unwrap_or(self.options.listen)
    }

    /// Has whoever runs the server stop it, make its store anew, and start it again.
    pub(crate) fn ask_to_begin_anew(&self) {
        self.begins_anew.store(true, Ordering::Release);
        self.asked_to_end.notify_one();
    }

    /// Has whoever runs the server stop it, and start it again with the same store.
    pub(crate) fn ask_to_open_anew(&self) {
        self.opens_anew.store(true, Ordering::Release);
        self.asked_to_end.notify_one();
    }

    /// Has whoever runs the server stop it for good.
    pub(crate) fn ask_to_leave(&self) {
        self.leaves.store(true, Ordering::Release);
        self.asked_to_end.notify_one();
    }

    /// What the server is to be stopped for, if somebody has asked for it.
    fn end_asked(&self) -> Option<End> {
        if self.leaves.load(Ordering::Acquire) {
            return Some(End::Removed);
        }
        if self.begins_anew.load(Ordering::Acquire) {
            return Some(End::BeginAnew);
        }
        self.opens_anew.load(Ordering::Acquire).then_some(End::OpenAnew)
    }

    /// Whether the store is of no use any more: nobody's statement is waited for.
    fn is_over(&self) -> bool {
        self.replication.group().is_some() && self.end_asked().is_some()
    }

    /// Whether so many jobs wait that statements are refused.
    pub(crate) fn is_full(&self) -> bool {
        self.workers.load().queued >= self.options.max_queued
    }

    /// Whether what the store shows is agreed on, and the group keeps it so: else nobody is to see
    /// it.
    pub(crate) fn is_settled(&self) -> bool {
        self.replication
            .group()
            .is_none_or(|group| group.store.member.is_settled() && !group.is_waiting())
    }

    /// Has a session of a member go on, or wait while another one is to lead. `None` where nobody
    /// ever waits.
    pub(crate) fn enter(
        &self,
        in_transaction: bool,
    ) -> std::result::Result<Option<Inside>, SentAway> {
        match self.replication.group() {
            Some(_) => self.gate.enter(in_transaction).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Acquire)
    }

    /// Whether anybody can log in with a password: then everybody must.
    pub(crate) fn has_users(&self) -> bool {
        self.has_users.load(Ordering::Acquire)
    }

    /// Roles have changed: who is there looks again at what it may do.
    pub(crate) fn roles_changed(&self) {
        if let Ok(roles) = bourse_sql::role::all(&self.database) {
            self.has_users.store(!roles.is_empty(), Ordering::Release);
        }
        self.roles_version.fetch_add(1, Ordering::AcqRel);
    }

    /// Ends when the server begins to stop.
    pub(crate) async fn stopped(&self) {
        loop {
            let notified = self.stopping.notified();
            if self.is_stopping() {
                return;
            }
            notified.await;
        }
    }
}

/// A server that runs, until it is stopped or dropped.
pub struct Server {
    runtime: Option<Runtime>,
    shared: Arc<Shared>,
    http_address: Option<SocketAddr>,
    replication_address: Option<SocketAddr>,
    socket_path: Option<PathBuf>,
}

impl Server {
    /// Listens, and serves from now on.
    ///
    /// # Errors
    /// An address that cannot be listened at; options that would let anybody in from anywhere.
    pub fn start(database: Database, options: Options) -> Result<Server> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(options.run_permits.div_ceil(4).max(1))
            .thread_name("bourse-socket")
            .enable_all()
            .build()
            .map_err(|error| Error::io("cannot start the threads for sockets", error))?;
        let room = options.message_memory_bytes >> 10;
        let tls = match (&options.tls_cert, &options.tls_key) {
            (Some(certificate), Some(key)) => Some(Tls::open(certificate, key)?),
            (None, None) => None,
            _ => return Err(Error::invalid("TLS needs both --tls-cert and --tls-key")),
        };
        let has_users = !bourse_sql::role::all(&database)
            .map_err(|error| Error::invalid(format!("cannot read the roles: {error}")))?
            .is_empty();
        check_safety(&options, has_users, tls.is_some())?;
        let shared = Arc::new(Shared {
            workers: Workers::new(
                options.run_permits,
                options.max_connections + options.run_permits + 1,
                options.max_connections + STRANGERS_MAX,
            ),
            direct: Direct::default(),
            registry: Registry::default(),
            gate: Arc::default(),
            counts: Counts::new()?,
            statements: Statements::default(),
            message_room: Arc::new(Semaphore::new(room.min(Semaphore::MAX_PERMITS))),
            connections: AtomicUsize::new(0),
            tls,
            throttle: Throttle::default(),
            mock_secret: rand::random(),
            has_users: AtomicBool::new(has_users),
            roles_version: AtomicU64::new(0),
            replication: Replication::new(&options)?,
            archived: Archived::default(),
            address: OnceLock::new(),
            begins_anew: AtomicBool::new(false),
            opens_anew: AtomicBool::new(false),
            leaves: AtomicBool::new(false),
            asked_to_end: Notify::new(),
            is_stopping: AtomicBool::new(false),
            stopping: Notify::new(),
            database,
            options,
        });
        // Relations of the catalog ask it.
        let observed: Arc<dyn Observed> = Arc::clone(&shared) as Arc<dyn Observed>;
        shared.database.companion::<Activity>().set(&observed);
        let (http_address, socket_path) = runtime.block_on(listen(&shared))?;
        replication::begin_group(&shared)?;
        // What serves others of a group is not kept waiting by clients.
        let replication_address = match shared.replication.group() {
            Some(group) => group.handle().block_on(replication::begin(&shared))?,
            None => runtime.block_on(replication::begin(&shared))?,
        };
        if let Some(url) = &shared.options.archive_to {
            let archive = Archive::create(url)?;
            runtime.spawn(archive::run(Arc::clone(&shared), archive));
        }
        Ok(Server {
            runtime: Some(runtime),
            shared,
            http_address,
            replication_address,
            socket_path,
        })
    }

    /// Where PostgreSQL's protocol is spoken.
    pub fn address(&self) -> SocketAddr {
        self.shared.address()
    }

    /// Where HTTP is.
    pub fn http_address(&self) -> Option<SocketAddr> {
        self.http_address
    }

    /// Where replicas are let in.
    pub fn replication_address(&self) -> Option<SocketAddr> {
        self.replication_address
    }

    /// Whether clients prove who they are by passwords. Where nobody has one, user `bourse` is
    /// trusted from this machine.
    pub fn has_users(&self) -> bool {
        self.shared.has_users()
    }

    /// The sessions that there are.
    pub fn sessions(&self) -> &Registry {
        &self.shared.registry
    }

    /// Statements and what they took.
    pub fn statements(&self) -> &Statements {
        &self.shared.statements
    }

    /// Whether a leader has let this replica follow it since it was started.
    pub fn has_followed(&self) -> bool {
        self.shared.replication.leader().is_some_and(|leader| leader.received_us > 0)
    }

    /// Waits until the process is told to end, by SIGTERM or SIGINT, or a replica is to begin anew.
    ///
    /// # Errors
    /// The operating system does not tell of signals.
    pub fn wait_for_end(&self) -> Result<End> {
        let Some(runtime) = &self.runtime else { return Ok(End::Signal) };
        let failed = |error| Error::io("cannot wait for signals", error);
        runtime.block_on(async {
            use tokio::signal::unix::{SignalKind, signal};
            let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
            let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
            tokio::select! {
                _ = terminate.recv() => Ok(End::Signal),
                _ = interrupt.recv() => Ok(End::Signal),
                () = self.shared.asked_to_end.notified() => {
                    Ok(self.shared.end_asked().unwrap_or(End::Signal))
                }
            }
        })
    }

    /// Lets nobody in any more, ends the sessions once their statements have run, or are cancelled
    /// at the deadline, and closes the store.
    ///
    /// # Errors
    /// As [`Database::close`].
    pub fn stop(mut self) -> Result<()> {
        self.end();
        let database = self.shared.database.clone();
        let is_member = self.shared.replication.group().is_some();
        drop(self);
        match database.close() {
            // What it has is in its log, and whether it counts the group says.
            Err(error) if is_member => {
                tracing::info!("the store was closed without a last checkpoint: {error}");
                Ok(())
            }
            closed => closed,
        }
    }

    fn end(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let shared = Arc::clone(&self.shared);
        shared.is_stopping.store(true, Ordering::Release);
        shared.stopping.notify_waiters();
        if !shared.gate.is_open() {
            // Who waits there would be waited for.
            shared.gate.send_away();
        }
        let deadline = Duration::from_millis(shared.options.stop_timeout_ms);
        runtime.block_on(async {
            for entry in shared.registry.all() {
                match shared.is_over() {
                    true => entry.terminate(),
                    false => entry.finish(),
                }
            }
            if tokio::time::timeout(deadline, none_left(&shared)).await.is_err() {
                for entry in shared.registry.all() {
                    entry.terminate();
                }
                // Statements look now and then whether they are cancelled.
                let _ = tokio::time::timeout(Duration::from_secs(5), none_left(&shared)).await;
            }
        });
        shared.workers.end();
        if let Some(group) = shared.replication.group() {
            group.end();
        }
        runtime.shutdown_timeout(Duration::from_secs(1));
        shared.replication.rest(&shared.database);
        if let Some(path) = &self.socket_path {
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address()).finish_non_exhaustive()
    }
}

/// Refuses what would let anybody in from another machine, or show passwords' proofs and rows to
/// whoever listens in between.
fn check_safety(options: &Options, has_users: bool, has_tls: bool) -> Result<()> {
    let address = options.listen;
    if address.ip().is_loopback() || options.insecure {
        return Ok(());
    }
    if !has_users {
        return Err(Error::invalid(format!(
            "{address} can be reached from other machines, and no users are defined: add one with \
             `bourse user add NAME --data DIR`, or say --insecure to let anybody in"
        )));
    }
    if !has_tls {
        return Err(Error::invalid(format!(
            "{address} can be reached from other machines: name a certificate with --tls-cert and \
             --tls-key, or say --insecure to send everything in the clear"
        )));
    }
    Ok(())
}

async fn none_left(shared: &Shared) {
    while shared.registry.count() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Opens the listeners and has them served.
async fn listen(shared: &Arc<Shared>) -> Result<(Option<SocketAddr>, Option<PathBuf>)> {
    let wanted = shared.options.listen;
    let failed = |error| Error::io(format!("cannot listen at {wanted}"), error);
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let _ = shared.address.set(address);
    let socket_path = match &shared.options.socket_folder {
        None => None,
        Some(folder) => {
            let path = folder.join(format!(".s.PGSQL.{}", address.port()));
            // A socket of a server that is gone is in the way; one that lives answers.
            if path.exists() && tokio::net::UnixStream::connect(&path).await.is_err() {
                let _ = std::fs::remove_file(&path);
            }
            let listener = UnixListener::bind(&path).map_err(|error| {
                Error::io(format!("cannot listen at {}", path.display()), error)
            })?;
            tokio::spawn(accept_unix(Arc::clone(shared), listener));
            Some(path)
        }
    };
    tokio::spawn(accept(Arc::clone(shared), listener));
    tokio::spawn(tick(Arc::clone(shared)));
    if shared.tls.is_some() {
        tokio::spawn(refresh(Arc::clone(shared)));
    }
    let http_address = match shared.options.http {
        Some(wanted) => Some(http::listen(shared, wanted).await?),
        None => None,
    };
    Ok((http_address, socket_path))
}

async fn tick(shared: Arc<Shared>) {
    let mut interval = tokio::time::interval(TICK);
    while !shared.is_stopping() {
        interval.tick().await;
        shared.workers.tick();
        shared.direct.tick();
    }
}

/// Reads the certificate anew where its files have changed.
async fn refresh(shared: Arc<Shared>) {
    while !shared.is_stopping() {
        tokio::time::sleep(tls::INTERVAL).await;
        let of = Arc::clone(&shared);
        let read = tokio::task::spawn_blocking(move || {
            if let Some(tls) = &of.tls {
                tls.refresh();
            }
        });
        let _ = read.await;
    }
}

async fn accept(shared: Arc<Shared>, listener: TcpListener) {
    loop {
        let accepted = tokio::select! {
            () = shared.stopped() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Answers are whole: waiting for more of them would only delay them.
                let _ = stream.set_nodelay(true);
                let is_near = peer.ip().is_loopback();
                serve(&shared, Stream::Tcp(stream), peer.to_string(), is_near);
            }
            Err(error) => rest_after("a connection", &error).await,
        }
    }
}

async fn accept_unix(shared: Arc<Shared>, listener: UnixListener) {
    loop {
        let accepted = tokio::select! {
            () = shared.stopped() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => serve(&shared, Stream::Unix(stream), "[local]".to_owned(), true),
            Err(error) => rest_after("a connection", &error).await,
        }
    }
}

/// No descriptor is left, or the like: connections that end give some back.
pub(crate) async fn rest_after(what: &str, error: &std::io::Error) {
    tracing::warn!("cannot accept {what}: {error}");
    tokio::time::sleep(Duration::from_millis(100)).await;
}

fn serve(shared: &Arc<Shared>, stream: Stream, peer: String, is_near: bool) {
    let most = shared.options.max_connections + STRANGERS_MAX;
    let counted = Counted::new(shared);
    if shared.connections.load(Ordering::Relaxed) > most {
        // Not even an answer: whoever floods the server reads none.
        shared.counts.note_refused();
        return;
    }
    tokio::spawn(connection::serve(Arc::clone(shared), stream, peer, is_near, counted));
}

/// Counts a connection, until dropped.
pub(crate) struct Counted(Arc<Shared>);

impl Counted {
    fn new(shared: &Arc<Shared>) -> Counted {
        shared.connections.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(shared))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}
