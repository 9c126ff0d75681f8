//! Running closures: under a shard's mutex, or over the newest sealed Cut.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::bug::{self, Bug};
use bourse_storage::combine::TurnLimit;
use bourse_storage::id::{Batch, Link};
use bourse_storage::{Error, ErrorKind, Result, sync};

use super::locks::Owner;
use super::locks::wait::Passing;
use super::session::Guard;
use super::validate::{Verdict, validate_all};
use super::{Base, Halt, Transaction};
use crate::commit::{self, Applied, Commit, Outcome, Staging};
use crate::core::Core;
use crate::shard::ShardState;
use crate::snapshot::{Head, Snapshot};

/// Runs under mutexes after which missing pages are loaded there, so that every transaction ends.
const RUNS_BEFORE_LOADING_UNDER_MUTEX: u32 = 4;
/// Misses after which a shard transaction first runs over a Cut, only to load.
const MISSES_BEFORE_WARMING: u32 = 2;
/// Failed validations after which an optimistic transaction runs under mutexes.
const FAILURES_BEFORE_MUTEXES: u32 = 2;
/// How long a transaction waits for a row lock before it gives up.
const ROW_LOCK_WAIT: Duration = Duration::from_secs(10);

thread_local! {
    /// Whether this thread runs somebody's closure.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

type Panic = Box<dyn Any + Send>;

/// What a run under mutexes came to.
enum Run<'c, T> {
    /// It counts.
    Done(Ended<'c, T>),
    /// It does not count.
    Halted(Halt),
    /// It does not count: somebody's row lock is in the way.
    Locked(Passing<'c>),
}

/// A transaction whose run counts, and what leaves it once `batch` is published (T3).
pub(crate) struct Ended<'c, T> {
    pub(crate) leaves: Leaves<T>,
    /// The newest batch that it depends on.
    pub(crate) batch: Batch,
    /// Must live until that is published.
    staging: Option<Staging<'c>>,
}

/// What leaves a transaction.
pub(crate) enum Leaves<T> {
    Result(Result<T>),
    Panic(Panic),
    /// It is applied, and its value was given to the [`Sink`].
    Sunk,
}

/// Takes the value of a transaction that nobody waits for, when that is applied and its batch is
/// not yet sealed. Called at most once, maybe on another thread.
pub(crate) type Sink<'s, T> = &'s (dyn Fn(T, Applied) + Sync);

impl<'c, T> Ended<'c, T> {
    fn of(result: Result<T>, batch: Batch) -> Ended<'c, T> {
        Ended { leaves: Leaves::Result(result), batch, staging: None }
    }

    /// Applied in a batch; without a value when a sink has that.
    fn applied(value: Option<T>, batch: Batch, staging: Option<Staging<'c>>) -> Ended<'c, T> {
        match value {
            Some(value) => Ended { leaves: Leaves::Result(Ok(value)), batch, staging },
            None => {
                // Whoever has the value ends the stage when it is published.
                staging.into_iter().for_each(Staging::leave_open);
                Ended { leaves: Leaves::Sunk, batch, staging: None }
            }
        }
    }

    /// Waits until what leaves may leave.
    pub(crate) fn settle(self, core: &Core) -> Result<T> {
        match self.staging {
            Some(_) => core.settle(self.batch)?,
            None => core.settle_or_leave(self.batch)?,
        }
        drop(self.staging);
        match self.leaves {
            Leaves::Result(result) => result,
            Leaves::Panic(panic) => resume_unwind(panic),
            Leaves::Sunk => unreachable!("a value goes to a sink only if there is one"),
        }
    }
}

/// Runs `body` as a transaction of one shard; it may touch others, at the price of another run.
pub(crate) fn on_shard<T: Send>(
    core: &Core,
    shard: u16,
    body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
) -> Result<T> {
    on_shards(core, vec![shard], body)
}

/// As [`on_shard`], of all shards that it is known to need, ascending.
pub(crate) fn on_shards<T: Send>(
    core: &Core,
    shards: Vec<u16>,
    body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
) -> Result<T> {
    apply_on_shards(core, shards, body, None)?.settle(core)
}

/// As [`on_shards`], without waiting for publication.
pub(crate) fn apply_on_shards<'c, T: Send>(
    core: &'c Core,
    shards: Vec<u16>,
    mut body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    sink: Option<Sink<'_, T>>,
) -> Result<Ended<'c, T>> {
    refuse_reentry()?;
    core.check_running()?;
    if core.is_follower() {
        // Replication R6.
        return apply_optimistic(core, None, body, sink);
    }
    core.make_log_room()?;
    locked_runs(core, None, shards, &mut body, sink)
}

/// Runs `body` as an optimistic transaction on any shards.
pub(crate) fn optimistic<T: Send>(
    core: &Core,
    owner: Option<Owner>,
    body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
) -> Result<T> {
    apply_optimistic(core, owner, body, None)?.settle(core)
}

/// As [`optimistic`], without waiting for publication.
pub(crate) fn apply_optimistic<'c, T: Send>(
    core: &'c Core,
    owner: Option<Owner>,
    mut body: impl FnMut(&mut Transaction<'_>) -> Result<T> + Send,
    sink: Option<Sink<'_, T>>,
) -> Result<Ended<'c, T>> {
    refuse_reentry()?;
    core.check_running()?;
    if !core.is_follower() {
        core.make_log_room()?;
    }
    let mut failures = 0;
    let mut waits = RowLockWaits::default();
    loop {
        let (cut, held) = core.hold_sealed();
        let batch = cut.batch;
        let mut transaction = Transaction::over_cut(core, cut, held.that_expires());
        transaction.owner = owner;
        let result = call(&mut body, &mut transaction);
        let mut value = match result {
            Err(panic) => {
                return Ok(Ended { leaves: Leaves::Panic(panic), batch, staging: None });
            }
            Ok(Err(error)) => return Ok(Ended::of(Err(error), batch)),
            Ok(Ok(value)) if transaction.writes.is_empty() => {
                let held = !bug::switched_on(Bug::ReadOnlyResultNotHeld);
                return Ok(Ended::of(Ok(value), if held { batch } else { Batch::default() }));
            }
            Ok(Ok(value)) => Some(value),
        };
        let shards = shards_of(&transaction);
        let commits = commit_optimistic(core, &transaction, &[], &shards, (&mut value, sink));
        match commits {
            Err(error) => return Ok(Ended::of(Err(error), batch)),
            Ok(Judgement::Committed(batch, staging)) => {
                return Ok(Ended::applied(value, batch, staging));
            }
            Ok(Judgement::Locked(passing)) => waits.wait(passing)?,
            Ok(Judgement::Again(_)) => failures += 1,
        }
        if failures >= FAILURES_BEFORE_MUTEXES {
            return locked_runs(core, owner, shards, &mut body, sink);
        }
    }
}

pub(super) enum Judgement<'c> {
    /// The staging is kept until the batch is published.
    Committed(Batch, Option<Staging<'c>>),
    Again(Option<Halt>),
    /// Somebody's row lock is in the way.
    Locked(Passing<'c>),
}

/// One attempt to commit under the mutexes.
enum Attempt<'c> {
    Applied(Batch, Option<Staging<'c>>),
    Again(Option<Halt>),
    Locked(Passing<'c>),
}

/// Locks what was read or written, validates, commits; loads missing pages in between. Once it is
/// committed the sink, if there is one, has the value.
pub(super) fn commit_optimistic<'c, T: Send>(
    core: &'c Core,
    transaction: &Transaction<'_>,
    guards: &[Guard],
    shards: &[u16],
    (value, sink): (&mut Option<T>, Option<Sink<'_, T>>),
) -> Result<Judgement<'c>> {
    let Base::Cut { cut, .. } = &transaction.base else {
        unreachable!("an optimistic transaction reads a Cut");
    };
    let (catalog, writes, owner) = (&*transaction.catalog, &transaction.writes, transaction.owner);
    let (reads, relied) = (transaction.reads.take(), transaction.relied.take());
    let evictions = transaction.evictions;
    let staging = commit::stage(core, catalog, writes)?;
    let mut runs = 0;
    loop {
        let loads = runs >= RUNS_BEFORE_LOADING_UNDER_MUTEX;
        let attempt = with_states(core, shards, |states| {
            loop {
                match validate_all(core, states, (cut.as_ref(), &reads[..]), guards)? {
                    Verdict::Unchanged => break,
                    Verdict::Changed => return Ok(Attempt::Again(None)),
                    Verdict::Halted(Halt::Miss(shard, link)) if loads => {
                        load_to_validate(core, cut.batch, (shard, link))?;
                    }
                    Verdict::Halted(halt) => return Ok(Attempt::Again(Some(halt))),
                }
            }
            let staged = staging.as_ref();
            let commit = Commit {
                catalog,
                writes,
                relied: &relied,
                owner,
                staged,
                loads,
                keeps_seen: evictions == Some(core.cache.evictions()),
                on_applied: None,
            };
            Ok(match commit_into(core, states, commit, value, sink)? {
                Outcome::Applied(batch, late) => Attempt::Applied(batch, late),
                Outcome::Halted(halt) => Attempt::Again(Some(halt)),
                Outcome::Locked(passing) => Attempt::Locked(passing),
            })
        });
        match attempt? {
            Attempt::Applied(batch, late) => {
                return Ok(Judgement::Committed(batch, staging.or(late)));
            }
            Attempt::Again(Some(Halt::Miss(shard, link))) => {
                // The head may have gone on: the page need not be there any more.
                core.shards[usize::from(shard)].pager.load_unheld(link)?;
                runs += 1;
            }
            Attempt::Again(halt) => return Ok(Judgement::Again(halt)),
            Attempt::Locked(passing) => return Ok(Judgement::Locked(passing)),
        }
    }
}

/// Loads a page that validation missed. Of a Cut that has expired meanwhile it may be gone: the
/// next attempt finds that out.
///
/// # Errors
/// The disk's.
pub(super) fn load_to_validate(core: &Core, read: Batch, (shard, link): (u16, Link)) -> Result<()> {
    match core.shards[usize::from(shard)].pager.load(link) {
        Err(error) if error.kind() == ErrorKind::Corrupt && core.held.has_expired(read) => Ok(()),
        result => result,
    }
}

/// Commits, and gives the value to the sink, if there is one, before the batch can be sealed.
fn commit_into<'c, T>(
    core: &'c Core,
    states: &mut [&mut ShardState],
    commit: Commit<'_>,
    value: &mut Option<T>,
    sink: Option<Sink<'_, T>>,
) -> Result<Outcome<'c>> {
    let Some(sink) = sink else { return commit::commit(core, states, &commit) };
    let held = Cell::new(value.take());
    let on_applied = |applied| {
        if let Some(value) = held.take() {
            sink(value, applied);
        }
    };
    let outcome = commit::commit(core, states, &Commit { on_applied: Some(&on_applied), ..commit });
    *value = held.take();
    outcome
}

pub(super) fn shards_of(transaction: &Transaction<'_>) -> Vec<u16> {
    /// Shards that most transactions have at most, counting some of them twice.
    const FEW: usize = 16;
    let mut shards = Vec::with_capacity(FEW);
    transaction.writes.add_shards_to(&mut shards);
    let judges = !bug::switched_on(Bug::OnlyWrittenShardsLocked);
    for observation in transaction.reads.borrow().iter().filter(|_| judges) {
        // Neighbours are often of one shard.
        let shard = observation.shard();
        if shards.last() != Some(&shard) {
            shards.push(shard);
        }
    }
    shards.sort_unstable();
    shards.dedup();
    shards
}

/// Runs `body` under the mutexes of `shards`, and of more as it turns out to need them, until a run
/// counts.
fn locked_runs<'c, T: Send>(
    core: &'c Core,
    owner: Option<Owner>,
    mut shards: Vec<u16>,
    body: &mut (impl FnMut(&mut Transaction<'_>) -> Result<T> + Send),
    sink: Option<Sink<'_, T>>,
) -> Result<Ended<'c, T>> {
    let mut misses = 0;
    let mut waits = RowLockWaits::default();
    loop {
        let loads = misses >= RUNS_BEFORE_LOADING_UNDER_MUTEX;
        let run = with_states(core, &shards, |states| {
            Ok(run_locked(core, owner, states, body, loads, sink))
        })?;
        match run {
            Run::Done(ended) => return Ok(ended),
            Run::Halted(Halt::Miss(shard, link)) => {
                misses += 1;
                if misses >= MISSES_BEFORE_WARMING {
                    warm(core, body);
                }
                core.shards[usize::from(shard)].pager.load_unheld(link)?;
            }
            Run::Halted(Halt::Shard(shard)) => {
                shards.push(shard);
                shards.sort_unstable();
                shards.dedup();
            }
            Run::Locked(passing) => waits.wait(passing)?,
            Run::Halted(Halt::Redefined) => {}
        }
    }
}

/// One run under mutexes, to the end of its commit.
fn run_locked<'c, T>(
    core: &'c Core,
    owner: Option<Owner>,
    states: &mut [&mut ShardState],
    body: &mut impl FnMut(&mut Transaction<'_>) -> Result<T>,
    loads: bool,
    sink: Option<Sink<'_, T>>,
) -> Run<'c, T> {
    let heads = states.iter_mut().map(|state| Head::lent_by(state)).collect();
    let catalog = Arc::clone(&states[0].catalog);
    let mut transaction = Transaction::over_heads(core, catalog, heads, loads);
    transaction.owner = owner;
    let result = call(body, &mut transaction);
    for (head, state) in transaction.heads().iter().zip(states.iter_mut()) {
        head.give_back(state);
    }
    let read = transaction.newest_read();
    if let Some(halt) = transaction.halted() {
        return Run::Halted(halt); // T2
    }
    let value = match result {
        Err(panic) => {
            return Run::Done(Ended { leaves: Leaves::Panic(panic), batch: read, staging: None });
        }
        Ok(Err(error)) => return Run::Done(Ended::of(Err(error), read)),
        Ok(Ok(value)) if transaction.writes.is_empty() => {
            return Run::Done(Ended::of(Ok(value), read));
        }
        Ok(Ok(value)) => value,
    };
    let staging = match commit::stage(core, &transaction.catalog, &transaction.writes) {
        Ok(staging) => staging,
        Err(error) => return Run::Done(Ended::of(Err(error), read)),
    };
    let relied = transaction.relied.take();
    let commit = Commit {
        catalog: &transaction.catalog,
        writes: &transaction.writes,
        relied: &relied,
        owner: transaction.owner,
        staged: staging.as_ref(),
        loads,
        keeps_seen: true,
        on_applied: None,
    };
    let mut value = Some(value);
    match commit_into(core, states, commit, &mut value, sink) {
        Ok(Outcome::Applied(batch, late)) => {
            Run::Done(Ended::applied(value, batch, staging.or(late)))
        }
        Ok(Outcome::Halted(halt)) => Run::Halted(halt),
        Ok(Outcome::Locked(passing)) => Run::Locked(passing),
        Err(error) => Run::Done(Ended::of(Err(error), read)),
    }
}

/// Runs the closure over the newest Cut, only to bring the pages that it reads into memory.
fn warm<T>(core: &Core, body: &mut impl FnMut(&mut Transaction<'_>) -> Result<T>) {
    let (cut, held) = core.hold_published();
    let mut transaction = Transaction::over_cut(core, cut, held);
    // Its result does not count, not even a panic: the run that counts will tell.
    drop(call(body, &mut transaction));
}

/// Calls the closure and then checks what it left to be checked at commit, catching its panic.
fn call<T>(
    body: &mut impl FnMut(&mut Transaction<'_>) -> Result<T>,
    transaction: &mut Transaction<'_>,
) -> std::result::Result<Result<T>, Panic> {
    let outer = INSIDE.replace(true);
    let result = catch_unwind(AssertUnwindSafe(|| {
        let value = body(transaction)?;
        transaction.check_constraints()?;
        Ok(value)
    }));
    INSIDE.set(outer);
    result
}

/// Takes the mutexes of `shards`, ascending (T4), and calls `body` with what they guard. A single
/// mutex is taken by flat combining: whoever has it runs the tasks of those who wait.
fn with_states<R: Send>(
    core: &Core,
    shards: &[u16],
    mut body: impl FnMut(&mut [&mut ShardState]) -> Result<R> + Send,
) -> Result<R> {
    debug_assert!(shards.is_sorted(), "T4");
    if let [shard] = shards {
        let mut result = None;
        core.shards[usize::from(*shard)].state.run(
            TurnLimit::default(),
            &mut |state: &mut ShardState| {
                result = Some(body(&mut [state]));
            },
        );
        return match result {
            Some(result) => result,
            None => unreachable!("a combiner runs each task before it returns"),
        };
    }
    let mut guards: Vec<_> =
        shards.iter().map(|shard| core.shards[usize::from(*shard)].state.lock()).collect();
    let mut states: Vec<&mut ShardState> = guards.iter_mut().map(|guard| &mut **guard).collect();
    body(&mut states)
}

pub(crate) fn refuse_reentry() -> Result<()> {
    if INSIDE.get() {
        return Err(Error::invalid(
            "a transaction was begun inside another's closure: use the outer one",
        ));
    }
    Ok(())
}

/// Waits for row locks, up to a limit in all.
#[derive(Default)]
struct RowLockWaits {
    deadline: Option<Duration>,
}

impl RowLockWaits {
    fn wait(&mut self, passing: Passing<'_>) -> Result<()> {
        let limit = || sync::monotonic() + ROW_LOCK_WAIT;
        passing.wait(*self.deadline.get_or_insert_with(limit))
    }
}
