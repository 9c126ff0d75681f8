//! The socket of a session: messages in, answers out, and what becomes of clients that are silent,
//! slow or gone.
//!
//! # Invariants
//! - **I1** A connection keeps at most a message of its client, what lies in its pipe and the
//!   answers that have not left; messages above 64 KiB only while there is room for such.
//! - **I2** A client that takes nothing for `write_timeout_ms`, or is gone, ends its statement.

use std::sync::Arc;
use std::time::Duration;

use bourse_sql::error::SqlError;
use bourse_storage::sync;
use bytes::BytesMut;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::direct::{Pace, Served};
use crate::handshake;
use crate::pipe::Pipe;
use crate::registry::Entry;
use crate::server::{Counted, Shared};
use crate::session::{self, After, Session};
use crate::stream::Stream;
use crate::wire::backend;
use crate::wire::frontend::{self, Broken, Message};
use crate::workers::Class;

/// Messages that are done in one go, so that a long series is no excuse to keep a permit.
const BATCH_MAX: usize = 1_000;

/// Bytes that are read ahead of what is being done, and the size from which a message needs room.
pub(crate) const READ_MAX: usize = 64 << 10;

/// Bytes that a connection reads into while it waits.
pub(crate) const ROOM: usize = 4 << 10;

/// From the socket's first byte to its last.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    stream: Stream,
    peer: String,
    is_near: bool,
    counted: Counted,
) {
    // Apart from the rest, so that what it needs is gone when the session waits.
    let begun = Box::pin(handshake::run(&shared, stream, &peer, is_near)).await;
    let Some((stream, input, session)) = begun else { return };
    let process = session.entry.process;
    let (pipe, pace) = (Arc::default(), Pace::default());
    let mut connection = Connection { stream, input, pipe, shared, held: None, pace };
    let left = connection.go(session).await;
    connection.pipe.close();
    let _ = tokio::time::timeout(Duration::from_secs(1), connection.stream.shutdown()).await;
    let shared = Arc::clone(&connection.shared);
    drop(connection);
    // The end of a transaction is work for a thread that may wait.
    let gone = Arc::clone(&shared);
    let end = move || {
        drop(left);
        gone.registry.remove(process);
        drop(counted);
    };
    if shared.workers.submit(Class::Short, end).is_err() {
        shared.registry.remove(process);
    }
}

struct Connection {
    stream: Stream,
    input: BytesMut,
    pipe: Arc<Pipe>,
    shared: Arc<Shared>,
    /// Room for the large message that is being received (I1).
    held: Option<OwnedSemaphorePermit>,
    pace: Pace,
}

/// Takes the messages that are there.
pub(crate) fn take_batch(input: &mut BytesMut, most: usize) -> Result<Vec<Message>, Broken> {
    let mut batch = Vec::new();
    while batch.len() < BATCH_MAX {
        match frontend::decode(input, most) {
            Ok(Some(message)) => batch.push(message),
            Ok(None) => break,
            // What came before it is done first.
            Err(_) if !batch.is_empty() => break,
            Err(broken) => return Err(broken),
        }
    }
    if input.is_empty() && input.capacity() > READ_MAX {
        *input = BytesMut::new();
    }
    Ok(batch)
}

/// The connection is over; nothing more can be said.
struct Over;

impl Connection {
    /// Serves until the end; gives back what is left of the session.
    async fn go(&mut self, mut session: Box<Session>) -> Option<Box<Session>> {
        loop {
            if self.send(session.take_output()).await.is_err() {
                return Some(session);
            }
            let most = self.shared.options.max_message_bytes;
            let batch = match take_batch(&mut self.input, most) {
                Ok(batch) => batch,
                Err(Broken(message)) => {
                    self.say_goodbye(&mut session, &SqlError::new("08P01", message)).await;
                    return Some(session);
                }
            };
            if batch.is_empty() {
                let (entry, limit, error) = self.limit(&session);
                match self.wait(&entry, limit, error).await {
                    Ok(Waited::Read) => {}
                    Ok(Waited::Notified) => session.tell_notifications(),
                    Ok(Waited::Ends(error)) => {
                        self.say_goodbye(&mut session, &error).await;
                        return Some(session);
                    }
                    Err(Over) => return Some(session),
                }
                continue;
            }
            self.pace.asks(sync::monotonic());
            let Some((back, after)) = self.run(session, batch).await else {
                // The statement panicked, and took the session with it.
                let mut out = Vec::new();
                let error = SqlError::new("XX000", "internal error: the session is lost")
                    .with_hint("The server's log has more.");
                backend::error(&mut out, backend::FATAL, &error);
                let _ = self.send(out).await;
                return None;
            };
            session = back;
            self.held = None;
            self.pace.answered(sync::monotonic());
            if after == After::End {
                session.sendable = session.out.len();
                let _ = self.send(session.take_output()).await;
                return Some(session);
            }
        }
    }

    /// Reads more; the client may take its time between messages, and not in the midst of one.
    async fn read(&mut self) -> Result<(), Over> {
        let most = self.shared.options.max_message_bytes;
        let length = frontend::first_length(&self.input, most).ok().flatten().unwrap_or(0);
        if length > READ_MAX && self.held.is_none() {
            let kilobytes = u32::try_from(length >> 10).unwrap_or(u32::MAX);
            let most = self.shared.options.message_memory_bytes >> 10;
            let kilobytes = kilobytes.min(u32::try_from(most).unwrap_or(u32::MAX));
            let room = Arc::clone(&self.shared.message_room).acquire_many_owned(kilobytes);
            self.held = room.await.ok();
        }
        self.input.reserve(if length > READ_MAX { READ_MAX } else { ROOM });
        match self.stream.read_buf(&mut self.input).await {
            Ok(0) | Err(_) => Err(Over),
            Ok(_) => Ok(()),
        }
    }

    /// How long the client may say nothing, and what it is told then.
    fn limit(&self, session: &Session) -> (Arc<Entry>, Option<Duration>, SqlError) {
        let (limit, error) = if !self.input.is_empty() {
            let error = SqlError::new("08P01", "a message was not ended in time");
            (Some(self.shared.options.message_timeout()), error)
        } else if session.is_in_transaction() {
            let message = "terminating connection due to idle-in-transaction timeout";
            let limit = session.timeout("idle_in_transaction_session_timeout");
            (limit, SqlError::new("25P03", message))
        } else {
            let message = "terminating connection due to idle-session timeout";
            (session.timeout("idle_session_timeout"), SqlError::new("57P05", message))
        };
        (Arc::clone(&session.entry), limit, error)
    }

    /// Waits for the client, or for something else to happen.
    async fn wait(
        &mut self,
        entry: &Entry,
        limit: Option<Duration>,
        error: SqlError,
    ) -> Result<Waited, Over> {
        if entry.is_terminated() {
            return Ok(Waited::Ends(session::terminated()));
        }
        tokio::select! {
            read = self.read() => read.map(|()| Waited::Read),
            () = entry.wake.notified() => Ok(Waited::Notified),
            () = time_out(limit) => Ok(Waited::Ends(error)),
        }
    }

    /// Has messages done by a thread, and passes on what comes of it meanwhile.
    async fn run(
        &mut self,
        session: Box<Session>,
        batch: Vec<Message>,
    ) -> Option<(Box<Session>, After)> {
        if let Some(served) = self.serve_directly(&session) {
            return self.run_directly(session, batch, served).await;
        }
        let entry = Arc::clone(&session.entry);
        let (done, mut is_done) = oneshot::channel();
        let (class, pipe) = (session.class, Arc::clone(&self.pipe));
        let is_full = self.shared.is_full();
        let job = move || {
            let mut session = session;
            let after = session.run(batch, is_full, &pipe);
            let _ = done.send((session, after));
        };
        if self.shared.workers.submit(class, job).is_err() {
            return None;
        }
        let mut is_gone = false;
        loop {
            let ahead = self.input.len() < READ_MAX && !is_gone;
            tokio::select! {
                biased;
                done = &mut is_done => {
                    while let Some(chunk) = self.pipe.take() {
                        is_gone = is_gone || self.write(&chunk).await.is_err();
                    }
                    let (session, after) = done.ok()?;
                    return Some((session, if is_gone { After::End } else { after }));
                }
                chunk = self.pipe.receive() => {
                    if !is_gone && self.write(&chunk).await.is_err() {
                        is_gone = true;
                    }
                }
                read = self.stream.read_buf(&mut self.input), if ahead => {
                    is_gone = matches!(read, Ok(0) | Err(_));
                    self.input.reserve(ROOM);
                }
            }
            if is_gone {
                self.pipe.close(); // I2
                entry.cancel();
            }
        }
    }

    /// What a thread needs of the connection to serve a client that is quick, where it may.
    fn serve_directly(&mut self, session: &Session) -> Option<Served> {
        let is_fit = self.pace.is_quick() && self.held.is_none() && session.class == Class::Short;
        if !is_fit {
            return None;
        }
        let shared = Arc::clone(&self.shared);
        let socket = shared.direct.take(&session.entry, &mut self.stream, &shared.workers)?;
        let input = std::mem::take(&mut self.input);
        Some(Served { shared, socket, input, room: ROOM })
    }

    /// Has messages done by a thread, and those that come at once after them.
    async fn run_directly(
        &mut self,
        session: Box<Session>,
        batch: Vec<Message>,
        served: Served,
    ) -> Option<(Box<Session>, After)> {
        let process = session.entry.process;
        let (done, is_done) = oneshot::channel();
        let job = move || {
            let (mut session, mut served) = (session, served);
            let after = served.run(&mut session, batch);
            let Served { input, socket, .. } = served;
            drop(socket);
            let _ = done.send((session, after, input));
        };
        let submitted = self.shared.workers.submit(Class::Short, job);
        let ended = is_done.await;
        self.stream = self.shared.direct.give_back(process);
        submitted.ok()?;
        let (session, after, input) = ended.ok()?;
        self.input = input;
        self.pace.begin_anew();
        Some((session, after))
    }

    async fn say_goodbye(&mut self, session: &mut Session, error: &SqlError) {
        session.end(error);
        let _ = self.send(session.take_output()).await;
    }

    async fn send(&mut self, bytes: Vec<u8>) -> Result<(), Over> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.write(&bytes).await
    }

    /// Writes all, as long as the client takes some of it within the time that it has (I2).
    async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Over> {
        let limit = self.shared.options.write_timeout();
        while !bytes.is_empty() {
            let written = tokio::time::timeout(limit, self.stream.write(bytes)).await;
            match written {
                Ok(Ok(written)) if written > 0 => bytes = &bytes[written..],
                _ => return Err(Over),
            }
        }
        match tokio::time::timeout(limit, self.stream.flush()).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Over),
        }
    }
}

/// What ended a wait.
enum Waited {
    /// The client said something.
    Read,
    /// Others have told it something.
    Notified,
    /// The session is over.
    Ends(SqlError),
}

async fn time_out(limit: Option<Duration>) {
    match limit {
        Some(limit) => tokio::time::sleep(limit).await,
        None => std::future::pending().await,
    }
}
