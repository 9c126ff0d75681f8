//! A busy client's socket on the thread that runs its statements.
//!
//! A session has no thread, so each batch of messages goes from the task that has the socket to a
//! thread, and its answer back: two wakes, which take longer than most statements do. A client that
//! asks again as soon as it has its answer is spared that. Its socket goes to the thread together
//! with the session; the thread reads, runs, writes, and gives both back once the client makes a
//! pause, or so many others have something to do that handing over costs less: a thread that finds
//! the next batch in the queue does not wait at all.
//!
//! ```text
//! task --quick twice, few others-----> thread: run, write, wait, its turn, read, run, ...
//!   ^                                    |
//!   +--a pause, many others, the end-----+
//! ```
//!
//! # Invariants
//! - **I1** A socket has one reader at a time. While a thread has it the reactor knows nothing of
//!   it, so no message wakes two.
//! - **I2** A thread waits for its client for [`PAUSE`] at most, without a permit, and takes one in
//!   its turn: what is not messages (limits of time, notifications, the server's end) is the
//!   task's, which has the socket again by then.
//! - **I3** Whatever becomes of a job, its socket is in [`Direct`] until the task takes it back.
//! - **I4** A client that is gone while its statement runs ends that: [`Direct::tick`] looks.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bourse_storage::sync::{self, Mutex};
use bytes::BytesMut;
use hashbrown::HashMap;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{RecvFlags, recv};

use crate::connection::{self, READ_MAX, ROOM};
use crate::pipe::{Closed, Pipe};
use crate::registry::{Doing, Entry};
use crate::server::Shared;
use crate::session::{After, Session};
use crate::stream::Stream;
use crate::wire::frontend::{self, Message};
use crate::workers::{Class, Workers};

#[cfg(test)]
mod tests;

/// How long a thread waits for its client's next message.
const PAUSE: Duration = Duration::from_millis(1);

/// A client is quick that asks again within this time.
const QUICK: Duration = Duration::from_millis(1);

/// Sessions that have something to do at most while threads have sockets, for each permit: more of
/// them would be sessions with threads, which is what they are not to be.
const SESSIONS_A_PERMIT: usize = 4;

/// How quick a client is, of late.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// When it had its last answer; none before the first.
    answered: Option<Duration>,
    /// How often in a row it was quick.
    quick: u8,
}

impl Pace {
    /// It has its answer.
    pub(crate) fn answered(&mut self, now: Duration) {
        self.answered = Some(now);
    }

    /// It asks.
    pub(crate) fn asks(&mut self, now: Duration) {
        let Some(answered) = self.answered.take() else { return };
        match now.saturating_sub(answered) < QUICK {
            true => self.quick = self.quick.saturating_add(1),
            false => self.quick = 0,
        }
    }

    /// Whether its next message is soon to be expected.
    pub(crate) fn is_quick(&self) -> bool {
        self.quick >= 2
    }

    /// Its socket is the task's again.
    pub(crate) fn begin_anew(&mut self) {
        self.quick = 0;
    }
}

/// A socket apart from the reactor. It does not block: who waits for it polls.
#[derive(Debug)]
pub(crate) enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Socket {
    /// That of a stream, unless bytes on it are more than what was sent (TLS).
    fn of(stream: Stream) -> Result<Socket, Stream> {
        let failed = |error: io::Error| {
            tracing::debug!("a connection is lost: {error}");
            Stream::Gone
        };
        match stream {
            Stream::Tcp(stream) => stream.into_std().map(Socket::Tcp).map_err(failed),
            Stream::Unix(stream) => stream.into_std().map(Socket::Unix).map_err(failed),
            other => Err(other),
        }
    }

    /// For the reactor again.
    fn into_stream(self) -> Stream {
        let stream = match self {
            Socket::Tcp(stream) => tokio::net::TcpStream::from_std(stream).map(Stream::Tcp),
            Socket::Unix(stream) => tokio::net::UnixStream::from_std(stream).map(Stream::Unix),
        };
        stream.unwrap_or(Stream::Gone)
    }

    fn fd(&self) -> BorrowedFd<'_> {
        match self {
            Socket::Tcp(stream) => stream.as_fd(),
            Socket::Unix(stream) => stream.as_fd(),
        }
    }

    fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(stream) => (&*stream).read(buffer),
            Socket::Unix(stream) => (&*stream).read(buffer),
        }
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(stream) => (&*stream).write(bytes),
            Socket::Unix(stream) => (&*stream).write(bytes),
        }
    }

    /// Waits until it is ready for that, or gone. Returns whether it is.
    fn wait(&self, flags: PollFlags, limit: Duration) -> bool {
        let Ok(limit) = Timespec::try_from(limit) else { return false };
        poll(&mut [PollFd::new(&self.fd(), flags)], Some(&limit)).is_ok_and(|count| count > 0)
    }

    /// Writes all, as long as the client takes some of it within the limit.
    pub(crate) fn write_all(&self, mut bytes: &[u8], limit: Duration) -> Result<(), Closed> {
        while !bytes.is_empty() {
            match self.write(bytes) {
                Ok(0) => return Err(Closed),
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if !sync::wait_elsewhere(|| self.wait(PollFlags::OUT, limit)) {
                        return Err(Closed);
                    }
                }
                Err(_) => return Err(Closed),
            }
        }
        Ok(())
    }

    /// Whether the other side has closed it. Takes nothing from it.
    fn is_gone(&self) -> bool {
        let mut byte = [0];
        let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        match recv(self.fd(), &mut byte[..], flags) {
            Ok((length, _)) => length == 0,
            Err(error) => error != rustix::io::Errno::AGAIN && error != rustix::io::Errno::INTR,
        }
    }
}

/// A socket that a thread has, and whose it is.
#[derive(Debug)]
struct Taken {
    socket: Arc<Socket>,
    entry: Arc<Entry>,
}

/// Sockets that threads have.
#[derive(Debug, Default)]
pub(crate) struct Direct {
    /// By the numbers of sessions.
    sockets: Mutex<HashMap<u32, Taken>>,
    /// How many these are.
    count: AtomicUsize,
    taken: AtomicU64,
}

impl Direct {
    /// How often a thread has taken one.
    pub(crate) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Whether as many sessions have something to do as may while threads have sockets, those among
    /// them whose jobs are queued.
    fn is_crowded(&self, workers: &Workers) -> bool {
        let sessions = self.count.load(Ordering::Relaxed) + workers.load().queued;
        sessions > workers.permits() * SESSIONS_A_PERMIT
    }

    /// Takes the socket of a session out of its stream, if it may go to a thread.
    pub(crate) fn take(
        &self,
        entry: &Arc<Entry>,
        stream: &mut Stream,
        workers: &Workers,
    ) -> Option<Arc<Socket>> {
        if self.is_crowded(workers) {
            return None;
        }
        let mut sockets = self.sockets.lock();
        match Socket::of(std::mem::replace(stream, Stream::Gone)) {
            Ok(socket) => {
                let socket = Arc::new(socket);
                let taken = Taken { socket: Arc::clone(&socket), entry: Arc::clone(entry) };
                sockets.insert(entry.process, taken);
                self.count.store(sockets.len(), Ordering::Relaxed);
                self.taken.fetch_add(1, Ordering::Relaxed);
                Some(socket)
            }
            Err(other) => {
                *stream = other;
                None
            }
        }
    }

    /// The socket of a session as a stream again. Its thread has ended with it.
    pub(crate) fn give_back(&self, process: u32) -> Stream {
        let mut sockets = self.sockets.lock();
        let taken = sockets.remove(&process);
        self.count.store(sockets.len(), Ordering::Relaxed);
        drop(sockets);
        let socket = taken.and_then(|taken| Arc::into_inner(taken.socket));
        socket.map_or(Stream::Gone, Socket::into_stream)
    }

    /// Ends statements whose clients are gone (I4). To be called now and then.
    pub(crate) fn tick(&self) {
        for Taken { socket, entry } in self.sockets.lock().values() {
            if entry.activity().doing == Doing::Active && socket.is_gone() {
                entry.cancel();
            }
        }
    }
}

/// What a thread has of a connection.
pub(crate) struct Served {
    pub(crate) shared: Arc<Shared>,
    pub(crate) socket: Arc<Socket>,
    pub(crate) input: BytesMut,
    /// Bytes that are read at once.
    pub(crate) room: usize,
}

impl Served {
    /// Runs messages and what the client sends next, until it makes a pause or many others have
    /// something to do.
    pub(crate) fn run(&mut self, session: &mut Session, mut batch: Vec<Message>) -> After {
        let limit = self.shared.options.write_timeout();
        let pipe = Pipe::onto(Arc::clone(&self.socket), limit);
        loop {
            let is_full = self.shared.is_full();
            let after = session.run(batch, is_full, &pipe);
            let sent = self.socket.write_all(&session.take_output(), limit);
            if after == After::End || sent.is_err() {
                return After::End;
            }
            if session.class != Class::Short {
                return After::Continue;
            }
            match self.next() {
                Some(messages) => batch = messages,
                None => return After::Continue,
            }
        }
    }

    /// The next messages; none where the task is to go on.
    fn next(&mut self) -> Option<Vec<Message>> {
        let most = self.shared.options.max_message_bytes;
        loop {
            // What is broken stays where it is: the task says so.
            let batch = connection::take_batch(&mut self.input, most).ok()?;
            if !batch.is_empty() {
                return Some(batch);
            }
            let length = frontend::first_length(&self.input, most).ok().flatten().unwrap_or(0);
            let Shared { direct, workers, .. } = &*self.shared;
            let asks = || self.socket.wait(PollFlags::IN, PAUSE);
            if length > READ_MAX || direct.is_crowded(workers) || !workers.pause(asks) {
                return None; // I2
            }
            self.read()?;
        }
    }

    /// Reads what there is. The end is left to the task, which finds it again.
    fn read(&mut self) -> Option<()> {
        let before = self.input.len();
        self.input.resize(before + self.room, 0);
        let read = self.socket.read(&mut self.input[before..]);
        self.input.truncate(before + read.as_ref().map_or(0, |length| *length));
        match read {
            Ok(0) => None,
            Ok(length) => {
                // Where there is more than was asked for it is a long message, or many.
                self.room = if length < self.room { ROOM } else { READ_MAX };
                Some(())
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Some(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Some(()),
            Err(_) => None,
        }
    }
}
