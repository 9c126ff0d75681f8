//! Which task goes on: one at a time, drawn by lot among those that can.
//!
//! Tasks are tokio's, on one thread and in its virtual time, but each is wrapped: what wakes it
//! only says that it can go on. When the task that has its turn comes back the next one is drawn,
//! and then tokio is told to run that one. So a run depends on the seed alone, and not on the order
//! in which tokio wakes those who wait for the same thing, which it chooses by a lot of its own.
//! Time goes on when nobody can.
//!
//! # Invariants
//! - **Q1** Outside of its turn a task is not polled. One task at most has a turn.
//! - **Q2** Who begins a task owns it, too: all that a member does is its own. A member that has
//!   crashed, or is paused, gets no turn.
//! - **Q3** A member whose disk has lost its power gets no turn behind the one in which that was.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use bourse_storage::sync::Mutex;
use bourse_storage::sync::sim::Random;
use bourse_storage::vfs::sim::SimVfs;
use tokio::runtime::Runtime;
use tokio::task::{AbortHandle, JoinHandle};

/// Owner of what belongs to no member: clients, faults, the network.
pub const WORLD: u64 = 0;

thread_local! {
    static CURRENT: RefCell<Option<Turns>> = const { RefCell::new(None) };
}

/// The turns by which this thread's tasks run, in a simulation.
#[inline]
pub(crate) fn current() -> Option<Turns> {
    CURRENT.with_borrow(Clone::clone)
}

/// See the module's head. Clones are the same.
#[derive(Clone)]
pub struct Turns(Arc<Mutex<State>>);

struct State {
    random: Random,
    tasks: BTreeMap<u64, Task>,
    /// Tasks that can go on, by owner.
    ready: BTreeSet<u64>,
    /// Who has the turn, and whether it is being polled.
    turn: Option<u64>,
    is_polled: bool,
    has_panicked: bool,
    /// Who the task that is being polled belongs to.
    owner: u64,
    paused: BTreeSet<u64>,
    disks: BTreeMap<u64, (SimVfs, Duration)>,
    next: u64,
    /// Wakes the one that draws.
    drawing: Option<Waker>,
    hash: u64,
    count: u64,
}

struct Task {
    owner: u64,
    /// Has tokio poll it.
    waker: Option<Waker>,
    abort: Option<AbortHandle>,
}

impl State {
    fn note(&mut self, what: u64) {
        self.hash = (self.hash ^ what).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    }

    /// Gives a turn to one of those that can have it. Returns how to have it polled.
    fn draw(&mut self) -> Option<Waker> {
        if self.turn.is_some() {
            return None;
        }
        let can = |id: &&u64| {
            let task = self.tasks.get(id);
            task.is_some_and(|task| task.waker.is_some() && !self.paused.contains(&task.owner))
        };
        let able: Vec<u64> = self.ready.iter().filter(can).copied().collect();
        if able.is_empty() {
            return None;
        }
        let id = able[self.random.index(able.len())];
        self.ready.remove(&id);
        self.turn = Some(id);
        self.count += 1;
        self.note(id);
        self.tasks.get(&id).and_then(|task| task.waker.clone())
    }
}

impl Turns {
    pub(super) fn new(seed: u64) -> Turns {
        Turns(Arc::new(Mutex::new(State {
            random: Random::new(seed),
            tasks: BTreeMap::new(),
            ready: BTreeSet::new(),
            turn: None,
            is_polled: false,
            has_panicked: false,
            owner: WORLD,
            paused: BTreeSet::new(),
            disks: BTreeMap::new(),
            next: 0,
            drawing: None,
            hash: seed,
            count: 0,
        })))
    }

    /// Runs a future, and all tasks that it begins, until it is over.
    pub(super) fn run<F>(&self, runtime: Runtime, future: F) -> Result<F::Output, String>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        CURRENT.set(Some(self.clone()));
        let ended = runtime.block_on(async {
            let mut first = self.spawn(WORLD, future);
            std::future::poll_fn(|context| {
                if let Poll::Ready(ended) = Pin::new(&mut first).poll(context) {
                    return Poll::Ready(ended);
                }
                let mut state = self.0.lock();
                state.drawing = Some(context.waker().clone());
                let chosen = state.draw();
                drop(state);
                if let Some(chosen) = chosen {
                    chosen.wake();
                }
                Poll::Pending
            })
            .await
        });
        drop(runtime);
        CURRENT.set(None);
        ended.map_err(|error| error.to_string())
    }

    /// Begins a task that belongs to somebody.
    pub fn spawn<F>(&self, owner: u64, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let mut state = self.0.lock();
        let id = state.next;
        state.next += 1;
        state.tasks.insert(id, Task { owner, waker: None, abort: None });
        state.ready.insert(id);
        drop(state);
        let waker = Waker::from(Arc::new(Ready { id, turns: self.clone() }));
        let turn = Turn { id, turns: self.clone(), inner: Box::pin(future), waker };
        let handle = tokio::spawn(turn);
        if let Some(task) = self.0.lock().tasks.get_mut(&id) {
            task.abort = Some(handle.abort_handle());
        }
        handle
    }

    /// Who the task that has its turn belongs to.
    pub(crate) fn owner(&self) -> u64 {
        self.0.lock().owner
    }

    /// A random number.
    pub fn draw(&self) -> u64 {
        self.0.lock().random.next_u64()
    }

    /// A random number below another one.
    pub fn below(&self, bound: u64) -> u64 {
        self.draw() % bound.max(1)
    }

    /// Whether something happens that does so once in `count` times.
    pub fn one_in(&self, count: u64) -> bool {
        self.below(count) == 0
    }

    /// A random time up to a longest one, mostly a short one.
    pub fn time(&self, longest: Duration) -> Duration {
        let longest = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
        let upto = self.below(longest + 1);
        Duration::from_micros(self.below(upto + 1))
    }

    /// Mixes something that happened into the hash of the run.
    pub fn note(&self, what: u64) {
        self.0.lock().note(what);
    }

    /// Whether a task has panicked.
    pub fn has_panicked(&self) -> bool {
        self.0.lock().has_panicked
    }

    /// Turns so far, and a hash of who had them.
    pub fn trace(&self) -> (u64, u64) {
        let state = self.0.lock();
        (state.count, state.hash)
    }

    /// How long the disk of who has the turn takes.
    pub(crate) fn disk_wait(&self) -> Duration {
        let state = self.0.lock();
        let longest = state.disks.get(&state.owner).map_or(Duration::ZERO, |disk| disk.1);
        drop(state);
        self.time(longest)
    }

    /// Names the disk of an owner (Q3), and how long that takes for a flush.
    pub(super) fn set_disk(&self, owner: u64, disk: SimVfs, longest: Duration) {
        let mut state = self.0.lock();
        state.disks.insert(owner, (disk, longest));
        state.paused.remove(&owner);
    }

    /// Makes a disk slow, or quick.
    pub fn set_disk_wait(&self, owner: u64, longest: Duration) {
        if let Some(disk) = self.0.lock().disks.get_mut(&owner) {
            disk.1 = longest;
        }
    }

    /// Gives an owner no turn until that is ended.
    pub fn pause(&self, owner: u64) {
        self.0.lock().paused.insert(owner);
    }

    /// Ends a pause, but not the one after a crash.
    pub fn go_on(&self, owner: u64) {
        let mut state = self.0.lock();
        if state.disks.get(&owner).is_none_or(|disk| !disk.0.is_crashed()) {
            state.paused.remove(&owner);
        }
        let drawing = state.drawing.clone();
        drop(state);
        if let Some(drawing) = drawing {
            drawing.wake();
        }
    }

    fn ends_of(&self, owner: u64) -> Vec<AbortHandle> {
        let state = self.0.lock();
        let of_owner = state.tasks.values().filter(|task| task.owner == owner);
        of_owner.filter_map(|task| task.abort.clone()).collect()
    }

    /// Ends all tasks of an owner, as they are, and returns when they are gone.
    pub(super) async fn end_all(&self, owner: u64) {
        for end in self.ends_of(owner) {
            end.abort();
        }
        while self.0.lock().tasks.values().any(|task| task.owner == owner) {
            tokio::time::sleep(Duration::from_micros(1)).await;
        }
    }
}

/// Says that a task can go on.
struct Ready {
    id: u64,
    turns: Turns,
}

impl Wake for Ready {
    fn wake(self: Arc<Self>) {
        let mut state = self.turns.0.lock();
        if !state.tasks.contains_key(&self.id) {
            return;
        }
        state.ready.insert(self.id);
        let drawing = state.drawing.clone();
        drop(state);
        if let Some(drawing) = drawing {
            drawing.wake();
        }
    }
}

/// A task that goes on in its turns only (Q1).
struct Turn<F> {
    id: u64,
    turns: Turns,
    inner: Pin<Box<F>>,
    waker: Waker,
}

impl<F: Future> Future for Turn<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let id = self.id;
        let mut state = self.turns.0.lock();
        let has_turn = state.turn == Some(id);
        let drawing = state.drawing.clone();
        if let Some(task) = state.tasks.get_mut(&id) {
            let owner = task.owner;
            task.waker = Some(context.waker().clone());
            if has_turn {
                (state.owner, state.is_polled) = (owner, true);
            }
        }
        drop(state);
        let polled = match has_turn {
            true => {
                let waker = self.waker.clone();
                let polled = self.inner.as_mut().poll(&mut Context::from_waker(&waker));
                let mut state = self.turns.0.lock();
                state.owner = WORLD;
                let is_off = |disk: &(&u64, &(SimVfs, Duration))| disk.1.0.is_crashed();
                let off: Vec<u64> = state.disks.iter().filter(is_off).map(|disk| *disk.0).collect();
                state.paused.extend(off); // Q3
                (state.turn, state.is_polled) = (None, false);
                polled
            }
            false => Poll::Pending,
        };
        if let Some(drawing) = drawing {
            drawing.wake();
        }
        polled
    }
}

impl<F> Drop for Turn<F> {
    fn drop(&mut self) {
        let mut state = self.turns.0.lock();
        let gone = state.tasks.remove(&self.id);
        state.ready.remove(&self.id);
        if state.turn == Some(self.id) {
            state.has_panicked |= state.is_polled;
            (state.turn, state.is_polled, state.owner) = (None, false, WORLD);
        }
        let drawing = state.drawing.clone();
        drop(state);
        drop(gone);
        if let Some(drawing) = drawing {
            drawing.wake();
        }
    }
}
