//! Threads that run statements: as many at once as there are permits.
//!
//! A session has no thread. A batch of its messages is a job, which a thread takes when a permit is
//! free. Where the job waits (for a row lock, for the disk, for a client that reads slowly) its
//! thread is told so by [`sync::Watch`], gives the permit back, and another job runs meanwhile, on
//! a thread that was idle. So what is bounded is the work that is done at once, and not the number
//! of statements that wait.
//!
//! A thread that serves a quick client (`crate::direct`) keeps it while it waits, without a permit,
//! for what the client sends next ([`Workers::pause`]). Then it goes on at once where no job is
//! queued: such threads are few, and the operating system shares the processors among them. Where
//! jobs are queued it queues behind them, and a permit is handed to it.
//!
//! Jobs of sessions whose last batch took long wait behind the others, though every eighth turn is
//! theirs. Jobs that have run for long without a wait lend their permit out too: the operating
//! system shares the processors among them and those that come.
//!
//! # Invariants
//! - **I1** `running` counts threads that have a job and do not wait. It exceeds the permits only
//!   by jobs that went on after a wait, and by permits that were lent.
//! - **I2** A job is taken, and a turn given, only while `running` and the permits that are on
//!   their way to a thread (`granted`) are less than the permits.
//! - **I3** Nobody waits for a permit in the midst of a job: it may hold locks that others need.
//! - **I4** Before a job begins there is an idle thread, or as many threads as may be: a thread
//!   that begins to wait only wakes one, and never starts one.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::sync::{self, Condvar, Mutex, MutexGuard};
use hashbrown::HashMap;
use tokio::sync::oneshot;

#[cfg(test)]
mod tests;

/// How long a thread without a job stays.
const IDLE: Duration = Duration::from_secs(10);

/// After how long a job without a wait lends its permit out.
const LENT_AFTER: Duration = Duration::from_millis(50);

/// Every so many turns the jobs that are expected to be long come first.
const TURN_OF_LONG: u32 = 8;

/// How long a job is expected to take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Class {
    /// As most do.
    Short,
    /// Longer.
    Long,
}

type Job = Box<dyn FnOnce() + Send>;

/// What waits for a permit.
enum Queued {
    /// For a thread that has none.
    Job(Job),
    /// A thread has it already: it is told that it may go on.
    Turn(oneshot::Sender<()>),
}

/// The threads; see the module's head.
pub(crate) struct Workers {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    permits: usize,
    threads_max: usize,
    queue_max: usize,
    /// After how long a job without a wait lends its permit out.
    lent_after: Duration,
}

#[derive(Default)]
struct State {
    short: VecDeque<Queued>,
    long: VecDeque<Queued>,
    turn: u32,
    /// I1.
    running: usize,
    /// I2.
    granted: usize,
    idle: usize,
    threads: usize,
    next_number: u64,
    /// Since when the jobs run that do not wait, by the number of their thread.
    since: HashMap<u64, Duration>,
    is_over: bool,
}

/// What a moment shows of the threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Jobs that run and do not wait.
    pub(crate) running: usize,
    /// Jobs that wait for a permit.
    pub(crate) queued: usize,
    /// Threads, idle ones and those that wait among them.
    pub(crate) threads: usize,
}

/// The queue is full.
#[derive(Debug)]
pub(crate) struct Full;

impl State {
    fn queued(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// Takes out what is next, if it is that.
    fn take_if(&mut self, is_wanted: impl Fn(&Queued) -> bool) -> Option<Queued> {
        let turn = self.turn.wrapping_add(1);
        let (first, second) = match turn.is_multiple_of(TURN_OF_LONG) {
            true => (&mut self.long, &mut self.short),
            false => (&mut self.short, &mut self.long),
        };
        let queue = if first.is_empty() { second } else { first };
        let next = queue.pop_front_if(|next| is_wanted(next))?;
        self.turn = turn;
        Some(next)
    }

    fn take_job(&mut self) -> Option<Job> {
        match self.take_if(|next| matches!(next, Queued::Job(_)))? {
            Queued::Job(job) => Some(job),
            Queued::Turn(_) => None,
        }
    }

    fn take_turn(&mut self) -> Option<oneshot::Sender<()>> {
        match self.take_if(|next| matches!(next, Queued::Turn(_)))? {
            Queued::Turn(turn) => Some(turn),
            Queued::Job(_) => None,
        }
    }
}

impl Shared {
    /// Permits, with those that jobs lend which have run for long.
    fn allowed(&self, state: &State) -> usize {
        if state.running + state.granted < self.permits || state.queued() == 0 {
            return self.permits;
        }
        let now = sync::monotonic();
        let lent =
            state.since.values().filter(|since| now.saturating_sub(**since) > self.lent_after);
        self.permits + lent.count().min(self.permits)
    }

    fn may_take(&self, state: &State) -> bool {
        state.queued() > 0 && state.running + state.granted < self.allowed(state)
    }

    /// Gives permits to the turns that are next. Returns whether a job is next then, and a thread
    /// may take it.
    fn hand_on(&self, state: &mut State) -> bool {
        while self.may_take(state) {
            let Some(turn) = state.take_turn() else { return true };
            // A thread that is gone needs no permit.
            if turn.send(()).is_ok() {
                state.granted += 1;
            }
        }
        false
    }

    /// After something has changed: permits go to who is next.
    fn hand_on_and_wake(&self, mut state: MutexGuard<'_, State>) {
        let wakes = self.hand_on(&mut state);
        drop(state);
        if wakes {
            self.changed.notify_one();
        }
    }

    /// Waits until everybody has had a permit who is queued.
    fn wait_for_turn(&self) {
        let mut state = self.state.lock();
        if state.queued() == 0 {
            return;
        }
        let (turn, comes) = oneshot::channel();
        state.short.push_back(Queued::Turn(turn));
        drop(state);
        // This thread's watch knows of the wait that it is in.
        if comes.blocking_recv().is_ok() {
            self.state.lock().granted -= 1;
        }
    }
}

/// Tells [`Shared`] of the waits of one thread.
struct Watcher {
    shared: Arc<Shared>,
    number: u64,
}

impl sync::Watch for Watcher {
    fn waits(&self) {
        let mut state = self.shared.state.lock();
        state.running -= 1;
        state.since.remove(&self.number);
        self.shared.hand_on_and_wake(state);
    }

    fn goes_on(&self) {
        // I3: a permit is taken whether there is one or not.
        let mut state = self.shared.state.lock();
        state.running += 1;
        state.since.insert(self.number, sync::monotonic());
    }
}

impl Workers {
    /// Threads that run `permits` jobs at once. They are started when they are needed,
    /// `threads_max` at most; more than `queue_max` jobs do not wait.
    pub(crate) fn new(permits: usize, threads_max: usize, queue_max: usize) -> Workers {
        Workers::lending(permits, threads_max, queue_max, LENT_AFTER)
    }

    fn lending(
        permits: usize,
        threads_max: usize,
        queue_max: usize,
        lent_after: Duration,
    ) -> Workers {
        let shared = Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            permits: permits.max(1),
            threads_max: threads_max.max(permits + 1),
            queue_max,
            lent_after,
        };
        Workers { shared: Arc::new(shared) }
    }

    /// Has a job run.
    pub(crate) fn submit(
        &self,
        class: Class,
        job: impl FnOnce() + Send + 'static,
    ) -> Result<(), Full> {
        let mut state = self.shared.state.lock();
        if state.is_over || state.queued() >= self.shared.queue_max {
            return Err(Full);
        }
        match class {
            Class::Short => state.short.push_back(Queued::Job(Box::new(job))),
            Class::Long => state.long.push_back(Queued::Job(Box::new(job))),
        }
        if state.threads == 0 {
            drop(state);
            start(&self.shared);
            state = self.shared.state.lock();
        }
        self.shared.hand_on_and_wake(state);
        Ok(())
    }

    /// Has the job that this thread runs wait for its client without a permit; `wait` returns
    /// whether there is something to do, and then the job goes on behind those that are queued.
    /// Returns what `wait` did.
    pub(crate) fn pause(&self, wait: impl FnOnce() -> bool) -> bool {
        sync::wait_elsewhere(|| {
            let goes_on = wait();
            if goes_on {
                self.shared.wait_for_turn();
            }
            goes_on
        })
    }

    /// Looks whether a permit may be lent. To be called now and then.
    pub(crate) fn tick(&self) {
        self.shared.hand_on_and_wake(self.shared.state.lock());
    }

    /// How many jobs run at once.
    pub(crate) fn permits(&self) -> usize {
        self.shared.permits
    }

    /// What there is to do.
    pub(crate) fn load(&self) -> Load {
        let state = self.shared.state.lock();
        Load { running: state.running, queued: state.queued(), threads: state.threads }
    }

    /// Ends the threads once they have nothing to do; what is submitted later is refused.
    pub(crate) fn end(&self) {
        self.shared.state.lock().is_over = true;
        self.shared.changed.notify_all();
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a thread, if there may be one more and none is idle.
fn start(shared: &Arc<Shared>) {
    let mut state = shared.state.lock();
    if state.idle > 0 || state.threads >= shared.threads_max {
        return;
    }
    state.threads += 1;
    // Until it runs it counts as idle: others do not start one for the same need.
    state.idle += 1;
    let number = state.next_number;
    state.next_number += 1;
    drop(state);
    let shared = Arc::clone(shared);
    sync::spawn("bourse-session", move || work(&shared, number));
}

fn work(shared: &Arc<Shared>, number: u64) {
    let watch: Arc<dyn sync::Watch> = Arc::new(Watcher { shared: Arc::clone(shared), number });
    let mut state = shared.state.lock();
    loop {
        if shared.hand_on(&mut state)
            && let Some(job) = state.take_job()
        {
            state.idle -= 1;
            state.running += 1;
            state.since.insert(number, sync::monotonic());
            let needs_another = state.idle == 0;
            drop(state);
            if needs_another {
                start(shared); // I4
            }
            // A job that panics is lost, and nothing else: who waits for it finds it gone.
            let run = std::panic::AssertUnwindSafe(|| sync::watched(Arc::clone(&watch), job));
            let _ = std::panic::catch_unwind(run);
            state = shared.state.lock();
            state.running -= 1;
            state.since.remove(&number);
            state.idle += 1;
            continue;
        }
        if state.is_over && state.queued() == 0 {
            break;
        }
        let has_timed_out = shared.changed.wait_for(&mut state, IDLE);
        if has_timed_out && state.queued() == 0 && state.idle > shared.permits {
            break;
        }
    }
    state.idle -= 1;
    state.threads -= 1;
}

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workers").field("load", &self.load()).finish_non_exhaustive()
    }
}
