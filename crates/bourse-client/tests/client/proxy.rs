//! A stretch of network between a client and a server: it can hang, and it can be cut exactly when
//! COMMIT is on its way.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What becomes of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Mode {
    /// They pass.
    Pass,
    /// They are taken and go nowhere; connections are accepted.
    Hang,
    /// The next COMMIT does not pass, and its connection is cut.
    CutBeforeCommit,
    /// The next COMMIT passes, its answer does not, and its connection is cut.
    CutAfterCommit,
    /// Connections are ended.
    Over,
}

/// See the module's head.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    mode: AtomicU8,
    cuts: AtomicUsize,
    open: Mutex<Vec<TcpStream>>,
}

impl State {
    fn is(&self, mode: Mode) -> bool {
        self.mode.load(Ordering::SeqCst) == mode as u8
    }
}

impl Proxy {
    pub(crate) fn to(server: SocketAddr) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            mode: AtomicU8::new(Mode::Pass as u8),
            cuts: AtomicUsize::new(0),
            open: Mutex::default(),
        });
        let of = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if of.is(Mode::Over) {
                    return;
                }
                let Ok(server) = TcpStream::connect(server) else { continue };
                let both = [&client, &server].map(|one| one.try_clone().unwrap());
                of.open.lock().unwrap_or_else(PoisonError::into_inner).extend(both);
                let (back, forth) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let (to_server, to_client) = (Arc::clone(&of), Arc::clone(&of));
                std::thread::spawn(move || pass(client, server, &to_server, true));
                std::thread::spawn(move || pass(back, forth, &to_client, false));
            }
        });
        Proxy { address, state }
    }

    pub(crate) fn set(&self, mode: Mode) {
        self.state.mode.store(mode as u8, Ordering::SeqCst);
    }

    /// How often a connection was cut at its COMMIT.
    pub(crate) fn cuts(&self) -> usize {
        self.state.cuts.load(Ordering::SeqCst)
    }

    /// Ends all connections.
    pub(crate) fn cut(&self) {
        let mut open = self.state.open.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.set(Mode::Over);
        self.cut();
        let _ = TcpStream::connect(self.address);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, state: &State, is_to_server: bool) {
    let mut bytes = vec![0; 32 << 10];
    while let Ok(length) = from.read(&mut bytes) {
        if length == 0 {
            break;
        }
        while state.is(Mode::Hang) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let commits = is_to_server && bytes[..length].windows(7).any(|part| part == b"COMMIT\0");
        if commits && state.is(Mode::CutBeforeCommit) {
            state.mode.store(Mode::Pass as u8, Ordering::SeqCst);
            state.cuts.fetch_add(1, Ordering::SeqCst);
            break;
        }
        if commits && state.is(Mode::CutAfterCommit) {
            // The other direction goes on reading; its client is gone before anything comes.
            let _ = from.shutdown(Shutdown::Both);
            state.mode.store(Mode::Pass as u8, Ordering::SeqCst);
            state.cuts.fetch_add(1, Ordering::SeqCst);
            let _ = to.write_all(&bytes[..length]);
            // The server does what it has received before it sees the end of it.
            let _ = to.shutdown(Shutdown::Write);
            return;
        }
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
