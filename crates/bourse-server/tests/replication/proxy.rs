//! A stretch of network between two nodes: it can be cut, and changes bytes when it is told to.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// See the module's head.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    pub(crate) state: Arc<State>,
}

#[derive(Default)]
pub(crate) struct State {
    open: Mutex<Vec<TcpStream>>,
    is_over: AtomicBool,
    refuses: AtomicBool,
    /// Bytes from the server to go before one is changed; negative: none is.
    damages_in: AtomicI64,
    pub(crate) damaged: AtomicU64,
    pub(crate) connections: AtomicU64,
}

impl Proxy {
    pub(crate) fn to(server: SocketAddr) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State { damages_in: AtomicI64::new(-1), ..State::default() });
        let of = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if of.is_over.load(Ordering::SeqCst) {
                    return;
                }
                if of.refuses.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(server) = TcpStream::connect(server) else { continue };
                of.connections.fetch_add(1, Ordering::SeqCst);
                let both = [&client, &server].map(|one| one.try_clone().unwrap());
                of.open.lock().unwrap_or_else(PoisonError::into_inner).extend(both);
                let (back, forth) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let state = Arc::clone(&of);
                std::thread::spawn(move || pass(client, server, None));
                std::thread::spawn(move || pass(back, forth, Some(&state)));
            }
        });
        Proxy { address, state }
    }

    /// Ends all connections.
    pub(crate) fn cut(&self) {
        let mut open = self.state.open.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Ends all connections, and lets none through until it is told otherwise.
    pub(crate) fn refuse(&self, refuses: bool) {
        self.state.refuses.store(refuses, Ordering::SeqCst);
        if refuses {
            self.cut();
        }
    }

    /// Changes a byte from the server once so many have passed.
    pub(crate) fn damage_in(&self, bytes: i64) {
        self.state.damages_in.store(bytes, Ordering::SeqCst);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::SeqCst);
        self.cut();
        let _ = TcpStream::connect(self.address);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, state: Option<&State>) {
    let mut bytes = vec![0; 32 << 10];
    loop {
        let length = match from.read(&mut bytes) {
            Ok(length) if length > 0 => length,
            _ => break,
        };
        if let Some(state) = state {
            let left = state.damages_in.load(Ordering::SeqCst);
            if left >= 0 {
                let left = left - i64::try_from(length).unwrap();
                state.damages_in.store(left.max(-1), Ordering::SeqCst);
                if left < 0 {
                    bytes[length / 2] ^= 0x10;
                    state.damaged.fetch_add(1, Ordering::SeqCst);
                }
            }
        }
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
