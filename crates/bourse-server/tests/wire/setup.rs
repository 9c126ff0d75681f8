//! A server over a store of its own, and clients of it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use bourse::Database;
use bourse_server::{Options, Server};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A server and a runtime for its clients. Fields are dropped in this order.
pub(crate) struct Setup {
    pub(crate) clients: Runtime,
    pub(crate) server: Option<Server>,
    /// Where its store is, until it is dropped.
    _folder: TempDir,
}

/// Options for a test: any port, and little patience.
pub(crate) fn options() -> Options {
    Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        stop_timeout_ms: 5_000,
        ..Options::default()
    }
}

impl Setup {
    pub(crate) fn new() -> Setup {
        Setup::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Options)) -> Setup {
        Setup::prepared(change, |_| {})
    }

    /// With a store that was prepared before.
    pub(crate) fn prepared(
        change: impl FnOnce(&mut Options),
        prepare: impl FnOnce(&Database),
    ) -> Setup {
        let folder = tempfile::tempdir().unwrap();
        let store = Database::open(folder.path(), bourse::Options::default()).unwrap();
        prepare(&store);
        let mut options = options();
        change(&mut options);
        let server = Some(Server::start(store, options).unwrap());
        let clients = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        Setup { clients, server, _folder: folder }
    }

    pub(crate) fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server().address()
    }

    /// What tokio-postgres connects by.
    pub(crate) fn config(&self, more: &str) -> String {
        let address = self.address();
        format!("host={} port={} user=bourse dbname=bourse {more}", address.ip(), address.port())
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with("")
    }

    pub(crate) fn client_with(&self, more: &str) -> Client {
        self.try_client(&self.config(more)).unwrap()
    }

    pub(crate) fn try_client(&self, config: &str) -> Result<Client, tokio_postgres::Error> {
        self.clients.block_on(async {
            let (client, connection) = tokio_postgres::connect(config, NoTls).await?;
            tokio::spawn(async move {
                // A test that ends a session sees that by its client.
                let _ = connection.await;
            });
            Ok(client)
        })
    }

    /// Runs a future, and fails rather than to wait for ever.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.clients.block_on(async {
            tokio::time::timeout(PATIENCE, future).await.expect("an answer in time")
        })
    }

    pub(crate) fn raw(&self) -> Raw {
        Raw::connect(self.address())
    }

    /// A raw connection whose session has begun.
    pub(crate) fn raw_session(&self) -> Raw {
        let mut raw = self.raw();
        raw.begin(&[("user", "bourse"), ("database", "bourse")]);
        raw.until(b'Z');
        raw
    }
}

/// A connection of which the test writes every byte.
pub(crate) struct Raw(pub(crate) TcpStream);

impl Raw {
    pub(crate) fn connect(address: SocketAddr) -> Raw {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Raw(stream)
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    pub(crate) fn message(&mut self, kind: u8, body: &[u8]) {
        let bytes = message(kind, body);
        self.send(&bytes);
    }

    pub(crate) fn begin(&mut self, pairs: &[(&str, &str)]) {
        let mut body = 0x0003_0000_u32.to_be_bytes().to_vec();
        for (name, value) in pairs {
            for text in [name, value] {
                body.extend_from_slice(text.as_bytes());
                body.push(0);
            }
        }
        body.push(0);
        let length = u32::try_from(body.len() + 4).unwrap();
        self.send(&[&length.to_be_bytes()[..], &body].concat());
    }

    /// The next message: its kind and body; `None` when the server has closed the connection.
    pub(crate) fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.0.read_exact(&mut head).ok()?;
        let length = u32::from_be_bytes(head[1..].try_into().unwrap());
        let mut body = vec![0; usize::try_from(length).unwrap() - 4];
        self.0.read_exact(&mut body).ok()?;
        Some((head[0], body))
    }

    /// Kinds of messages up to one of a kind.
    pub(crate) fn until(&mut self, kind: u8) -> String {
        let mut kinds = String::new();
        loop {
            let (next, _) = self.next().unwrap_or_else(|| panic!("closed after {kinds:?}"));
            kinds.push(char::from(next));
            if next == kind {
                return kinds;
            }
        }
    }

    /// Fields of the next error.
    pub(crate) fn error(&mut self) -> Vec<(char, String)> {
        loop {
            let (kind, body) = self.next().expect("an error");
            if kind == b'E' {
                return fields(&body);
            }
        }
    }

    /// Whether the server has nothing more to say and has closed the connection.
    pub(crate) fn is_closed(&mut self) -> bool {
        while self.next().is_some() {}
        let waits = |error: std::io::Error| error.kind() == std::io::ErrorKind::WouldBlock;
        !self.0.read(&mut [0]).is_err_and(waits)
    }
}

pub(crate) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[kind][..], &length.to_be_bytes(), body].concat()
}

pub(crate) fn fields(body: &[u8]) -> Vec<(char, String)> {
    let texts = body.split(|byte| *byte == 0).filter(|text| !text.is_empty());
    let field = |text: &[u8]| (char::from(text[0]), String::from_utf8_lossy(&text[1..]).into());
    texts.map(field).collect()
}

pub(crate) fn field(fields: &[(char, String)], code: char) -> Option<&str> {
    fields.iter().find(|(of, _)| *of == code).map(|(_, text)| text.as_str())
}

/// The SQLSTATE of an error.
pub(crate) fn state(error: &tokio_postgres::Error) -> String {
    error.code().map(|code| code.code().to_owned()).unwrap_or_else(|| format!("{error:?}"))
}
