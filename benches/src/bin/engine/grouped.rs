//! One thread that writes for all others: the well-known way to have a store of one writer commit
//! for many threads. It takes every change that waits, makes them in one transaction, and tells
//! those who wait when it is committed. It is the application's code, written once for all peers.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use crate::Outcome;
use crate::change::{Change, Peer, Seen, Session, Sums};

/// Requests of one transaction at most, so that the first of them does not wait for ever.
const GROUP: usize = 256;

/// What became of a request; of an error, what it says.
type Answer = Result<(), String>;

/// Changes that wait, and whom to tell.
pub(crate) struct Request {
    changes: Vec<Change>,
    done: SyncSender<Answer>,
}

/// A way in for threads, and what the writing thread reads from.
pub(crate) fn queue() -> (Sender<Request>, Receiver<Request>) {
    channel()
}

/// Writes for all who send requests, until none can any more.
pub(crate) fn write_for_all(peer: &dyn Peer, requests: &Receiver<Request>) -> Outcome<()> {
    let mut session = peer.session()?;
    let (mut waiting, mut changes) = (Vec::new(), Vec::new());
    while let Ok(first) = requests.recv() {
        let more = requests.try_iter().take(GROUP - 1);
        for request in std::iter::once(first).chain(more) {
            changes.extend_from_slice(&request.changes);
            waiting.push(request.done);
        }
        let answer = session.write(&changes).map_err(|error| error.to_string());
        for done in waiting.drain(..) {
            // A thread that no longer waits has failed, and says so itself.
            let _ = done.send(answer.clone());
        }
        changes.clear();
    }
    Ok(())
}

/// A thread's session, whose writes another thread makes.
pub(crate) struct GroupedSession<'p> {
    inner: Box<dyn Session + 'p>,
    requests: Sender<Request>,
    done: SyncSender<Answer>,
    answers: Receiver<Answer>,
}

impl<'p> GroupedSession<'p> {
    pub(crate) fn new(
        inner: Box<dyn Session + 'p>,
        requests: Sender<Request>,
    ) -> GroupedSession<'p> {
        let (done, answers) = sync_channel(1);
        GroupedSession { inner, requests, done, answers }
    }
}

impl Session for GroupedSession<'_> {
    fn get(&mut self, id: i64) -> Outcome<u64> {
        self.inner.get(id)
    }

    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64> {
        self.inner.multi_get(ids)
    }

    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        self.inner.scan_entries(user, status, limit)
    }

    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        self.inner.scan_rows(user, status, limit)
    }

    fn all_rows(&mut self) -> Outcome<Seen> {
        self.inner.all_rows()
    }

    fn all_entries(&mut self) -> Outcome<Seen> {
        self.inner.all_entries()
    }

    fn sums(&mut self) -> Outcome<Sums> {
        self.inner.sums()
    }

    fn write(&mut self, changes: &[Change]) -> Outcome<()> {
        let request = Request { changes: changes.to_vec(), done: self.done.clone() };
        self.requests.send(request).map_err(|_| "the writing thread has ended")?;
        Ok(self.answers.recv()??)
    }
}
