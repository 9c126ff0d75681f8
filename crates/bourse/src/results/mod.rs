//! The cache of results: what was computed from a state of the store, kept for as long as what it
//! was computed from is the same.
//!
//! [`Database::cached`] runs a computation over the newest Cut and remembers what it read: for each
//! tree of each shard the identity of its root and, where they are few, of the leaves that were
//! read ([`reads`]). The same question later is answered from memory if all of that is the same in
//! the Cut that is newest then. A page that has its identity has its contents, so such an answer is
//! what computing it anew would give. A time to live is a ceiling for memory and for what depends
//! on more than the store; it is not what keeps answers right.
//!
//! The obvious designs: an answer that lives for a minute is wrong for a minute; one that each
//! writer has to throw away is wrong when one writer forgets. Here writers do nothing.
//!
//! What bounds it is [`moka`]: all pools share one bound in bytes, and the least recently used
//! entry of all goes first.
//!
//! Invariants:
//! - **G1** An answer is given only if every page that decided it has the same identity in a Cut
//!   that was the newest one after the call began.
//! - **G2** Identities are compared between sealed Cuts only.
//! - **G3** A link has 32 bits of a page's birth. The position and these bits come again together
//!   only after 2^32 batches; the longest time to live, [`TIME_TO_LIVE_MAX`], is over long before.

use std::any::Any;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::{Error, Result, sync};
use hashbrown::HashMap;
use moka::notification::RemovalCause;
use moka::policy::EvictionPolicy;

use crate::core::Core;
use crate::database::Database;
use crate::transaction::Transaction;
use crate::value::{Value, encode_tagged};

#[cfg(test)]
mod planted;
mod reads;
mod size;
#[cfg(test)]
mod tests;

pub use size::ResultBytes;

use reads::{Reads, Standing};

/// The longest time to live that a pool may have (G3).
const TIME_TO_LIVE_MAX: Duration = Duration::from_secs(24 * 3600);

/// A pool of results.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResultPool {
    /// Its name.
    pub name: String,
    /// How long an answer is given at most, whether or not it is still right: at most a day.
    pub time_to_live: Duration,
}

/// How the cache of results is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResultOptions {
    /// Most bytes of all pools together. Default 2 GB.
    pub bytes_max: u64,
    /// The pools. Default `query` (60 s), `portfolio` (300 s) and `news` (600 s).
    pub pools: Vec<ResultPool>,
}

impl Default for ResultOptions {
    fn default() -> ResultOptions {
        let pool = |name: &str, seconds| ResultPool {
            name: name.to_owned(),
            time_to_live: Duration::from_secs(seconds),
        };
        ResultOptions {
            bytes_max: 2_000_000_000,
            pools: vec![pool("query", 60), pool("portfolio", 300), pool("news", 600)],
        }
    }
}

/// What a result answers: a text and its parameters.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ResultKey(Vec<u8>);

impl ResultKey {
    /// A question without parameters.
    pub fn new(text: &str) -> ResultKey {
        let mut key = ResultKey(Vec::with_capacity(text.len() + 8));
        key.push(text.as_bytes());
        key
    }

    /// The same question with one more parameter.
    #[must_use]
    pub fn with(mut self, parameter: impl Into<Value>) -> ResultKey {
        let mut bytes = Vec::new();
        encode_tagged(parameter.into().as_value(), &mut bytes);
        self.push(&bytes);
        self
    }

    /// Parts with their lengths: no two lists of parts are the same bytes.
    fn push(&mut self, part: &[u8]) {
        self.0.extend_from_slice(&(part.len() as u64).to_le_bytes());
        self.0.extend_from_slice(part);
    }
}

/// A key in a pool.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    pool: usize,
    key: ResultKey,
}

/// A result and what it rests on.
struct Entry {
    value: Arc<dyn Any + Send + Sync>,
    bytes: u32,
    computed_at: Duration,
    reads: Reads,
}

#[derive(Default)]
struct Counts {
    hits_by_root: AtomicU64,
    hits_by_page: AtomicU64,
    misses_absent: AtomicU64,
    misses_changed: AtomicU64,
    misses_expired: AtomicU64,
    uncacheable: AtomicU64,
}

struct Pool {
    rule: ResultPool,
    counts: Counts,
}

/// The cache of a store.
pub(crate) struct ResultCache {
    entries: moka::sync::Cache<Key, Arc<Entry>>,
    pools: Vec<Pool>,
    by_name: HashMap<String, usize>,
    evictions: Arc<AtomicU64>,
}

/// What a pool has answered.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct ResultPoolStatistics {
    /// Answers from memory because no tree that was read has changed.
    pub hits_by_root: u64,
    /// Answers from memory though trees had changed: the pages that were read had not.
    pub hits_by_page: u64,
    /// Computed, for there was nothing.
    pub misses_absent: u64,
    /// Computed anew, for what was read has changed.
    pub misses_changed: u64,
    /// Computed anew, for the time to live was over.
    pub misses_expired: u64,
    /// Computed, and not kept: while it was computed an index was being built.
    pub uncacheable: u64,
}

impl ResultPoolStatistics {
    fn lookups(&self) -> u64 {
        let misses = self.misses_absent + self.misses_changed + self.misses_expired;
        self.hits_by_root + self.hits_by_page + misses
    }

    /// The part of the lookups that the roots' identity answered; 0 without lookups.
    pub fn hit_rate_by_root(&self) -> f64 {
        rate(self.hits_by_root, self.lookups())
    }

    /// The part of the lookups that only the pages' identity answered; 0 without lookups.
    pub fn hit_rate_by_page(&self) -> f64 {
        rate(self.hits_by_page, self.lookups())
    }
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn rate(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What the cache of results holds and has answered, since it was first used.
#[derive(Clone, Default, Debug)]
#[non_exhaustive]
pub struct ResultStatistics {
    /// By pool, in the order in which they were given.
    pub pools: Vec<(String, ResultPoolStatistics)>,
    /// Results held.
    pub entries: u64,
    /// Bytes of them, with their keys and what they rest on.
    pub bytes: u64,
    /// Results that went to make room.
    pub evictions: u64,
}

impl Database {
    /// Chooses bounds and pools of the cache of results, before it is first used.
    ///
    /// # Errors
    /// `InvalidInput`: 55000 when it is in use; a pool that is named twice or lives for more than
    /// a day.
    pub fn configure_results(&self, options: &ResultOptions) -> Result<()> {
        let cache = ResultCache::new(options)?;
        self.core().results.set(cache).map_err(|_| {
            Error::invalid("the cache of results is in use: configure it before its first use")
                .with_sqlstate("55000")
        })
    }

    /// The answer to `key`, from memory if all that it was computed from is the same in the newest
    /// state, else computed by `compute` from that state.
    ///
    /// `compute` must depend on nothing but the key and what it reads through the transaction it is
    /// given, which sees one state; views and counts may be read too. What it computes is shared.
    /// Threads that ask for the same at once may all compute it. Inside of a transaction's closure
    /// it sees what is committed, not what the transaction has changed.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when there is no such pool; what `compute` returned.
    pub fn cached<T: ResultBytes + Send + Sync + 'static>(
        &self,
        pool: &str,
        key: ResultKey,
        compute: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<Arc<T>> {
        self.results()?.get(self.core(), pool, key, compute)
    }

    /// What the cache of results holds and has answered.
    pub fn result_statistics(&self) -> ResultStatistics {
        self.core().results.get().map(ResultCache::statistics).unwrap_or_default()
    }

    /// Forgets all results.
    pub fn forget_results(&self) {
        if let Some(cache) = self.core().results.get() {
            cache.entries.invalidate_all();
            cache.entries.run_pending_tasks();
        }
    }

    fn results(&self) -> Result<&ResultCache> {
        let cell = &self.core().results;
        if let Some(cache) = cell.get() {
            return Ok(cache);
        }
        let cache = ResultCache::new(&ResultOptions::default())?;
        Ok(cell.get_or_init(|| cache))
    }
}

impl ResultCache {
    fn new(options: &ResultOptions) -> Result<ResultCache> {
        let mut by_name = HashMap::new();
        for (at, pool) in options.pools.iter().enumerate() {
            if pool.time_to_live > TIME_TO_LIVE_MAX {
                let name = &pool.name;
                let message = format!("results of pool {name} may live for a day at most");
                return Err(Error::invalid(message));
            }
            if by_name.insert(pool.name.clone(), at).is_some() {
                let message = format!("the pool of results {} is named twice", pool.name);
                return Err(Error::invalid(message));
            }
        }
        let evictions = Arc::new(AtomicU64::new(0));
        let evicted = Arc::clone(&evictions);
        let entries = moka::sync::Cache::builder()
            .max_capacity(options.bytes_max)
            .weigher(|_: &Key, entry: &Arc<Entry>| entry.bytes)
            .eviction_policy(EvictionPolicy::lru())
            .eviction_listener(move |_, _, cause| {
                if cause == RemovalCause::Size {
                    evicted.fetch_add(1, Ordering::Relaxed);
                }
            })
            .build();
        let pools = options.pools.iter();
        let pools = pools.map(|rule| Pool { rule: rule.clone(), counts: Counts::default() });
        Ok(ResultCache { entries, pools: pools.collect(), by_name, evictions })
    }

    fn get<T: ResultBytes + Send + Sync + 'static>(
        &self,
        core: &Core,
        pool: &str,
        key: ResultKey,
        compute: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<Arc<T>> {
        let Some(number) = self.by_name.get(pool) else {
            let message = format!("there is no pool of results {pool}");
            return Err(Error::invalid(message).with_sqlstate("42704"));
        };
        let pool = &self.pools[*number];
        let key = Key { pool: *number, key };
        if let Some(value) = self.find(core, pool, &key)? {
            return Ok(value);
        }
        self.compute(core, pool, key, compute)
    }

    /// The answer that is kept, if it is still right.
    fn find<T: Send + Sync + 'static>(
        &self,
        core: &Core,
        pool: &Pool,
        key: &Key,
    ) -> Result<Option<Arc<T>>> {
        let counts = &pool.counts;
        let entry = self.entries.get(key);
        let value = entry.as_ref().and_then(|entry| Arc::clone(&entry.value).downcast::<T>().ok());
        let (Some(entry), Some(value)) = (entry, value) else {
            counts.misses_absent.fetch_add(1, Ordering::Relaxed);
            return Ok(None);
        };
        if sync::monotonic().saturating_sub(entry.computed_at) > pool.rule.time_to_live {
            counts.misses_expired.fetch_add(1, Ordering::Relaxed);
            return Ok(None);
        }
        let (count, value) = match entry.reads.standing(core)? {
            Standing::SameRoots => (&counts.hits_by_root, Some(value)),
            Standing::SamePages => (&counts.hits_by_page, Some(value)),
            Standing::Changed => (&counts.misses_changed, None),
        };
        count.fetch_add(1, Ordering::Relaxed);
        Ok(value)
    }

    fn compute<T: ResultBytes + Send + Sync + 'static>(
        &self,
        core: &Core,
        pool: &Pool,
        key: Key,
        compute: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<Arc<T>> {
        let computed_at = sync::monotonic();
        let (cut, held) = core.hold_published();
        let transaction = Transaction::over_cut(core, cut, held.that_expires());
        let value = Arc::new(compute(&transaction)?);
        let Some(reads) = Reads::of(&transaction, transaction.take_observations())? else {
            pool.counts.uncacheable.fetch_add(1, Ordering::Relaxed);
            return Ok(value);
        };
        let bytes = value.result_bytes() + key.key.0.len() + reads.bytes() + size_of::<Entry>();
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let shared: Arc<dyn Any + Send + Sync> = Arc::clone(&value) as _;
        let entry = Entry { value: shared, bytes, computed_at, reads };
        self.entries.insert(key, Arc::new(entry));
        // Room is made here and not some time later, so that the bound holds.
        self.entries.run_pending_tasks();
        Ok(value)
    }

    fn statistics(&self) -> ResultStatistics {
        self.entries.run_pending_tasks();
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let of_pool = |pool: &Pool| {
            let counts = &pool.counts;
            let statistics = ResultPoolStatistics {
                hits_by_root: read(&counts.hits_by_root),
                hits_by_page: read(&counts.hits_by_page),
                misses_absent: read(&counts.misses_absent),
                misses_changed: read(&counts.misses_changed),
                misses_expired: read(&counts.misses_expired),
                uncacheable: read(&counts.uncacheable),
            };
            (pool.rule.name.clone(), statistics)
        };
        ResultStatistics {
            pools: self.pools.iter().map(of_pool).collect(),
            entries: self.entries.entry_count(),
            bytes: self.entries.weighted_size(),
            evictions: self.evictions.load(Ordering::Relaxed),
        }
    }
}
