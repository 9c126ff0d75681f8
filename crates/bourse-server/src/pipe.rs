//! From the thread that runs a statement to the task that has the socket, or to the socket where
//! the thread has that: bytes, and no more of them than the client takes.
//!
//! # Invariants
//! - **I1** At most [`BYTES_MAX`] and one chunk lie in the pipe: who sends waits until there is
//!   room. That wait gives its permit to other sessions, as any other does.
//! - **I2** Once the pipe is closed nobody waits at it any more, and what is sent is refused.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::sync::{Condvar, Mutex};
use bytes::Bytes;
use tokio::sync::Notify;

use crate::direct::Socket;

/// Bytes that a client may be behind.
const BYTES_MAX: usize = 256 << 10;

/// See the module's head.
#[derive(Debug, Default)]
pub(crate) struct Pipe {
    state: Mutex<State>,
    room: Condvar,
    filled: Notify,
    /// Where bytes go at once, and how long the client may take none of them.
    socket: Option<(Arc<Socket>, Duration)>,
}

#[derive(Debug, Default)]
struct State {
    chunks: VecDeque<Bytes>,
    bytes: usize,
    is_closed: bool,
}

/// The client is gone, or too slow.
#[derive(Debug)]
pub(crate) struct Closed;

impl Pipe {
    /// One that is a socket.
    pub(crate) fn onto(socket: Arc<Socket>, limit: Duration) -> Pipe {
        Pipe { socket: Some((socket, limit)), ..Pipe::default() }
    }

    /// Puts bytes in, once there is room.
    pub(crate) fn send(&self, chunk: Vec<u8>) -> Result<(), Closed> {
        if let Some((socket, limit)) = &self.socket {
            return socket.write_all(&chunk, *limit);
        }
        let mut state = self.state.lock();
        while state.bytes >= BYTES_MAX && !state.is_closed {
            self.room.wait(&mut state); // I1
        }
        if state.is_closed {
            return Err(Closed); // I2
        }
        state.bytes += chunk.len();
        state.chunks.push_back(chunk.into());
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for bytes.
    pub(crate) async fn receive(&self) -> Bytes {
        loop {
            if let Some(chunk) = self.take() {
                return chunk;
            }
            self.filled.notified().await;
        }
    }

    /// Bytes that are there.
    pub(crate) fn take(&self) -> Option<Bytes> {
        let mut state = self.state.lock();
        let chunk = state.chunks.pop_front()?;
        state.bytes -= chunk.len();
        drop(state);
        self.room.notify_all();
        Some(chunk)
    }

    /// Nothing more is taken.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock();
        state.is_closed = true;
        state.chunks.clear();
        state.bytes = 0;
        drop(state);
        self.room.notify_all();
    }
}
