//! Flat combining: many threads' short tasks on one state, run in turns by whoever has its lock.
//!
//! # The idea
//!
//! A lock that is handed from thread to thread costs a wake, and the state's cache lines move each
//! time. Here a thread that finds the lock taken *publishes* its task in a queue instead; the
//! thread that has the lock runs what is queued, in order, before it lets go. A turn is bounded by
//! [`TurnLimit`], so nobody works for others for long: after it, the thread whose task is first in
//! the queue is told to take over. A thread that finds the lock free runs its own task and has
//! nothing to do with the queue: one lock, one fence.
//!
//! # Invariants
//!
//! - I1. A task is run by a thread that holds the state's lock, once, or not at all if its caller
//!   unwinds from the wait (which happens in a crashed world of the simulator only).
//! - I2. Who publishes a task does not leave [`Combiner::run`], by returning or unwinding, while
//!   its request is in the queue or in another thread's hands. The borrowed task outlives both.
//! - I3. A request is in the queue, or in the hands of the thread that holds the state's lock, or
//!   finished. So holding that lock and finding no request in the queue means: nobody has it.
//! - I4. Who lets go of the lock looks at the queue afterwards; who publishes tries the lock
//!   afterwards. With a fence in between on both sides one of the two sees the other, so no task
//!   waits for a thread that is not coming.
//!
//! # States of a waiting caller (`Waiter::signal`)
//!
//! ```text
//!   (none)           --begin--------------> WAITING
//!   WAITING          --wait, not spinning-> PARKED
//!   WAITING, PARKED  --tell_to_take_over--> TAKE_OVER --wait sees it--> WAITING
//!   any of these     --Finish::drop-------> DONE or FAILED
//! ```

#![expect(unsafe_code, reason = "queued tasks are borrowed from their callers' stacks")]

use std::any::Any;
use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use crate::sync::atomic::{AtomicU8, AtomicUsize, Ordering, fence};
use crate::sync::flaw::{Flaw, has};
use crate::sync::{Condvar, Mutex, MutexGuard, checkpoint, monotonic, point, thread_local};

#[cfg(test)]
mod tests;

/// How long a waiting caller looks before it parks: about as long as a short task takes.
const SPINS: u32 = if cfg!(loom) { 0 } else { 200 };

const WAITING: u8 = 0;
const PARKED: u8 = 1;
const TAKE_OVER: u8 = 2;
const DONE: u8 = 3;
const FAILED: u8 = 4;

/// How much a thread does for others before it lets go of the lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TurnLimit {
    /// Tasks in a turn, the thread's own counted. At least one.
    pub tasks: u32,
    /// No further task begins when the others' tasks have taken this long.
    pub time: Duration,
}

impl Default for TurnLimit {
    fn default() -> TurnLimit {
        TurnLimit { tasks: 64, time: Duration::from_micros(100) }
    }
}

type Task<S> = dyn FnMut(&mut S) + Send;

/// A state that many threads change, one at a time, by tasks that they run for each other.
pub struct Combiner<S> {
    state: Mutex<S>,
    queue: Mutex<VecDeque<Request<S>>>,
    /// The queue's length, to be looked at without its lock.
    queued: AtomicUsize,
    /// Which thread holds the state's lock, by its token, or zero: to tell re-entry from waiting.
    holder: AtomicUsize,
    after_turn: Box<dyn Fn(&mut S) + Send + Sync>,
}

/// A published task.
struct Request<S> {
    task: *mut Task<S>,
    waiter: Arc<Waiter>,
}

// SAFETY: the task is `Send`, and so may be called on any thread; the pointer is used by one thread
// at a time, the one that took the request from the queue (I1).
unsafe impl<S> Send for Request<S> {}

/// Holds a combiner's state until dropped.
pub struct StateGuard<'a, S> {
    // Declared, and so dropped, before `hand_over`, which finds the lock free.
    state: MutexGuard<'a, S>,
    hand_over: HandOver<'a, S>,
}

struct HandOver<'a, S>(&'a Combiner<S>);

impl<S: Send> Combiner<S> {
    /// A combiner of tasks on `state`. `after_turn` is called once a turn, before the lock is let
    /// go of, however many tasks it had; not after a direct use by [`Combiner::lock`].
    pub fn new(state: S, after_turn: impl Fn(&mut S) + Send + Sync + 'static) -> Combiner<S> {
        Combiner {
            state: Mutex::new(state),
            queue: Mutex::new(VecDeque::new()),
            queued: AtomicUsize::new(0),
            holder: AtomicUsize::new(0),
            after_turn: Box::new(after_turn),
        }
    }

    /// Runs `task` on the state, on this thread or another, and returns when it was run.
    ///
    /// # Panics
    /// When the task panics, with its payload; other tasks are not affected. When called by a task
    /// of the same combiner, or while this thread has its lock.
    pub fn run(&self, limit: TurnLimit, task: &mut (dyn FnMut(&mut S) + Send)) {
        assert!(limit.tasks > 0, "a turn has at least one task");
        let Some(mut guard) = self.try_lock() else {
            return self.publish(limit, task);
        };
        let result = catch_unwind(AssertUnwindSafe(|| task(&mut guard.state)));
        if result.is_err() {
            // In a crashed world, go no further with a state that was left halfway.
            checkpoint();
        }
        self.turn(&mut guard.state, limit, 1);
        drop(guard);
        if let Err(payload) = result {
            resume_unwind(payload);
        }
    }

    /// Waits for the state, for direct use.
    ///
    /// # Panics
    /// When this thread has the lock already, or is in a task of this combiner.
    pub fn lock(&self) -> StateGuard<'_, S> {
        self.assert_no_reentry();
        self.guard(self.state.lock())
    }

    /// Takes the state for direct use if it is free.
    pub fn try_lock(&self) -> Option<StateGuard<'_, S>> {
        self.state.try_lock().map(|state| self.guard(state))
    }

    /// Whether tasks wait for this turn or the next, at a glance.
    pub fn has_queued(&self) -> bool {
        self.queued() > 0
    }

    /// How many tasks wait for their turn.
    pub fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    fn guard<'a>(&'a self, state: MutexGuard<'a, S>) -> StateGuard<'a, S> {
        self.holder.store(thread_token(), Ordering::Relaxed);
        StateGuard { state, hand_over: HandOver(self) }
    }

    fn assert_no_reentry(&self) {
        // Relaxed: only this thread can have stored its own token.
        let mine = self.holder.load(Ordering::Relaxed) == thread_token();
        assert!(!mine, "a task uses the combiner that it is run by");
    }

    /// Runs what is queued, within the limit, and ends the turn.
    fn turn(&self, state: &mut S, limit: TurnLimit, tasks_done: u32) {
        let mut tasks_done = tasks_done;
        if self.queued.load(Ordering::Relaxed) > 0 {
            let begin = monotonic();
            while tasks_done < limit.tasks {
                let Some(request) = self.pop() else { break };
                request.run(state);
                tasks_done += 1;
                if monotonic().saturating_sub(begin) >= limit.time {
                    break;
                }
            }
        }
        (self.after_turn)(state);
    }

    fn pop(&self) -> Option<Request<S>> {
        let mut queue = self.queue.lock();
        let request = queue.pop_front();
        self.queued.store(queue.len(), Ordering::Relaxed);
        request
    }

    /// Has the task run by whoever has the lock, or by this thread when it gets it.
    #[cold]
    fn publish(&self, limit: TurnLimit, task: &mut (dyn FnMut(&mut S) + Send)) {
        self.assert_no_reentry();
        let waiter = Waiter::begin();
        let published = Published { combiner: self, waiter: &waiter };
        self.enqueue(Request { task: erase_lifetime(task), waiter: Arc::clone(&waiter) });
        while !waiter.is_finished() {
            match self.try_lock() {
                Some(mut guard) => self.turn(&mut guard.state, limit, 0),
                None => waiter.wait(),
            }
        }
        drop(published);
        waiter.end();
    }

    fn enqueue(&self, request: Request<S>) {
        let mut queue = self.queue.lock();
        queue.push_back(request);
        self.queued.store(queue.len(), Ordering::Relaxed);
        drop(queue);
        fence(Ordering::SeqCst); // I4
    }
}

impl<S> Combiner<S> {
    /// Tells the first in the queue to take over, if there is one. The lock is free, or somebody
    /// else's who will come here in turn.
    fn tell_next(&self) {
        fence(Ordering::SeqCst); // I4
        point();
        if has(Flaw::QueueNotLookedAt) {
            return;
        }
        if self.queued.load(Ordering::Relaxed) > 0 {
            let next = self.queue.lock().front().map(|request| Arc::clone(&request.waiter));
            if let Some(waiter) = next {
                waiter.tell_to_take_over();
            }
        }
    }
}

impl<S: std::fmt::Debug> std::fmt::Debug for Combiner<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Combiner").field("state", &self.state).finish_non_exhaustive()
    }
}

impl<S> std::ops::Deref for StateGuard<'_, S> {
    type Target = S;
    fn deref(&self) -> &S {
        &self.state
    }
}

impl<S> std::ops::DerefMut for StateGuard<'_, S> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.state
    }
}

impl<S> Drop for StateGuard<'_, S> {
    fn drop(&mut self) {
        // While the lock is still ours.
        self.hand_over.0.holder.store(0, Ordering::Relaxed);
    }
}

impl<S> Drop for HandOver<'_, S> {
    fn drop(&mut self) {
        self.0.tell_next();
    }
}

/// Forgets for how long the task is borrowed.
fn erase_lifetime<'a, S>(task: &'a mut (dyn FnMut(&mut S) + Send + 'a)) -> *mut Task<S> {
    let task: *mut (dyn FnMut(&mut S) + Send + 'a) = task;
    // SAFETY: the two pointer types differ in a lifetime only, and so have the same layout. The
    // pointer is followed only by `Request::run`, during the borrow: see there.
    unsafe { std::mem::transmute::<*mut (dyn FnMut(&mut S) + Send + 'a), *mut Task<S>>(task) }
}

impl<S> Request<S> {
    /// Runs the task and tells its caller, whatever happens.
    fn run(self, state: &mut S) {
        let mut finish = Finish { waiter: &self.waiter, signal: FAILED };
        let result = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: the caller is in `publish`, whose borrow of the task lasts: it stays there
            // until its waiter is finished, which `finish` does after this call, or, unwinding,
            // until `Published::drop` has had the state's lock, which this thread holds (I2, I3).
            // Nobody else uses the task: a request is taken from the queue once, and `publish`
            // does not touch what it has lent (I1).
            let task = unsafe { &mut *self.task };
            task(state);
        }));
        match result {
            Ok(()) => finish.signal = DONE,
            Err(payload) => *self.waiter.panic.lock() = Some(payload),
        }
    }
}

/// Tells a caller that its task is over, also when this thread unwinds.
struct Finish<'a> {
    waiter: &'a Waiter,
    signal: u8,
}

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        // AcqRel: what the task wrote is seen by the caller, and the payload.
        let order = if has(Flaw::FinishRelaxed) { Ordering::Relaxed } else { Ordering::AcqRel };
        if self.waiter.signal.swap(self.signal, order) == PARKED {
            self.waiter.wake();
        }
    }
}

/// Keeps I2: dropped before the borrow of the published task ends.
struct Published<'a, S: Send> {
    combiner: &'a Combiner<S>,
    waiter: &'a Arc<Waiter>,
}

impl<S: Send> Drop for Published<'_, S> {
    fn drop(&mut self) {
        if self.waiter.is_finished() {
            return;
        }
        // This thread unwinds from its wait. With the lock, nobody else has the request (I3).
        let guard = self.combiner.lock();
        let mut queue = self.combiner.queue.lock();
        queue.retain(|request| !Arc::ptr_eq(&request.waiter, self.waiter));
        self.combiner.queued.store(queue.len(), Ordering::Relaxed);
        drop(queue);
        drop(guard);
    }
}

/// Where a caller waits. Shared, because who wakes it may still be at it when the caller goes on.
#[derive(Default)]
struct Waiter {
    signal: AtomicU8,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
    parked: Mutex<()>,
    woken: Condvar,
}

thread_local! {
    /// A waiter that is not in use, to spare the next wait an allocation. A task that itself waits
    /// at another combiner finds none, and makes one.
    static SPARE: Cell<Option<Arc<Waiter>>> = const { Cell::new(None) };
    /// Its address tells threads apart.
    static TOKEN: u8 = const { 0 };
}

fn thread_token() -> usize {
    TOKEN.with(|token| std::ptr::from_ref(token).addr())
}

impl Waiter {
    fn begin() -> Arc<Waiter> {
        let spare = SPARE.try_with(Cell::take).ok().flatten();
        let waiter = spare.unwrap_or_default();
        // A late call to take over may still come: it costs one look at the lock, no more.
        waiter.signal.store(WAITING, Ordering::Relaxed);
        waiter
    }

    /// Ends a wait that is finished, with the task's panic if it had one.
    fn end(self: Arc<Waiter>) {
        let failed = self.signal.load(Ordering::Acquire) == FAILED;
        let payload = if failed { self.panic.lock().take() } else { None };
        // A thread at its end has no place for a spare any more, and needs none.
        let _kept = SPARE.try_with(|spare| spare.set(Some(self)));
        match payload {
            Some(payload) => resume_unwind(payload),
            None => assert!(!failed, "a task fails with a payload, or its world has crashed"),
        }
    }

    fn is_finished(&self) -> bool {
        matches!(self.signal.load(Ordering::Acquire), DONE | FAILED)
    }

    /// Waits until the task is over, or this thread is to take over.
    fn wait(&self) {
        for _ in 0..SPINS {
            if self.signal.load(Ordering::Relaxed) != WAITING {
                break;
            }
            point();
            std::hint::spin_loop();
        }
        if self.change(WAITING, PARKED) {
            let mut parked = self.parked.lock();
            while self.signal.load(Ordering::Acquire) == PARKED {
                self.woken.wait(&mut parked);
            }
        }
        self.change(TAKE_OVER, WAITING);
        // Whoever saw TAKE_OVER before this, and left, has let go of the lock before that.
        fence(Ordering::SeqCst); // I4
    }

    /// Must not undo a DONE: the request may have been run since it was seen in the queue.
    fn tell_to_take_over(&self) {
        loop {
            match self.signal.load(Ordering::Relaxed) {
                WAITING if self.change(WAITING, TAKE_OVER) => return,
                PARKED if self.change(PARKED, TAKE_OVER) => return self.wake(),
                WAITING | PARKED => {}
                // Told already: it will look at the lock after this look at the signal.
                _ => return,
            }
        }
    }

    /// Whether the signal was `from`, and is `to` now.
    fn change(&self, from: u8, to: u8) -> bool {
        self.signal.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Wakes the caller, whose signal is no longer PARKED. With the lock: it is either before its
    /// look at the signal, or waits.
    fn wake(&self) {
        let _parked = self.parked.lock();
        self.woken.notify_one();
    }
}
