//! What the tasks of a group run on: tokio, as everything else, or a simulation's turns.
//!
//! All that a simulation must decide goes through here: which task goes on, what is drawn by lot,
//! what waits for a disk. Outside of one each of these is a look at a word of the thread's own, and
//! then what tokio does.
//!
//! # Invariants
//! - **T1** Tasks of a group are begun by [`spawn`] or [`spawn_on`] alone, and what may wait for a
//!   disk is done by [`in_place`] or [`apart`]: so a simulation knows of each.
//! - **T2** Nothing on the simulated path chooses by tokio's own lot: a `select!` is `biased`.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use openraft::async_runtime::AsyncRuntime;
use openraft::impls::TokioRuntime;
use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinHandle};

use super::simulation::turns;

/// Begins a task.
pub(super) fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match turns::current() {
        Some(turns) => turns.spawn(turns.owner(), future),
        None => tokio::spawn(future),
    }
}

/// As [`spawn`], where the caller may be no task.
pub(super) fn spawn_on<F>(handle: &Handle, future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match turns::current() {
        Some(turns) => turns.spawn(turns.owner(), future),
        None => handle.spawn(future),
    }
}

/// Does what may wait for a disk, in a task.
pub(super) fn in_place<T>(body: impl FnOnce() -> T) -> T {
    match turns::current() {
        Some(_) => body(),
        None => tokio::task::block_in_place(body),
    }
}

/// Does what may wait on a thread that may.
pub(super) async fn apart<T, F>(body: F) -> Result<T, JoinError>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    match turns::current() {
        Some(_) => Ok(body()),
        None => tokio::task::spawn_blocking(body).await,
    }
}

/// How long a simulated disk takes for what is begun now; none where disks are real.
pub(super) fn simulated_wait() -> Option<Duration> {
    turns::current().map(|turns| turns.disk_wait())
}

/// What the consensus runs on.
#[derive(Debug)]
pub(crate) struct Runtime(TokioRuntime);

/// Random numbers, which a simulation draws.
#[derive(Debug)]
pub(crate) struct Lots;

impl rand_core::TryRng for Lots {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|number| (number >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(turns::current().map_or_else(rand::random, |turns| turns.draw()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for piece in bytes.chunks_mut(8) {
            let number = self.try_next_u64()?.to_le_bytes();
            piece.copy_from_slice(&number[..piece.len()]);
        }
        Ok(())
    }
}

impl AsyncRuntime for Runtime {
    type JoinError = <TokioRuntime as AsyncRuntime>::JoinError;
    type JoinHandle<T: Send + 'static> = JoinHandle<T>;
    type Sleep = <TokioRuntime as AsyncRuntime>::Sleep;
    type Instant = <TokioRuntime as AsyncRuntime>::Instant;
    type TimeoutError = <TokioRuntime as AsyncRuntime>::TimeoutError;
    type Timeout<R, T: Future<Output = R> + Send> = <TokioRuntime as AsyncRuntime>::Timeout<R, T>;
    type ThreadLocalRng = Lots;
    type Mpsc = <TokioRuntime as AsyncRuntime>::Mpsc;
    type Watch = <TokioRuntime as AsyncRuntime>::Watch;
    type Oneshot = <TokioRuntime as AsyncRuntime>::Oneshot;
    type Mutex<T: Send + 'static> = <TokioRuntime as AsyncRuntime>::Mutex<T>;

    fn spawn<T>(future: T) -> JoinHandle<T::Output>
    where
        T: Future + Send + 'static,
        T::Output: Send + 'static,
    {
        spawn(future)
    }

    fn sleep(duration: Duration) -> Self::Sleep {
        TokioRuntime::sleep(duration)
    }

    fn sleep_until(deadline: Self::Instant) -> Self::Sleep {
        TokioRuntime::sleep_until(deadline)
    }

    fn timeout<R, F: Future<Output = R> + Send>(
        duration: Duration,
        future: F,
    ) -> Self::Timeout<R, F> {
        TokioRuntime::timeout(duration, future)
    }

    fn timeout_at<R, F: Future<Output = R> + Send>(
        deadline: Self::Instant,
        future: F,
    ) -> Self::Timeout<R, F> {
        TokioRuntime::timeout_at(deadline, future)
    }

    fn is_panic(error: &JoinError) -> bool {
        error.is_panic()
    }

    fn thread_rng() -> Lots {
        Lots
    }

    fn new(threads: usize) -> Runtime {
        Runtime(TokioRuntime::new(threads))
    }

    fn block_on<F: Future<Output = T>, T>(&mut self, future: F) -> T {
        self.0.block_on(future)
    }

    async fn spawn_blocking<F, T>(body: F) -> io::Result<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        apart(body).await.map_err(io::Error::other)
    }
}
