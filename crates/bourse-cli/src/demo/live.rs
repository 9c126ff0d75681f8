//! The views, made and read while trades stream in, and checked at the end by recomputation.
//!
//! Two threads execute trades, durably, without a pause. Meanwhile the views are made, one after
//! the other, and then shown several times a second: each [`Frame`] is of one Cut, so what it says
//! of a user, of a symbol and of a day belongs together.

use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::time::Duration;

use bourse::{Cut, Database, Order, Range, Table, Value, View};
use bourse_storage::{Error, Result, sync};

use super::bourse::BourseTradeStore;
use super::bourse::views::{
    CANDLES, PORTFOLIO_PERFORMANCE, TOP_MOVERS, USER_EXPOSURE, definitions,
};
use super::engine::TradeIds;
use super::facts::Facts;
use super::trade::{TradeSource, execute_trades};

/// What this part of the demo is called.
pub(crate) const VIEWS: &str = "views";
/// Threads that execute trades.
const THREADS: usize = 2;
/// Trades are executed in runs of this length, so that they end soon when they are to end.
const RUN: Duration = Duration::from_millis(100);
/// Frames that are shown.
const FRAMES: u32 = 8;
/// The first run number: trades of these runs are none of the trade execution's.
const FIRST_RUN: u64 = 1 << 20;

/// One view of the store.
pub(crate) struct LiveView {
    /// Its name.
    pub(crate) name: String,
    /// How long it took to make while trades streamed in.
    pub(crate) made: Duration,
    /// The longest that a chunk of it held a mutex that a writer may have waited for.
    pub(crate) longest_hold: Duration,
    /// States of groups at the end, over all shards.
    pub(crate) states: u64,
    /// What recomputation found wrong.
    pub(crate) findings: Vec<String>,
}

/// What the views showed at one moment.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Frame {
    /// Since the views were made.
    pub(crate) at: Duration,
    /// Trades of the day, by the leaderboard.
    pub(crate) volume: f64,
    /// The user's realised profit, and that of what is held at the last prices.
    pub(crate) profit: (f64, f64),
    /// The sum of the user's positions without sign.
    pub(crate) exposure: f64,
    /// The symbol's candle of the day: open, high, low, close, volume, VWAP.
    pub(crate) candle: Vec<f64>,
    /// The symbols of the day with the largest volumes.
    pub(crate) most_traded: Vec<(String, f64)>,
    /// Those whose price has moved furthest, and by what part.
    pub(crate) moved_most: Vec<(String, f64)>,
}

/// What was seen.
pub(crate) struct LiveReport {
    /// The views.
    pub(crate) views: Vec<LiveView>,
    /// Whose profit the frames show.
    pub(crate) user: i64,
    /// Which candle they show.
    pub(crate) symbol: String,
    /// The frames.
    pub(crate) frames: Vec<Frame>,
    /// Trades executed meanwhile.
    pub(crate) trades: u64,
    /// The longest wait of a trade while the views were made.
    pub(crate) wait_while_made: Duration,
    /// The longest wait of a trade afterwards.
    pub(crate) wait_afterwards: Duration,
}

impl LiveReport {
    /// Whether recomputing every view found nothing wrong.
    pub(crate) fn is_sound(&self) -> bool {
        self.views.iter().all(|view| view.findings.is_empty())
    }
}

/// What the thread that has trades executed shares with the one that watches.
#[derive(Default)]
struct Stream {
    are_made: AtomicBool,
    ended: AtomicBool,
}

/// Makes the views of the store and shows them for so long while trades stream in.
pub(crate) fn watch(
    store: &BourseTradeStore,
    facts: &Facts,
    seed: u64,
    time: Duration,
    show: &dyn Fn(&str),
) -> Result<LiveReport> {
    let database = store.database();
    let trades = database.table("trades")?;
    let before = database.cut().count(&trades)?;
    let stream = Stream::default();
    let (watched, waits) = std::thread::scope(|scope| {
        let streaming = scope.spawn(|| execute_until_ended(store, facts, seed, &stream));
        let watched = make_and_show(database, facts, &stream, time, show);
        // Also where that failed: the other thread waits for it.
        stream.ended.store(true, Memory::Release);
        let waits = streaming.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (watched, waits)
    });
    let (mut report, waits) = (watched?, waits?);
    (report.wait_while_made, report.wait_afterwards) = waits;
    report.trades = database.cut().count(&trades)? - before;
    recompute(database, &mut report, show)?;
    Ok(report)
}

/// Executes trades until the other thread says so; returns the longest waits until the views were
/// made, and from then on.
fn execute_until_ended(
    store: &BourseTradeStore,
    facts: &Facts,
    seed: u64,
    stream: &Stream,
) -> Result<(Duration, Duration)> {
    let mut waits = (Duration::ZERO, Duration::ZERO);
    for run in FIRST_RUN.. {
        let were_made = stream.are_made.load(Memory::Acquire);
        if stream.ended.load(Memory::Acquire) {
            break;
        }
        let source = TradeSource::new(facts, seed, TradeIds::Generated, run);
        let outcome = execute_trades(store, &source, THREADS, RUN)?;
        let longest = if were_made { &mut waits.1 } else { &mut waits.0 };
        *longest = outcome.max.max(*longest);
    }
    Ok(waits)
}

fn make_and_show(
    database: &Database,
    facts: &Facts,
    stream: &Stream,
    time: Duration,
    show: &dyn Fn(&str),
) -> Result<LiveReport> {
    let mut views = Vec::new();
    for definition in definitions() {
        let begin = sync::monotonic();
        let mut longest_hold = Duration::ZERO;
        let view = database.create_view_with_progress(&definition, &mut |progress| {
            longest_hold = progress.longest_hold.max(longest_hold);
        })?;
        let made = sync::monotonic().saturating_sub(begin);
        let name = view.name().to_owned();
        show(&format!("view {name} made in {:.0} ms", made.as_secs_f64() * 1e3));
        views.push(LiveView { name, made, longest_hold, states: 0, findings: Vec::new() });
    }
    stream.are_made.store(true, Memory::Release);
    let nothing = || Error::invalid("nobody executes trades: there is nothing to show");
    let user = facts.portfolios.first().ok_or_else(nothing)?.user_id;
    let symbol = facts.trades.first().ok_or_else(nothing)?.symbol.clone();
    let watcher = Watcher::of(database, user, &symbol)?;
    let begin = sync::monotonic();
    let mut frames = Vec::new();
    for number in 1..=FRAMES {
        let due = time * number / FRAMES;
        sync::sleep((begin + due).saturating_sub(sync::monotonic()));
        let at = sync::monotonic().saturating_sub(begin);
        let frame = watcher.frame(&database.cut(), at)?;
        show(&line(&frame, user, &symbol));
        frames.push(frame);
    }
    let (wait_while_made, wait_afterwards) = (Duration::ZERO, Duration::ZERO);
    Ok(LiveReport { views, user, symbol, frames, trades: 0, wait_while_made, wait_afterwards })
}

fn recompute(database: &Database, report: &mut LiveReport, show: &dyn Fn(&str)) -> Result<()> {
    for view in &mut report.views {
        let checked = database.check_view(&database.view(&view.name)?)?;
        view.states = checked.views.iter().map(|view| view.states).sum();
        view.findings = checked.findings.iter().map(ToString::to_string).collect();
        let (name, states, wrong) = (&view.name, view.states, view.findings.len());
        show(&match wrong {
            0 => format!("view {name}: recomputed from its rows, {states} states are right"),
            _ => format!("view {name}: {wrong} states ARE WRONG"),
        });
    }
    Ok(())
}

/// Reads what a frame shows.
struct Watcher {
    performance: View,
    candles: View,
    movers: View,
    exposure: View,
    positions: Table,
    user: i64,
    symbol: String,
}

impl Watcher {
    fn of(database: &Database, user: i64, symbol: &str) -> Result<Watcher> {
        Ok(Watcher {
            performance: database.view(PORTFOLIO_PERFORMANCE)?,
            candles: database.view(CANDLES)?,
            movers: database.view(TOP_MOVERS)?,
            exposure: database.view(USER_EXPOSURE)?,
            positions: database.table("positions")?,
            user,
            symbol: symbol.to_owned(),
        })
    }

    fn frame(&self, cut: &Cut, at: Duration) -> Result<Frame> {
        let user = Value::Integer(self.user);
        let of_user = Range::prefix([user.clone()]);
        let mut realised = 0.0;
        for day in cut.groups(&self.performance, &of_user, Order::Ascending)? {
            realised += number(day?.get("daily_pnl")?);
        }
        let (mut cost, mut exposure) = (0.0, 0.0);
        if let Some(group) = cut.group(&self.exposure, &[user])? {
            (cost, exposure) = (number(group.get("cost")?), number(group.get("exposure")?));
        }
        let worth = self.worth(cut)?;
        let of_symbol = Range::prefix([Value::from(self.symbol.as_str())]);
        let mut candle = Vec::new();
        let mut day = None;
        if let Some(newest) =
            cut.groups(&self.candles, &of_symbol, Order::Descending)?.next().transpose()?
        {
            day = newest.key().get(1).cloned();
            candle.extend(newest.values()[2..].iter().map(number));
        }
        let of_day = Range::prefix(day);
        let (mut volume, mut moved) = (0.0, Vec::new());
        for group in cut.groups(&self.movers, &of_day, Order::Ascending)? {
            let group = group?;
            let (open, close) = (number(group.get("open")?), number(group.get("close")?));
            volume += number(group.get("volume")?);
            if open != 0.0 {
                moved.push((text(group.get("symbol")?), close / open - 1.0));
            }
        }
        moved.sort_by(|(_, a), (_, b)| b.abs().total_cmp(&a.abs()));
        moved.truncate(3);
        let mut most_traded = Vec::new();
        for group in cut.top_groups(&self.movers, &of_day, "volume", Order::Descending, 3)? {
            most_traded.push((text(group.get("symbol")?), number(group.get("volume")?)));
        }
        let profit = (realised, worth - cost);
        Ok(Frame { at, volume, profit, exposure, candle, most_traded, moved_most: moved })
    }

    /// What the user's positions are worth at the last prices: joined as they are read.
    fn worth(&self, cut: &Cut) -> Result<f64> {
        let definition = self.positions.definition();
        let place = |name: &str| definition.position(name).map(usize::from);
        let (symbol, quantity) = (place("symbol")?, place("quantity")?);
        let price = place("avg_price")?;
        let user = Range::prefix([Value::Integer(self.user)]);
        let mut held = Vec::new();
        let index = "idx_positions_user_symbol";
        let mut positions = cut.scan_index(&self.positions, index, &user, Order::Ascending)?;
        for row in positions.fetch(usize::MAX)? {
            held.push([symbol, quantity, price].map(|column| row.get(column).to_value()));
        }
        let mut worth = 0.0;
        for [symbol, quantity, price] in held {
            let of_symbol = Range::prefix([symbol]);
            let newest = cut.groups(&self.candles, &of_symbol, Order::Descending)?.next();
            let last = match newest.transpose()? {
                Some(candle) => number(candle.get("close")?),
                None => number(&price),
            };
            worth += number(&quantity) * last;
        }
        Ok(worth)
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Double(number) => *number,
        Value::Integer(number) => *number as f64,
        Value::Decimal(number) => number.to_f64(),
        _ => 0.0,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

fn line(frame: &Frame, user: i64, symbol: &str) -> String {
    let Frame { at, profit: (realised, unrealised), exposure, candle, .. } = frame;
    let candle = candle.iter().map(|value| format!("{value:.2}")).collect::<Vec<_>>().join(" ");
    let volumes = |list: &[(String, f64)]| {
        let parts = list.iter().map(|(symbol, volume)| format!("{symbol} {volume:.0}"));
        parts.collect::<Vec<_>>().join(", ")
    };
    let moves = frame.moved_most.iter().map(|(symbol, by)| format!("{symbol} {:+.1} %", by * 1e2));
    format!(
        "{:5.2} s  user {user}: realised {realised:.2}, open {unrealised:+.2}, exposure \
         {exposure:.0} | {symbol} O H L C volume VWAP: {candle} | most traded: {} | moved most: {}",
        at.as_secs_f64(),
        volumes(&frame.most_traded),
        moves.collect::<Vec<_>>().join(", ")
    )
}
