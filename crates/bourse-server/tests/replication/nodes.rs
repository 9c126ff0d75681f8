//! Nodes: servers over stores of their own, and what tests ask of them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bourse::Database;
use bourse_server::replication::{self, BootstrapProgress};
use bourse_server::{Options, Server};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A folder for the nodes of a test, with the secret that they share. Fields are dropped in order.
pub(crate) struct Cluster {
    pub(crate) clients: Runtime,
    pub(crate) folder: TempDir,
}

/// A node that runs.
pub(crate) struct Node {
    pub(crate) server: Option<Server>,
    pub(crate) data: PathBuf,
    pub(crate) options: Options,
}

pub(crate) fn nowhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

impl Cluster {
    pub(crate) fn new() -> Cluster {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), [b's'; 40]).unwrap();
        let clients = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        Cluster { clients, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn options(&self) -> Options {
        Options {
            listen: nowhere(),
            stop_timeout_ms: 2_000,
            cluster_secret_file: Some(self.path("secret")),
            replication_heartbeat_ms: 50,
            replication_timeout_ms: 5_000,
            ..Options::default()
        }
    }

    pub(crate) fn leader(&self) -> Node {
        self.leader_with(bourse::Options::default())
    }

    pub(crate) fn leader_with(&self, store: bourse::Options) -> Node {
        let options = Options { replication_listen: Some(nowhere()), ..self.options() };
        let data = self.path("leader");
        let database = Database::open(&data, store).unwrap();
        Node { server: Some(Server::start(database, options.clone()).unwrap()), data, options }
    }

    /// A replica of what lets replicas in at an address.
    pub(crate) fn replica(&self, name: &str, of: SocketAddr) -> Node {
        self.try_replica(name, of).unwrap()
    }

    pub(crate) fn try_replica(&self, name: &str, of: SocketAddr) -> bourse::Result<Node> {
        let options = Options {
            follow: Some(of.to_string()),
            node_name: Some(name.to_owned()),
            ..self.options()
        };
        let data = self.path(name);
        let mut node = Node { server: None, data, options };
        node.try_start()?;
        Ok(node)
    }

    /// Runs a future, and fails rather than to wait for ever.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.clients.block_on(async {
            tokio::time::timeout(PATIENCE, future).await.expect("an answer in time")
        })
    }

    pub(crate) fn client(&self, node: &Node) -> Client {
        let address = node.server().address();
        let config = format!("host=127.0.0.1 port={} user=bourse dbname=bourse", address.port());
        self.run(async {
            let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
            tokio::spawn(async move {
                // A test that ends a session sees that by its client.
                let _ = connection.await;
            });
            client
        })
    }

    pub(crate) fn execute(&self, client: &Client, text: &str) {
        self.run(client.batch_execute(text)).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    }

    /// The only value of a query, as text.
    pub(crate) fn value(&self, client: &Client, text: &str) -> String {
        self.try_value(client, text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
    }

    pub(crate) fn try_value(
        &self,
        client: &Client,
        text: &str,
    ) -> Result<String, tokio_postgres::Error> {
        let messages = self.run(client.simple_query(text))?;
        let row = messages.iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        Ok(row.and_then(|row| row.get(0)).unwrap_or("").to_owned())
    }
}

impl Node {
    pub(crate) fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    pub(crate) fn replication(&self) -> SocketAddr {
        self.server().replication_address().unwrap()
    }

    /// Starts it again where it was.
    pub(crate) fn start(&mut self) {
        self.try_start().unwrap();
    }

    pub(crate) fn try_start(&mut self) -> bourse::Result<()> {
        if self.options.follow.is_some() {
            replication::prepare(&self.data, &self.options, &mut |state| {
                if let BootstrapProgress::Waiting(why) = state {
                    eprintln!("waiting: {why}");
                }
            })?;
        }
        let database = Database::open(&self.data, self.options.of_store())?;
        self.server = Some(Server::start(database, self.options.clone())?);
        Ok(())
    }

    pub(crate) fn stop(&mut self) {
        self.server.take().unwrap().stop().unwrap();
    }
}

/// A text that two nodes have in common exactly if they have the same rows.
pub(crate) const SUM: &str =
    "SELECT count(*) || ':' || coalesce(sum(id * 31 + value), 0) FROM entries";

/// Waits until something is so.
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} did not come in time");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The command, if it was built: tests of the workspace build it before they run.
pub(crate) fn command() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap();
    folder.join("bourse")
}

/// What a node answers by HTTP.
pub(crate) fn get(node: &Node, path: &str) -> String {
    crate::http::get(node.server().http_address().unwrap(), path)
}
