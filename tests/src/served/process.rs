//! The process that is killed: a store, and a server in front of it.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;

use bourse::{Database, Error, Options, Result};
use bourse_server::Server;
use bourse_storage::sync;
use std::time::Duration;

/// How the store is opened: many checkpoints, and a log that is often cut.
pub fn options() -> Options {
    Options {
        shards: 4,
        cache_bytes: 32 << 20,
        log_segment_bytes: 1 << 20,
        checkpoint_log_bytes: 4 << 20,
        ..Options::default()
    }
}

/// Opens the store and serves it until the process is killed. Says where on standard output.
///
/// # Errors
/// The store's and the server's.
pub fn run(folder: &Path) -> Result<()> {
    let store = Database::open(folder, options())?;
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let options = bourse_server::Options { listen, ..bourse_server::Options::default() };
    let server = Server::start(store, options)?;
    let mut output = std::io::stdout();
    let said = writeln!(output, "{}", server.address()).and_then(|()| output.flush());
    said.map_err(|error| Error::io("cannot say where the server listens", error))?;
    loop {
        sync::sleep(Duration::from_secs(3_600));
    }
}
