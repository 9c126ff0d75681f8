//! Do copy-on-write pages stay in the processor's cache? Updates of random rows over the storage
//! crate's own tree, under everything that delays the reuse of a frame; and reads beside LMDB.
//!
//! `cargo xtask bench cow`; RFC 1 tells what came out.

#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bourse_benches::lmdb::{self, LmdbOptions};
use bourse_benches::measure::{Contender, Load, Random, Round, SAMPLED, in_turns, print_heading};
use bourse_storage::cache::{HeldCuts, PageCache};
use bourse_storage::id::{Batch, Link};
use bourse_storage::page::Page;
use bourse_storage::pager::{Pager, PagerOptions, Source, Writer};
use bourse_storage::store::{PageSource, Step, Stop};
use bourse_storage::tree::{self, Builder, Payload, Root};
use bourse_storage::vfs::os::OsVfs;
use clap::Parser;
use heed::PutFlags;
use heed::types::Bytes;

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Measures copy-on-write updates and point reads of the storage crate.
#[derive(Parser)]
struct Arguments {
    /// Rows of 128 bytes.
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// Rounds that count.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Updates a round.
    #[arg(long, default_value_t = 60_000)]
    updates: usize,
    /// Where the files are made.
    #[arg(long, default_value = ".")]
    folder: std::path::PathBuf,
}

const VALUE: [u8; 120] = [7; 120];
const GETS: usize = 200_000;

/// One shard with one tree.
struct Tree {
    pager: Arc<Pager>,
    writer: Writer,
    root: Root,
    /// Changes since the last seal.
    open: usize,
}

/// Shards over one cache; key `k` is in shard `k % shards`.
struct Forest {
    trees: Vec<Tree>,
    held: Arc<HeldCuts>,
    cache: Arc<PageCache>,
    rows: u64,
    random: Random,
}

/// When what is changed is sealed, and what stands in the way of reuse.
#[derive(Clone, Copy)]
struct Sealing {
    /// Rows changed in a batch.
    rows: usize,
    /// Batches that publication is behind.
    lag: u64,
}

impl Forest {
    fn create(
        folder: &Path,
        name: &str,
        shards: u64,
        (rows, cache_bytes, fill): (u64, usize, usize),
    ) -> Outcome<Forest> {
        let (held, cache) = (HeldCuts::new(), PageCache::new(cache_bytes)?);
        let mut trees = Vec::new();
        for shard in 0..shards {
            let options = PagerOptions {
                max_pages: 1 << 20,
                ..PagerOptions::new(1, u16::try_from(shard)?, tree::validate)
            };
            let path = folder.join(format!("{name}-{shard}"));
            let (pager, mut writer) =
                Pager::create(&OsVfs, &path, options, Arc::clone(&cache), Arc::clone(&held))?;
            writer.begin_batch(Batch::first_of_open(1));
            let keys = (0..rows).filter(|key| key % shards == shard);
            let root = build(&mut writer, keys, fill)?;
            let mut tree = Tree { pager, writer, root, open: 0 };
            tree.seal(0);
            trees.push(tree);
        }
        Ok(Forest { trees, held, cache, rows, random: Random::new(7) })
    }

    fn random_key(&mut self) -> u64 {
        self.random.below(self.rows)
    }

    fn update(&mut self, sealing: Sealing) {
        let key = self.random_key();
        let shards = self.trees.len() as u64;
        let tree = &mut self.trees[usize::try_from(key % shards).unwrap_or(0)];
        let mut value = VALUE;
        value[..8].copy_from_slice(&self.random.below(u64::MAX).to_le_bytes());
        let need = tree::pages_needed(tree.root, 0);
        let root = &mut tree.root;
        let key = key.to_be_bytes();
        let replaced = tree.writer.write(need, |store| tree::put(store, root, &key, &value));
        assert!(matches!(replaced, Ok(true)), "every key is there: {replaced:?}");
        tree.open += 1;
        if tree.open == sealing.rows {
            tree.seal(sealing.lag);
        }
    }

    fn updates(&mut self, count: usize, sealing: Sealing) -> Round {
        Round::of(count, SAMPLED, || self.update(sealing))
    }

    /// Seals all that is open and publishes it, so that contenders begin alike.
    fn settle(&mut self) {
        for tree in &mut self.trees {
            for _ in 0..3 {
                tree.seal(0);
            }
        }
    }

    /// As [`Forest::updates`], while another thread is pinned all the time.
    fn updates_with_stalled_reader(&mut self, count: usize, sealing: Sealing) -> Round {
        let (over, pinned) = (AtomicBool::new(false), AtomicBool::new(false));
        let cache = Arc::clone(&self.cache);
        std::thread::scope(|scope| {
            let (over, pinned) = (&over, &pinned);
            scope.spawn(move || {
                let pin = cache.epochs().pin();
                pinned.store(true, Ordering::Release);
                while !over.load(Ordering::Acquire) {
                    std::thread::park_timeout(std::time::Duration::from_millis(5));
                }
                drop(pin);
            });
            while !pinned.load(Ordering::Acquire) {
                std::thread::yield_now();
            }
            let round = self.updates(count, sealing);
            over.store(true, Ordering::Release);
            round
        })
    }

    /// As [`Forest::updates`], while the Cut of the beginning is held.
    fn updates_with_snapshot(&mut self, count: usize, sealing: Sealing) -> Round {
        let oldest = self.trees.iter().map(|tree| tree.writer.batch().0 - 1).min();
        let held = self.held.register(Batch(oldest.unwrap_or(0)));
        let round = self.updates(count, sealing);
        drop(held);
        round
    }

    fn gets<'f>(&'f mut self, look: impl Fn(&Tree, u64) -> bool + 'f) -> Round {
        let shards = self.trees.len() as u64;
        Round::of(GETS, SAMPLED, || {
            let key = self.random.below(self.rows);
            let tree = &self.trees[usize::try_from(key % shards).unwrap_or(0)];
            assert!(look(tree, key), "every key is there");
        })
    }
}

impl Tree {
    /// Ends the batch; what the writer may reuse is behind by `lag` batches.
    fn seal(&mut self, lag: u64) {
        let batch = self.writer.batch();
        self.writer.begin_batch(batch.next());
        self.writer.reclaim(Batch(batch.0.saturating_sub(lag)));
        self.open = 0;
    }

    fn newest(&self) -> Batch {
        self.writer.batch()
    }

    fn get(&self, key: u64) -> bool {
        let found = self.pager.read(self.newest(), |source| {
            let found = tree::get(source, self.root, &key.to_be_bytes())?;
            Ok(found.map(first_byte))
        });
        black_box(found).is_ok_and(|found| found.is_some())
    }

    fn get_without_heads(&self, key: u64) -> bool {
        let found = self.pager.read(self.newest(), |source| {
            let found = tree::measure::get_comparing_keys(source, self.root, &key.to_be_bytes())?;
            Ok(found.map(first_byte))
        });
        black_box(found).is_ok_and(|found| found.is_some())
    }

    fn get_without_prefetch(&self, key: u64) -> bool {
        let found = self.pager.read(self.newest(), |source| {
            let source = WithoutPrefetch(source);
            let found = tree::get(&source, self.root, &key.to_be_bytes())?;
            Ok(found.map(first_byte))
        });
        black_box(found).is_ok_and(|found| found.is_some())
    }
}

/// The pages of a source, never asked for ahead.
struct WithoutPrefetch<'a, 'p>(&'a Source<'p>);

impl PageSource for WithoutPrefetch<'_, '_> {
    fn page(&self, link: Link) -> Step<&Page> {
        self.0.page(link)
    }
}

fn first_byte(payload: Payload<'_>) -> u8 {
    match payload {
        Payload::Inline(value) => value[64],
        Payload::Extent { .. } => 0,
    }
}

fn build(
    writer: &mut Writer,
    keys: impl Iterator<Item = u64>,
    fill: usize,
) -> bourse_storage::Result<Root> {
    let mut builder = Builder::new(fill);
    for key in keys {
        let key = key.to_be_bytes();
        writer.write(builder.pages_needed(0), |store| Ok(builder.push(store, &key, &VALUE)?))?;
    }
    let pages = builder.pages_to_finish();
    let mut builder = Some(builder);
    writer.write(pages, |store| match builder.take() {
        Some(builder) => Ok(builder.finish(store)),
        None => Err(Stop::Error(bourse_storage::Error::invalid("finished twice"))),
    })
}

const EVERY_ROW: Sealing = Sealing { rows: 1, lag: 0 };
const IN_FLIGHT: Sealing = Sealing { rows: 1, lag: 4 };
/// Publication so far behind that every frame has left the processor's cache when it is used
/// again: what recycling last-in first-out is there to avoid.
const COLD: Sealing = Sealing { rows: 1, lag: 8_192 };

/// Each way of sealing on the same forest, in turns.
fn measure_updates(item: &'static str, arguments: &Arguments, forest: &mut Forest) {
    let forest = std::cell::RefCell::new(forest);
    let count = arguments.updates;
    let plain = |sealing: Sealing| -> Box<dyn FnMut() -> Round + '_> {
        let forest = &forest;
        Box::new(move || {
            let mut forest = forest.borrow_mut();
            let round = forest.updates(count, sealing);
            forest.settle();
            round
        })
    };
    let mut contenders: Vec<Contender<'_>> = vec![
        ("row sealed, lag 0", plain(EVERY_ROW)),
        ("row sealed, lag 4", plain(IN_FLIGHT)),
        ("64 rows sealed, lag 0", plain(Sealing { rows: 64, lag: 0 })),
        ("64 rows sealed, lag 4", plain(Sealing { rows: 64, lag: 4 })),
        ("1,024 rows sealed, lag 0", plain(Sealing { rows: 1024, lag: 0 })),
        ("1,024 rows sealed, lag 4", plain(Sealing { rows: 1024, lag: 4 })),
        ("cold frames: lag 8,192", plain(COLD)),
        (
            "stalled reader, lag 4",
            Box::new(|| {
                let mut forest = forest.borrow_mut();
                let round = forest.updates_with_stalled_reader(count, IN_FLIGHT);
                forest.settle();
                round
            }),
        ),
        (
            "live snapshot, lag 4",
            Box::new(|| {
                let mut forest = forest.borrow_mut();
                let round = forest.updates_with_snapshot(count, IN_FLIGHT);
                forest.settle();
                round
            }),
        ),
    ];
    in_turns(item, arguments.rounds, &mut contenders);
}

fn measure_small_cache(folder: &Path, arguments: &Arguments) -> Outcome<()> {
    let name = "small";
    let mut forest = Forest::create(folder, name, 1, (arguments.rows, 64 << 20, 100))?;
    let before = forest.cache.statistics().early_writes;
    let count = arguments.updates / 4;
    let mut contenders: Vec<Contender<'_>> = vec![(
        "row sealed, lag 4",
        Box::new(|| {
            let round = forest.updates(count, IN_FLIGHT);
            forest.settle();
            round
        }),
    )];
    in_turns("update, cache of 64 MiB", arguments.rounds, &mut contenders);
    drop(contenders);
    let early = forest.cache.statistics().early_writes - before;
    let all = count * (arguments.rounds + 1);
    println!("{:<34} {early} pages written early in {all} updates", "");
    Ok(())
}

fn measure_reads(folder: &Path, arguments: &Arguments) -> Outcome<()> {
    let rows = arguments.rows;
    let lmdb_folder = folder.join("lmdb");
    std::fs::create_dir_all(&lmdb_folder)?;
    let lmdb = lmdb::open(&lmdb_folder, LmdbOptions { durable: false, no_read_ahead: false })?;
    let mut writer = lmdb.write_txn()?;
    let table: heed::Database<Bytes, Bytes> = lmdb.create_database(&mut writer, None)?;
    for key in (0..rows).map(u64::to_be_bytes) {
        table.put_with_flags(&mut writer, PutFlags::APPEND, &key, &VALUE)?;
    }
    writer.commit()?;
    let mut full = Forest::create(folder, "full", 1, (rows, 512 << 20, 100))?;
    let mut loose = Forest::create(folder, "loose", 1, (rows, 512 << 20, 70))?;
    let mut sharded = Forest::create(folder, "sharded", 16, (rows, 512 << 20, 100))?;
    let mut random = Random::new(7);
    let full = std::cell::RefCell::new(&mut full);
    let mut contenders: Vec<Contender<'_>> = vec![
        (
            "LMDB",
            Box::new(|| {
                Round::of(GETS, SAMPLED, || {
                    let key = random.below(rows).to_be_bytes();
                    let found = lmdb.read_txn().and_then(|reader| {
                        Ok(black_box(table.get(&reader, &key)?.map(|row| row[64])))
                    });
                    assert!(matches!(found, Ok(Some(_))), "every key is there");
                })
            }),
        ),
        ("tree, pages full", Box::new(|| full.borrow_mut().gets(Tree::get))),
        ("no heads", Box::new(|| full.borrow_mut().gets(Tree::get_without_heads))),
        ("no prefetch", Box::new(|| full.borrow_mut().gets(Tree::get_without_prefetch))),
        ("pages filled to 70 %", Box::new(|| loose.gets(Tree::get))),
        ("16 shards", Box::new(|| sharded.gets(Tree::get))),
    ];
    in_turns("point get", arguments.rounds, &mut contenders);
    Ok(())
}

fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    let load = Load::begin();
    let space = tempfile::tempdir_in(&arguments.folder)?;
    let rows = arguments.rows;
    print_heading();
    measure_reads(space.path(), &arguments)?;
    let mut one = Forest::create(space.path(), "one", 1, (rows, 1 << 30, 100))?;
    measure_updates("update, 1 shard", &arguments, &mut one);
    drop(one);
    let mut many = Forest::create(space.path(), "many", 16, (rows, 1 << 30, 100))?;
    measure_updates("update, 16 shards", &arguments, &mut many);
    drop(many);
    measure_small_cache(space.path(), &arguments)?;
    println!("{}", load.report());
    Ok(())
}
