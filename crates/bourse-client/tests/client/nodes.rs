//! Nodes: servers over stores of their own, and clients of them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bourse::Database;
use bourse_client::{Builder, Client, Options};
use bourse_server::{Server, replication};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_postgres::NoTls;

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A folder for the nodes of a test, with the secret that they share. Fields are dropped in order.
pub(crate) struct Cluster {
    pub(crate) runtime: Runtime,
    folder: TempDir,
}

/// A node that runs.
pub(crate) struct Node {
    server: Option<Server>,
}

fn nowhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

impl Cluster {
    pub(crate) fn new() -> Cluster {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), [b's'; 40]).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        Cluster { runtime, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn options(&self) -> bourse_server::Options {
        bourse_server::Options {
            listen: nowhere(),
            stop_timeout_ms: 2_000,
            cluster_secret_file: Some(self.path("secret")),
            replication_heartbeat_ms: 50,
            replication_timeout_ms: 5_000,
            ..bourse_server::Options::default()
        }
    }

    /// A leader with a table of entries.
    pub(crate) fn leader(&self) -> Node {
        let leader = self.empty_leader("leader");
        self.direct(
            &leader,
            "CREATE TABLE entries (id bigint PRIMARY KEY, value bigint); \
             INSERT INTO entries SELECT n, 0 FROM generate_series(1, 10) n",
        );
        leader
    }

    pub(crate) fn empty_leader(&self, name: &str) -> Node {
        let options =
            bourse_server::Options { replication_listen: Some(nowhere()), ..self.options() };
        let database = Database::open(self.path(name), bourse::Options::default()).unwrap();
        Node { server: Some(Server::start(database, options).unwrap()) }
    }

    /// A replica of what lets replicas in at an address.
    pub(crate) fn replica(&self, name: &str, of: SocketAddr) -> Node {
        let options = bourse_server::Options {
            follow: Some(of.to_string()),
            node_name: Some(name.to_owned()),
            ..self.options()
        };
        let data = self.path(name);
        replication::prepare(&data, &options, &mut |_| {}).unwrap();
        let database = Database::open(&data, bourse::Options::default()).unwrap();
        Node { server: Some(Server::start(database, options).unwrap()) }
    }

    /// Runs a future, and fails rather than to wait for ever.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(async {
            tokio::time::timeout(PATIENCE, future).await.expect("an answer in time")
        })
    }

    /// The first value that a node gives for a text, asked without a client.
    pub(crate) fn direct(&self, node: &Node, text: &str) -> String {
        self.run(async {
            let config = format!("host=127.0.0.1 port={} user=bourse", node.address().port());
            let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
            let carrying = tokio::spawn(connection);
            let told = client.simple_query(text).await;
            let told = told.unwrap_or_else(|error| panic!("{text}: {error:?}"));
            drop(client);
            carrying.await.unwrap().unwrap();
            let value = told.iter().find_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            });
            value.unwrap_or_default()
        })
    }

    /// Waits until a replica has what a node has.
    pub(crate) fn same(&self, leader: &Node, replica: &Node) {
        let token = self.direct(leader, "SELECT bourse_token()");
        let text = format!("SELECT bourse_wait_for_lsn('{token}', 30000)");
        assert_eq!(self.direct(replica, &text), "t");
    }

    /// A client of addresses, with options that make things happen soon.
    pub(crate) fn client(&self, addresses: &[SocketAddr]) -> Client {
        self.client_with(addresses, soon(), |builder| builder)
    }

    pub(crate) fn client_with(
        &self,
        addresses: &[SocketAddr],
        options: Options,
        more: impl FnOnce(Builder) -> Builder,
    ) -> Client {
        let _inside = self.runtime.enter();
        let mut builder = Client::builder().options(options);
        for address in addresses {
            builder = builder.node(address.to_string());
        }
        more(builder).build().unwrap()
    }
}

/// Options with which things happen soon.
pub(crate) fn soon() -> Options {
    let mut options = Options::default();
    options.probe_interval = Duration::from_millis(100);
    options.connect_timeout = Duration::from_millis(1_000);
    options.breaker.pause_min = Duration::from_millis(100);
    options.breaker.pause_max = Duration::from_millis(400);
    options
}

impl Node {
    fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server().address()
    }

    pub(crate) fn replication(&self) -> SocketAddr {
        self.server().replication_address().unwrap()
    }

    pub(crate) fn stop(&mut self) {
        self.server.take().unwrap().stop().unwrap();
    }
}

/// Waits until something is so.
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} did not come in time");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The address of the node that a client takes for the leader.
pub(crate) fn leader_of(client: &Client) -> Option<String> {
    client.nodes().into_iter().find(|node| node.is_leader).map(|node| node.address)
}
