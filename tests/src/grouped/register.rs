//! Registers: clients that write and read them, and whether what they saw is linearizable (F4).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::sync::sim::Random;
use bourse_storage::sync::{self, Mutex};
use stateright::semantics::register::{Register, RegisterOp, RegisterRet};
use stateright::semantics::{ConsistencyTester as _, LinearizabilityTester};

use super::MEMBERS;
use super::cluster::connect;
use super::writer::{End, Wanted, find_leader, write};
use crate::wire::WireClient;

/// Registers of a round.
pub(super) const REGISTERS: u64 = 8;

/// The pause between two operations of a client: the tester tries orders, so there must not be too
/// many.
const PAUSE: Duration = Duration::from_millis(40);

/// How long a read may take before a client gives its connection up.
const ANSWER: Duration = Duration::from_secs(4);

/// What was done with a register.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// This value was written.
    Write(u64),
    /// This value was read.
    Read(u64),
}

/// An operation that was done, or may have been.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Who did it.
    pub client: u64,
    /// Which register.
    pub register: u64,
    /// What was done.
    pub what: What,
    /// When it began, by a count of all begins and ends.
    pub began: u64,
    /// When it had ended; `None` where nobody knows whether it was done.
    pub ended: Option<u64>,
}

/// The operations of a round.
#[derive(Default)]
pub(super) struct History {
    clock: AtomicU64,
    operations: Mutex<Vec<Operation>>,
}

impl History {
    fn now(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::SeqCst)
    }

    /// Takes what was done.
    pub(super) fn take(&self) -> Vec<Operation> {
        std::mem::take(&mut self.operations.lock())
    }
}

/// Whether operations could have been done one after the other, each between its begin and its
/// end, on registers that are 0 at first.
///
/// # Errors
/// The register for which there is no such order, with its operations.
pub fn check(operations: &[Operation]) -> Result<(), String> {
    let mut by_register: BTreeMap<u64, Vec<&Operation>> = BTreeMap::new();
    for operation in operations {
        by_register.entry(operation.register).or_default().push(operation);
    }
    for (register, mut operations) in by_register {
        operations.sort_by_key(|operation| operation.began);
        if !is_linearizable(&operations)? {
            return Err(format!("register {register} is not linearizable: {operations:#?}"));
        }
    }
    Ok(())
}

fn is_linearizable(operations: &[&Operation]) -> Result<bool, String> {
    // Begins and ends in their order. Whoever does not know the end of what he did goes on as
    // somebody else: to the tester nobody does two things at once.
    let mut events: Vec<(u64, u64, &Operation)> = Vec::new();
    let (mut lives, mut next) = (BTreeMap::new(), 0);
    for operation in operations {
        let life = *lives.entry(operation.client).or_insert_with(|| {
            next += 1;
            next
        });
        events.push((operation.began, life, operation));
        match operation.ended {
            Some(ended) => events.push((ended, life, operation)),
            None => drop(lives.remove(&operation.client)),
        }
    }
    events.sort_by_key(|(at, ..)| *at);
    let mut tester = LinearizabilityTester::new(Register(0));
    for (at, life, operation) in events {
        let told = match (at == operation.began, operation.what) {
            (true, What::Write(value)) => tester.on_invoke(life, RegisterOp::Write(value)),
            (true, What::Read(_)) => tester.on_invoke(life, RegisterOp::Read),
            (false, What::Write(_)) => tester.on_return(life, RegisterRet::WriteOk),
            (false, What::Read(value)) => tester.on_return(life, RegisterRet::ReadOk(value)),
        };
        told.map_err(|error| format!("the history is none: {error}"))?;
    }
    Ok(tester.is_consistent())
}

/// Writes and reads registers until the campaign is over. `level` is that of reads.
///
/// # Errors
/// An answer that must not be.
pub(super) fn work(
    client: u64,
    seed: u64,
    level: &str,
    (wanted, history): (&Wanted, &Arc<History>),
    round: &AtomicU64,
) -> Result<(), String> {
    let mut random = Random::new(seed ^ client << 32);
    let mut readers: Vec<Option<WireClient>> = (0..MEMBERS).map(|_| None).collect();
    let mut writer: Option<WireClient> = None;
    let mut value = client << 32;
    while !wanted.is_over() {
        sync::sleep(PAUSE);
        let _turn = wanted.begin();
        let register = round.load(Ordering::Acquire) * REGISTERS + random.below(REGISTERS);
        if random.one_in(3) {
            value += 1;
            let Some(mut session) = writer.take().or_else(|| find_leader(1).map(|found| found.1))
            else {
                continue;
            };
            let text = format!("UPDATE registers SET value = {value} WHERE id = {register}");
            let began = history.now();
            let end = write(&mut session, &text)?;
            let ended = matches!(end, End::Done).then(|| history.now());
            if !matches!(end, End::Refused) {
                let what = What::Write(value);
                let operation = Operation { client, register, what, began, ended };
                history.operations.lock().push(operation);
            }
            writer = ended.map(|_| session);
        } else {
            let at = usize::try_from(random.below(MEMBERS as u64)).unwrap_or(0);
            let began = history.now();
            let Some(found) = read(&mut readers[at], at + 1, level, register) else { continue };
            let (what, ended) = (What::Read(found), Some(history.now()));
            history.operations.lock().push(Operation { client, register, what, began, ended });
        }
    }
    Ok(())
}

/// A read; `None` where it was refused or not answered, which says nothing.
fn read(
    session: &mut Option<WireClient>,
    member: usize,
    level: &str,
    register: u64,
) -> Option<u64> {
    let mut client = match session.take() {
        Some(client) => client,
        None => {
            let mut client = connect(member).ok()?;
            let settings =
                format!("SET bourse.read_level = {level}; SET bourse.read_timeout = '2s'");
            let answer = client.query_within(&settings, ANSWER).ok()??;
            answer.error.is_none().then_some(())?;
            client
        }
    };
    let question = format!("SELECT value FROM registers WHERE id = {register}");
    let answer = client.query_within(&question, ANSWER).ok()??;
    let found = answer.rows.first()?.first()?.as_ref()?.parse().ok()?;
    *session = Some(client);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(client: u64, what: What, began: u64, ended: u64) -> Operation {
        Operation { client, register: 1, what, began, ended: Some(ended) }
    }

    #[test]
    fn a_read_of_what_was_overwritten_before_is_refused() {
        let writes = [done(1, What::Write(5), 0, 1), done(1, What::Write(6), 2, 3)];
        let with = |read: Operation| [writes.to_vec(), vec![read]].concat();
        assert!(check(&with(done(2, What::Read(5), 4, 5))).is_err(), "it was overwritten before");
        assert!(check(&with(done(2, What::Read(6), 4, 5))).is_ok());
        assert!(check(&with(done(2, What::Read(7), 4, 5))).is_err(), "nobody wrote that");
    }

    #[test]
    fn a_read_beside_a_write_may_find_either() {
        for (found, is_good) in [(0, true), (5, true), (6, false)] {
            let both = [done(1, What::Write(5), 0, 3), done(2, What::Read(found), 1, 2)];
            assert_eq!(check(&both).is_ok(), is_good, "{found}");
        }
        // Once it was seen it stays.
        let mut three = vec![done(1, What::Write(5), 0, 9), done(2, What::Read(5), 1, 2)];
        three.push(done(3, What::Read(0), 3, 4));
        assert!(check(&three).is_err());
    }

    #[test]
    fn a_write_of_unknown_end_may_be_seen_at_any_time_or_never() {
        let unknown =
            Operation { client: 1, register: 1, what: What::Write(5), began: 0, ended: None };
        let after = done(1, What::Write(6), 1, 2);
        for (found, is_good) in [(5, true), (6, true), (0, false)] {
            let all = [unknown.clone(), after.clone(), done(2, What::Read(found), 3, 4)];
            assert_eq!(check(&all).is_ok(), is_good, "{found}");
        }
    }
}
