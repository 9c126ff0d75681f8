//! Many clients, few threads: two threads submit the changes of all clients and are told of each
//! when it is durable. It is what a store with completions is for; the others have threads that
//! wait.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the real clock")]

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use crate::Outcome;
use crate::change::Session;
use crate::script::{Measured, Script, nanoseconds};

/// Threads that work for all clients.
pub(crate) const THREADS: usize = 2;

/// What became of a change; of an error, what it says.
pub(crate) type Answer = Result<(), String>;

/// A change that is under way: whose it is, since when.
struct Told {
    client: usize,
    began: Instant,
    answer: Answer,
}

/// Plays the scripts of many clients on this thread, `count` changes of each, of which each client
/// has up to `in_flight` under way. A latency ends when this thread takes note of the answer.
pub(crate) fn play(
    session: &mut dyn Session,
    mut clients: Vec<Script<'_>>,
    count: usize,
    in_flight: usize,
) -> Outcome<(Instant, Instant, Measured)> {
    let (tell, answers): (Sender<Told>, Receiver<Told>) = channel();
    let number = clients.len();
    let mut submitted = vec![0; number];
    let mut measured = Measured::default();
    let total = number * count;
    let begin = Instant::now();
    let mut submit = |client: usize| -> Outcome<()> {
        if submitted[client] == count {
            return Ok(());
        }
        submitted[client] += 1;
        let (tell, began) = (tell.clone(), Instant::now());
        let change = clients[client].change();
        session.submit(
            &change,
            Box::new(move |answer| {
                // Whoever listens no longer has failed, and says so itself.
                let _ = tell.send(Told { client, began, answer });
            }),
        )
    };
    for client in 0..number {
        for _ in 0..in_flight {
            submit(client)?;
        }
    }
    while measured.operations < total {
        let Told { client, began, answer } = answers.recv()?;
        answer?;
        measured.operations += 1;
        measured.latencies_ns.push(nanoseconds(began.elapsed()));
        submit(client)?;
    }
    Ok((begin, Instant::now(), measured))
}
