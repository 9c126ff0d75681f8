//! `bourse serve`: a store for PostgreSQL's clients.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bourse_server::replication::{self, BootstrapProgress};
use bourse_server::{End, Options, Server};
use bourse_storage::{Error, ErrorKind, Result, sync};

use crate::demo::market::Market;
use crate::output::{Outcome, progress_bar};
use crate::store;

/// How long a store that was just closed may take to be let go of.
const LETTING_GO: Duration = Duration::from_secs(20);

/// What the user asks of it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The store's folder. No other process may have it open. With --demo the folder of the
    /// demo's databases.
    #[arg(long, value_name = "DIR", required_unless_present = "demo")]
    data: Option<PathBuf>,
    /// Make the store if it is not there.
    #[arg(long, conflicts_with = "demo")]
    create: bool,
    /// Serve a market in which trades stream in: the platform of `bourse demo`, its views among it.
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    options: Flags,
}

/// Options of the server that are said on the command line; they overrule the environment, which
/// overrules the file.
#[derive(clap::Args)]
pub(crate) struct Flags {
    /// A file of options, in TOML: `bourse config show` prints one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where PostgreSQL's protocol is spoken [default: 127.0.0.1:5432]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Where HTTP is: /metrics, /live, /ready, /version
    #[arg(long, value_name = "ADDRESS")]
    http: Option<SocketAddr>,
    /// A folder for a Unix socket, named as PostgreSQL's is
    #[arg(long, value_name = "DIR")]
    socket_folder: Option<PathBuf>,
    /// The name that the store goes by [default: bourse]
    #[arg(long, value_name = "NAME")]
    database: Option<String>,
    /// Certificates in PEM, the server's own first
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The private key in PEM
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Listen beyond loopback without users or without TLS
    #[arg(long)]
    insecure: bool,
    /// Sessions at most [default: 2000]
    #[arg(long, value_name = "N")]
    max_connections: Option<usize>,
    /// Statements that run at once [default: twice the processors]
    #[arg(long, value_name = "N")]
    run_permits: Option<usize>,
    /// Tell of statements that take longer, in milliseconds; 0 tells of none [default: 1000]
    #[arg(long, value_name = "MS")]
    slow_query_ms: Option<u64>,
    /// Where replicas are let in
    #[arg(long, value_name = "ADDRESS")]
    replication_listen: Option<SocketAddr>,
    /// Be a replica of the leader that lets replicas in there
    #[arg(long, value_name = "HOST:PORT")]
    follow: Option<String>,
    /// The secret that leader and replicas prove to each other, of 32 bytes or more
    #[arg(long, value_name = "FILE")]
    cluster_secret_file: Option<PathBuf>,
    /// What a replica calls itself to its leader [default: the machine's name and the port]
    #[arg(long, value_name = "NAME")]
    node_name: Option<String>,
    /// Give the store up and begin anew when the leader no longer has what it lacks
    #[arg(long)]
    follow_anew: bool,
    /// Archive the log and backups: a folder or s3://BUCKET/PREFIX
    #[arg(long, value_name = "URL")]
    archive_to: Option<String>,
    /// A replica's first state comes from this archive, and not from its leader
    #[arg(long, value_name = "URL")]
    bootstrap_archive: Option<String>,
    /// Bytes of log kept at most for replicas and the archive that are away [default: 17179869184]
    #[arg(long, value_name = "BYTES")]
    held_log_bytes_max: Option<u64>,
    /// Be this member of a group that agrees on each commit; with --create its first one
    #[arg(long, value_name = "N", conflicts_with = "follow")]
    node_id: Option<u64>,
    /// All members of the group and where they let each other in: 1=HOST:PORT,2=HOST:PORT,...
    #[arg(long, value_name = "LIST")]
    peers: Option<String>,
    /// How long a commit waits for a majority of the group, in milliseconds [default: 10000]
    #[arg(long, value_name = "MS")]
    commit_timeout_ms: Option<u64>,
}

impl Flags {
    /// The options: of the file, the environment, and the flags over them.
    pub(crate) fn options(&self) -> Result<Options> {
        // What is not Unicode is none of the server's.
        let environment = std::env::vars_os();
        let environment = environment.filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let mut options = Options::load(self.config.as_deref(), environment)?;
        let set = |to: &mut Option<PathBuf>, from: &Option<PathBuf>| {
            if from.is_some() {
                to.clone_from(from);
            }
        };
        set(&mut options.socket_folder, &self.socket_folder);
        set(&mut options.tls_cert, &self.tls_cert);
        set(&mut options.tls_key, &self.tls_key);
        set(&mut options.cluster_secret_file, &self.cluster_secret_file);
        options.replication_listen = self.replication_listen.or(options.replication_listen);
        options.follow_anew |= self.follow_anew;
        if self.follow.is_some() {
            options.follow.clone_from(&self.follow);
        }
        if self.archive_to.is_some() {
            options.archive_to.clone_from(&self.archive_to);
        }
        if self.bootstrap_archive.is_some() {
            options.bootstrap_archive.clone_from(&self.bootstrap_archive);
        }
        let held = self.held_log_bytes_max.unwrap_or(options.held_log_bytes_max);
        options.held_log_bytes_max = held;
        options.node_id = self.node_id.or(options.node_id);
        if self.peers.is_some() {
            options.peers.clone_from(&self.peers);
        }
        let limit = self.commit_timeout_ms.unwrap_or(options.commit_timeout_ms);
        options.commit_timeout_ms = limit;
        if self.node_name.is_some() {
            options.node_name.clone_from(&self.node_name);
        }
        options.http = self.http.or(options.http);
        options.insecure |= self.insecure;
        if let Some(database) = &self.database {
            options.database.clone_from(database);
        }
        options.listen = self.listen.unwrap_or(options.listen);
        options.max_connections = self.max_connections.unwrap_or(options.max_connections);
        options.run_permits = self.run_permits.unwrap_or(options.run_permits);
        options.slow_query_ms = self.slow_query_ms.unwrap_or(options.slow_query_ms);
        Ok(options)
    }
}

/// Serves until it is told to stop.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    bourse_server::start_log();
    let options = arguments.options.options()?;
    let folder = arguments.data.clone().unwrap_or_else(|| PathBuf::from("bourse-demo"));
    if arguments.demo {
        return serve_market(&folder, &options);
    }
    if options.bootstrap_archive.is_some() && options.follow.is_none() {
        return Err(Error::invalid(
            "--bootstrap-archive is for a replica: name its leader with --follow, or make a store \
             of the archive with `bourse restore --archive URL --data DIR`",
        ));
    }
    let mut source = options.clone();
    // The first of a group, too, is made of another member then.
    let mut is_anew = false;
    loop {
        let is_new = !folder.join("STORE").exists();
        if options.follow.is_some() || options.node_id.is_some() {
            bootstrap(&folder, &source, arguments.create && !is_anew)?;
        }
        let database = open(&folder, arguments.create, &options)?;
        let server = Server::start(database, options.clone())?;
        tell(&server, &options);
        let end = server.wait_for_end()?;
        if end == End::Signal {
            eprintln!("stopping: running statements may end within {} ms", options.stop_timeout_ms);
        }
        let has_followed = server.has_followed();
        server.stop()?;
        match end {
            End::Signal => return Ok(Outcome::Good),
            End::Removed => return Err(replication::removed_member(&folder)),
            End::OpenAnew => eprintln!("the store is opened anew, as the group wants it"),
            End::BeginAnew => {
                eprintln!("nobody has what this node lacks any more: it begins anew");
                is_anew = true;
                replication::clear_for_new_start(&folder)?;
                // Where the archive ends before the leader's log begins, only the leader helps.
                source.bootstrap_archive = match is_new && !has_followed {
                    true => None,
                    false => options.bootstrap_archive.clone(),
                };
            }
        }
    }
}

/// Opens the store. One that this process has just closed may take a moment to be let go of.
fn open(folder: &Path, create: bool, options: &Options) -> Result<bourse::Database> {
    let deadline = sync::monotonic() + LETTING_GO;
    loop {
        match store::open_or_create_with(folder, create, options.of_store()) {
            Err(error)
                if error.kind() == ErrorKind::Busy
                    && options.node_id.is_some()
                    && sync::monotonic() < deadline =>
            {
                sync::sleep(Duration::from_millis(20));
            }
            opened => return opened,
        }
    }
}

/// Sees to it that there is a store of the leader's, or of a member's own.
fn bootstrap(folder: &Path, options: &Options, create: bool) -> Result<()> {
    let bar = progress_bar();
    let mut told = String::new();
    let mut tell = |state| match state {
        BootstrapProgress::Waiting(why) if why == told => {}
        BootstrapProgress::Waiting(why) => {
            bar.suspend(|| eprintln!("waiting for the leader: {why}"));
            told = why;
        }
        BootstrapProgress::Receiving(bytes) => {
            bar.set_message("bytes of a backup received");
            bar.set_position(bytes);
        }
        BootstrapProgress::Replaying(lsn) => {
            bar.set_message("the last record from the archive");
            bar.set_position(lsn);
        }
        BootstrapProgress::Restoring(done, total) => {
            bar.set_message("pages written");
            bar.set_length(total);
            bar.set_position(done);
        }
    };
    let prepared = match options.node_id {
        Some(_) => replication::prepare_member(folder, options, create, &mut tell),
        None => replication::prepare(folder, options, &mut tell),
    };
    bar.finish_and_clear();
    prepared
}

/// Serves a market until it is told to stop; what was traded is gone then.
fn serve_market(folder: &Path, options: &Options) -> Result<Outcome> {
    let progress = progress_bar();
    let market = Market::prepare(folder, &progress);
    progress.finish_and_clear();
    let market = market?;
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let trading = scope.spawn(|| market.trade_until(&is_over));
        let served = Server::start(market.database().clone(), options.clone()).and_then(|server| {
            tell(&server, options);
            eprintln!("trades stream in: SELECT count(*), max(timestamp) FROM trades");
            server.wait_for_end()?;
            Ok(server)
        });
        // Also where that failed: the other thread would trade on.
        is_over.store(true, Ordering::Release);
        let traded = trading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        served?.stop()?;
        traded
    })?;
    market.remove()?;
    Ok(Outcome::Good)
}

/// Says where it is, and who is let in.
fn tell(server: &Server, options: &Options) {
    let (address, database) = (server.address(), &options.database);
    eprintln!("PostgreSQL's protocol at {address}, database \"{database}\"");
    if let Some(http) = server.http_address() {
        eprintln!("HTTP at {http}");
    }
    if let Some(address) = server.replication_address() {
        eprintln!("replicas are let in at {address}");
    }
    if let Some(url) = &options.archive_to {
        match options.follow {
            None => eprintln!("what is committed also goes to the archive at {url}"),
            Some(_) => eprintln!("once it is promoted, it writes to the archive at {url}"),
        }
    }
    if let Some(id) = options.node_id {
        eprintln!("this is member {id} of the group {}", options.peers.as_deref().unwrap_or(""));
    }
    if let Some(leader) = &options.follow {
        eprintln!("this is a replica, {}, of {leader}: it takes no writes", options.node_name());
    }
    if server.has_users() {
        return;
    }
    eprintln!(
        "no users are defined: user \"bourse\" is trusted{}, without a password",
        if options.insecure { "" } else { " from this machine" }
    );
    eprintln!("  psql -h {} -p {} -U bourse {database}", address.ip(), address.port());
}
