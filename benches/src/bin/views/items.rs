//! What is measured, in turns: each round every contender does the same, one after the other.

use std::path::Path;
use std::time::Duration;

use bourse_benches::measure::Load;
use bourse_storage::sync;

use crate::Outcome;
use crate::bourse::BourseStore;
use crate::contender::{Contender, Store};
use crate::report::{Figure, Line};
use crate::rows::{By, Kept, Setup};

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Rows that are there before.
    pub(crate) rows: u64,
    /// Rows of the table whose view is made.
    pub(crate) rows_of_view: u64,
    /// Rows inserted in a round, each in a transaction of its own.
    pub(crate) inserts: u64,
    /// Groups read in a round.
    pub(crate) reads: u64,
    /// Rounds that count.
    pub(crate) rounds: usize,
}

/// An upkeep: of what, in transactions of how many rows.
struct Upkeep {
    item: &'static str,
    setup: Setup,
    a_transaction: u64,
    goal: &'static str,
}

const UPKEEP: [Upkeep; 6] = [
    Upkeep {
        item: "upkeep, hot group, 1 row a transaction",
        setup: Setup::views(4, By::Venue, Kept::Sums),
        a_transaction: 1,
        goal: "0.3; 0.2x",
    },
    Upkeep {
        item: "upkeep, hot group, 100 rows a transaction",
        setup: Setup::views(4, By::Venue, Kept::Sums),
        a_transaction: 100,
        goal: "0.3; 0.2x",
    },
    Upkeep {
        item: "upkeep, cold group, 1 row a transaction",
        setup: Setup::views(4, By::Account, Kept::Sums),
        a_transaction: 1,
        goal: "1; 0.2x",
    },
    Upkeep {
        item: "upkeep, cold group, 100 rows a transaction",
        setup: Setup::views(4, By::Account, Kept::Sums),
        a_transaction: 100,
        goal: "1; 0.2x",
    },
    Upkeep {
        item: "upkeep with MIN, MAX, FIRST, LAST, hot, 100 rows",
        setup: Setup::views(2, By::Venue, Kept::Ends),
        a_transaction: 100,
        goal: "1.5; 0.2x",
    },
    Upkeep {
        item: "upkeep with MIN, MAX, FIRST, LAST, cold, 100 rows",
        setup: Setup::views(2, By::Account, Kept::Ends),
        a_transaction: 100,
        goal: "1.5; 0.2x",
    },
];

/// Someone's stores of an item, with what came of each round.
struct Turn<'c> {
    contender: &'c dyn Contender,
    stores: Vec<Box<dyn Store + 'c>>,
    values: Vec<f64>,
    waits: Vec<f64>,
    others: f64,
}

impl Turn<'_> {
    fn figure(self) -> Figure {
        let others = self.contender.is_in_process().then_some(self.others);
        Figure::of(self.contender.name(), self.values, others)
    }
}

/// Makes each contender's stores of these setups.
fn turns<'c>(
    contenders: &'c [Box<dyn Contender + 'c>],
    folder: &Path,
    setups: &[Setup],
    rows: u64,
) -> Outcome<Vec<Turn<'c>>> {
    let mut turns = Vec::new();
    for contender in contenders {
        let mut stores = Vec::new();
        for (number, setup) in setups.iter().enumerate() {
            let place = folder.join(format!("{}-{number}", contender.name()));
            if place.exists() {
                std::fs::remove_dir_all(&place)?;
            }
            std::fs::create_dir_all(&place)?;
            stores.push(contender.make(&place, *setup, rows)?);
        }
        let contender = contender.as_ref();
        turns.push(Turn { contender, stores, values: Vec::new(), waits: Vec::new(), others: 0.0 });
    }
    Ok(turns)
}

/// Runs a step of every contender in turns; the first round does not count.
fn in_turns(
    turns: &mut [Turn<'_>],
    rounds: usize,
    mut step: impl FnMut(&mut [Box<dyn Store + '_>], usize) -> Outcome<(f64, Option<f64>)>,
) -> Outcome<()> {
    for round in 0..=rounds {
        for turn in &mut *turns {
            let load = Load::begin();
            let (value, wait) = step(&mut turn.stores, round)?;
            if round > 0 {
                turn.values.push(value);
                turn.waits.extend(wait);
                turn.others = turn.others.max(load.others());
            }
        }
    }
    Ok(())
}

/// Fails unless all contenders' views say the same, and Bourse's are what their rows make them.
fn agree(turns: &mut [Turn<'_>], store: usize, view: &str) -> Outcome<()> {
    let mut digests = Vec::new();
    for turn in turns {
        turn.stores[store].check()?;
        digests.push((turn.contender.name(), turn.stores[store].digest(view)?));
    }
    match digests.iter().all(|(_, digest)| *digest == digests[0].1) {
        true => Ok(()),
        false => Err(format!("the contenders' views differ: {digests:?}").into()),
    }
}

fn micros(duration: Duration, of: u64) -> f64 {
    duration.as_secs_f64() * 1e6 / of as f64
}

/// All items, one after the other; `done` hears of all lines so far after each.
pub(crate) fn measure(
    plan: Plan,
    contenders: &[Box<dyn Contender + '_>],
    folder: &Path,
    wanted: &dyn Fn(&str) -> bool,
    done: &mut dyn FnMut(&[Line]) -> Outcome<()>,
) -> Outcome<Vec<Line>> {
    type Measure<'c> = fn(Plan, &[Box<dyn Contender + 'c>], &Path) -> Outcome<Vec<Line>>;
    let mut lines = Vec::new();
    for upkeep in UPKEEP.iter().filter(|upkeep| wanted(upkeep.item)) {
        eprintln!("{}", upkeep.item);
        lines.push(measure_upkeep(plan, contenders, folder, upkeep)?);
        done(&lines)?;
    }
    let others: [(&str, Measure<'_>); 4] = [
        ("insert, 3 indexes and 2 views", measure_inserts),
        ("read of one group", measure_reads),
        ("make a view", measure_making),
        ("2 threads, one group", |plan, _, folder| measure_hot_spot(plan, folder)),
    ];
    for (item, measure) in others.into_iter().filter(|(item, _)| wanted(item)) {
        eprintln!("{item}");
        lines.extend(measure(plan, contenders, folder)?);
        done(&lines)?;
    }
    Ok(lines)
}

/// What a row more costs with views than without, for each view.
fn measure_upkeep(
    plan: Plan,
    contenders: &[Box<dyn Contender + '_>],
    folder: &Path,
    upkeep: &Upkeep,
) -> Outcome<Line> {
    let setups = [Setup::BARE, upkeep.setup];
    let mut turns = turns(contenders, folder, &setups, plan.rows)?;
    let count = plan.inserts * if upkeep.a_transaction == 1 { 1 } else { 5 };
    in_turns(&mut turns, plan.rounds, |stores, round| {
        let from = plan.rows + round as u64 * count;
        let mut took = [Duration::ZERO; 2];
        for (store, took) in stores.iter_mut().zip(&mut took) {
            *took = store.insert(from, count, upkeep.a_transaction)?;
        }
        let views = upkeep.setup.views as f64;
        Ok(((micros(took[1], count) - micros(took[0], count)) / views, None))
    })?;
    agree(&mut turns, 1, "kept0")?;
    let figures = turns.into_iter().map(Turn::figure).collect();
    Ok(Line { item: upkeep.item.into(), unit: "us a row and view", goal: upkeep.goal, figures })
}

fn measure_inserts(
    plan: Plan,
    contenders: &[Box<dyn Contender + '_>],
    folder: &Path,
) -> Outcome<Vec<Line>> {
    let mut lines = Vec::new();
    for (views, item, goal) in [
        (0, "insert, 3 indexes, no view", ""),
        (2, "insert, 3 indexes and 2 views, hot and cold", "5"),
    ] {
        let setup = Setup::views(views, By::Venue, Kept::Sums).indexed();
        let mut turns = turns(contenders, folder, &[setup], plan.rows)?;
        in_turns(&mut turns, plan.rounds, |stores, round| {
            let from = plan.rows + round as u64 * plan.inserts;
            Ok((micros(stores[0].insert(from, plan.inserts, 1)?, plan.inserts), None))
        })?;
        if views > 0 {
            agree(&mut turns, 0, "kept0")?;
            agree(&mut turns, 0, "kept1")?;
        }
        let figures = turns.into_iter().map(Turn::figure).collect();
        lines.push(Line { item: item.into(), unit: "us a row", goal, figures });
    }
    Ok(lines)
}

fn measure_reads(
    plan: Plan,
    contenders: &[Box<dyn Contender + '_>],
    folder: &Path,
) -> Outcome<Vec<Line>> {
    let mut lines = Vec::new();
    for (by, item) in [
        (By::Account, "read of one group, 200,000 of them, states in 16 shards"),
        (By::User, "read of one group, 10,000 of them, each in one shard"),
    ] {
        let setup = Setup::views(1, by, Kept::Sums);
        let mut turns = turns(contenders, folder, &[setup], plan.rows)?;
        in_turns(&mut turns, plan.rounds, |stores, _| {
            Ok((micros(stores[0].read_groups(plan.reads)?, plan.reads), None))
        })?;
        let figures = turns.into_iter().map(Turn::figure).collect();
        lines.push(Line { item: item.into(), unit: "us a read", goal: "1", figures });
    }
    Ok(lines)
}

fn measure_making(
    plan: Plan,
    contenders: &[Box<dyn Contender + '_>],
    folder: &Path,
) -> Outcome<Vec<Line>> {
    let mut turns = turns(contenders, folder, &[Setup::BARE], plan.rows_of_view)?;
    in_turns(&mut turns, plan.rounds.min(3), |stores, _| {
        let made = stores[0].make_view()?;
        let wait = made.longest_wait.map(|wait| wait.as_secs_f64() * 1e3);
        Ok((made.took.as_secs_f64() * 1e3, wait))
    })?;
    let waits = turns.iter().filter(|turn| !turn.waits.is_empty());
    let waits = waits.map(|turn| {
        let others = turn.contender.is_in_process().then_some(turn.others);
        Figure::of(turn.contender.name(), turn.waits.clone(), others)
    });
    let waits = Line {
        item: "longest wait of a writer meanwhile".into(),
        unit: "ms",
        goal: "5",
        figures: waits.collect(),
    };
    let figures = turns.into_iter().map(Turn::figure).collect();
    let item = format!("make a view by user and day of {} rows, online", plan.rows_of_view);
    Ok(vec![Line { item, unit: "ms", goal: "500", figures }, waits])
}

/// Two threads insert rows of one group, with its view and without. In different shards the group
/// has two states, and the view must leave to two threads what it leaves to one. In one shard,
/// where an owned group lies, both wait for its mutex whether there is a view or not.
fn measure_hot_spot(plan: Plan, folder: &Path) -> Outcome<Vec<Line>> {
    let [one, other] = users_of_two_shards(folder)?;
    let partial = Setup::views(1, By::Venue, Kept::Sums);
    let owned = Setup::views(1, By::User, Kept::Sums);
    let mut lines = Vec::new();
    for (number, (setup, users, item)) in [
        (Setup::BARE, [one, other], "2 threads on 2 shards, without a view"),
        (partial, [one, other], "2 threads on 2 shards, one group of a partial view"),
        (Setup::BARE, [one, one], "2 threads on 1 shard, without a view"),
        (owned, [one, one], "2 threads on 1 shard, one group that lies there alone"),
    ]
    .into_iter()
    .enumerate()
    {
        let place = folder.join(format!("hot-{number}"));
        std::fs::create_dir_all(&place)?;
        let mut store = BourseStore::of_shards(&place, setup, 0, 2)?;
        let figures = measure_side_by_side(plan, &store, users)?;
        store.check()?;
        lines.push(Line { item: item.into(), unit: "rows/s", goal: "", figures });
    }
    Ok(lines)
}

/// Rows a second of one thread and of two, in turns.
fn measure_side_by_side(plan: Plan, store: &BourseStore, users: [i64; 2]) -> Outcome<Vec<Figure>> {
    let mut next = 0;
    let mut rates = [Vec::new(), Vec::new()];
    let mut others = 0.0_f64;
    for round in 0..=plan.rounds {
        for (threads, rates) in (1..).zip(&mut rates) {
            let load = Load::begin();
            let took = insert_side_by_side(store, &users[..threads], next, plan.inserts)?;
            next += 2 * plan.inserts;
            if round > 0 {
                let rows = plan.inserts * threads as u64;
                rates.push(rows as f64 / took.as_secs_f64());
                others = others.max(load.others());
            }
        }
    }
    let [alone, both] = rates;
    Ok(vec![
        Figure::of("1 thread", alone, Some(others)),
        Figure::of("2 threads", both, Some(others)),
    ])
}

/// Two users whose rows are in different shards: the group of all rows then has two states.
fn users_of_two_shards(folder: &Path) -> Outcome<[i64; 2]> {
    let place = folder.join("shards");
    if place.exists() {
        std::fs::remove_dir_all(&place)?;
    }
    std::fs::create_dir_all(&place)?;
    let setup = Setup::views(1, By::Venue, Kept::Sums);
    let store = BourseStore::of_shards(&place, setup, 0, 2)?;
    store.insert_for(0, 0, 1)?;
    for user in 1..100_u32 {
        store.insert_for(user.into(), user.into(), 1)?;
        if store.states()? == 2 {
            return Ok([0, user.into()]);
        }
    }
    Err("a hundred users are all of one shard".into())
}

fn insert_side_by_side(
    store: &BourseStore,
    users: &[i64],
    from: u64,
    count: u64,
) -> Outcome<Duration> {
    let begin = sync::monotonic();
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..)
            .zip(users)
            .map(|(at, user)| {
                scope.spawn(move || store.insert_for(*user, from + at * count, count))
            })
            .collect();
        running.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })?;
    Ok(sync::monotonic().saturating_sub(begin))
}
