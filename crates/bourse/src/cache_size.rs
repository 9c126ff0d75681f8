//! The size of the page cache: once a second it follows what the machine says of its memory.
//!
//! How large it should be is decided by `bourse_storage::cache::budget`; what the machine says is
//! read by `bourse_storage::cache::machine`. A file system that knows of no machine (a simulated
//! one) leaves the size to [`crate::Database::resize_cache`].

use std::sync::Arc;
use std::time::Duration;

use bourse_storage::cache::PageCache;
use bourse_storage::cache::budget::{Budget, Taken};
use bourse_storage::cache::machine::Machine;
use bourse_storage::{Error, Result};

use crate::checkpoint;
use crate::core::Core;
use crate::options::Options;

#[cfg(test)]
mod tests;

/// How often the size follows.
const STEP: Duration = Duration::from_secs(1);

/// What decides the size of a store's cache.
#[derive(Clone, Debug)]
pub(crate) struct CacheSize {
    machine: Machine,
    budget: Budget,
}

/// The cache of a store, of the size that the machine allows now, and what decides that size from
/// now on, if anything does.
pub(crate) fn open(options: &Options) -> Result<(Arc<PageCache>, Option<CacheSize>)> {
    let (cap, floor) = bounds(options);
    let vfs = &*options.vfs;
    let machine = if floor < cap { Machine::find(vfs) } else { None };
    let reading = machine.as_ref().and_then(|machine| machine.read(vfs));
    let (Some(machine), Some(reading)) = (machine, reading) else {
        let bytes = address_space(cap)?;
        return Ok((PageCache::new(bytes)?, None));
    };
    // More than the machine has is never had: addresses for it are not even reserved.
    let most = reading.bounds.first().map_or(cap, |bound| cap.min(bound.limit.max(floor)));
    let mut budget = Budget::new(most, floor);
    let first = budget.step(&reading, Taken::default());
    let cache = PageCache::with_room(address_space(first)?, address_space(most)?)?;
    Ok((cache, Some(CacheSize { machine, budget })))
}

/// Cap and floor.
fn bounds(options: &Options) -> (u64, u64) {
    (options.cache_bytes, options.cache_bytes_min.min(options.cache_bytes))
}

fn address_space(bytes: u64) -> Result<usize> {
    usize::try_from(bytes)
        .map_err(|_| Error::invalid("cache_bytes is larger than the address space"))
}

/// The thread that follows the machine.
pub(crate) fn run(core: &Core, mut size: CacheSize) {
    let vfs = &*core.options.vfs;
    while !checkpoint::wait(core, STEP) {
        // A machine that says nothing for once changes nothing.
        let Some(reading) = size.machine.read(vfs) else { continue };
        let target = size.budget.step(&reading, core.cache.taken());
        // A page that cannot be written stays in memory: its checkpoint will meet the same error,
        // and stop the store. The next step goes on with the rest.
        drop(resize_to(core, target));
    }
}

/// Resizes the cache within its bounds. Whether it has the size now.
pub(crate) fn resize(core: &Core, bytes: u64) -> Result<bool> {
    let (cap, floor) = bounds(&core.options);
    resize_to(core, bytes.clamp(floor, cap))
}

fn resize_to(core: &Core, bytes: u64) -> Result<bool> {
    if core.cache.resize(bytes)? {
        return Ok(true);
    }
    // Writers that have nothing to do keep frames in stock. One that is at work gives them back
    // itself, so nobody is waited for.
    for shard in &core.shards {
        if let Some(mut state) = shard.state.try_lock() {
            state.writer.yield_frames();
        }
    }
    core.cache.resize(bytes)
}
