//! A trading platform's views: what its migration plan wanted as materialized views, the candles of
//! its charts, each user's live profit and exposure, and the day's top movers. Nothing refreshes
//! them: each is right in the commit that changed a row, and so are all of them in one Cut.
//!
//! `cargo run --release -p bourse --example platform_views -- FOLDER`
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::path::{Path, PathBuf};

use bourse::expression::{Function, call, column};
use bourse::view::AggregateFunction::{
    Average, Count, CountRows, First, Last, Maximum, Minimum, Ratio, Sum,
};
use bourse::view::ViewBuilder;
use bourse::{
    Cut, Database, Options, Order, Range, Result, Table, Timestamp, TypedTable, Value, View,
    ViewDefinition,
};

#[derive(Table, Clone)]
#[table(name = "trades", primary_key(trade_id), shard_key(user_id))]
struct Trade {
    #[column(generated)]
    trade_id: i64,
    user_id: i64,
    symbol: String,
    quantity: f64,
    price: f64,
    profit_loss: f64,
    return_pct: f64,
    executed: Timestamp,
}

#[derive(Table, Clone)]
#[table(name = "positions", primary_key(user_id, symbol), shard_key(user_id))]
struct Position {
    user_id: i64,
    symbol: String,
    quantity: f64,
    avg_price: f64,
}

#[derive(Table, Clone)]
#[table(name = "news_items", primary_key(news_id), shard_key(symbol))]
struct News {
    #[column(generated)]
    news_id: i64,
    symbol: String,
    sentiment_score: f64,
    published_at: Timestamp,
}

/// A name of a user, which views do not hold: it is joined when they are read.
#[derive(Table, Clone)]
#[table(name = "users", primary_key(user_id))]
struct User {
    user_id: i64,
    username: String,
}

/// The views, and what they are made of.
fn definitions() -> [ViewBuilder; 5] {
    let of = ViewDefinition::builder;
    let price = || column("price");
    let amount = || price().times(column("quantity"));
    let cost = || column("quantity").times(column("avg_price"));
    let first = || First { value: price(), order: column("executed") };
    let last = || Last { value: price(), order: column("executed") };
    [
        of("mv_portfolio_performance", "trades")
            .group("user_id", column("user_id"))
            .group("date", column("executed").date())
            .aggregate("daily_pnl", Sum(column("profit_loss")))
            .aggregate("trade_count", Count(column("trade_id")))
            .aggregate("avg_return", Average(column("return_pct"))),
        of("mv_news_sentiment", "news_items")
            .group("symbol", column("symbol"))
            .group("date", column("published_at").date())
            .aggregate("avg_sentiment", Average(column("sentiment_score")))
            .aggregate("news_count", CountRows),
        of("candles", "trades")
            .group("symbol", column("symbol"))
            .group("minute", column("executed").time_bucket("1 minute"))
            .aggregate("open", first())
            .aggregate("high", Maximum(price()))
            .aggregate("low", Minimum(price()))
            .aggregate("close", last())
            .aggregate("volume", Sum(column("quantity")))
            .aggregate("vwap", Ratio { numerator: amount(), denominator: column("quantity") }),
        of("top_movers", "trades")
            .group("day", column("executed").date())
            .group("symbol", column("symbol"))
            .aggregate("volume", Sum(column("quantity")))
            .aggregate("open", first())
            .aggregate("close", last()),
        of("user_exposure", "positions")
            .group("user_id", column("user_id"))
            .aggregate("cost", Sum(cost()))
            .aggregate("exposure", Sum(call(Function::Abs, [cost()]))),
    ]
}

/// The store with its tables.
struct Platform {
    store: Database,
    users: TypedTable<User>,
    trades: TypedTable<Trade>,
    positions: TypedTable<Position>,
    news: TypedTable<News>,
}

impl Platform {
    /// A new store in an empty folder, with all of its views.
    fn create(folder: &Path) -> Result<Platform> {
        let store = Database::open(folder, Options::default())?;
        let platform = Platform {
            users: store.create()?,
            trades: store.create()?,
            positions: store.create()?,
            news: store.create()?,
            store,
        };
        for view in definitions() {
            platform.store.create_view(&view)?;
        }
        Ok(platform)
    }

    /// Books a trade: the row, and the position that it changes, in one commit with all views.
    fn trade(&self, trade: &Trade) -> Result<()> {
        self.store.transaction(|transaction| {
            self.trades.within(transaction).insert(trade)?;
            let key = (trade.user_id, trade.symbol.as_str());
            let mut positions = self.positions.within(transaction);
            let held = positions.update(key, |position| {
                let cost = position.quantity * position.avg_price + trade.quantity * trade.price;
                position.quantity += trade.quantity;
                position.avg_price = cost / position.quantity;
                Ok(())
            })?;
            if !held {
                let (user_id, symbol) = (trade.user_id, trade.symbol.clone());
                let (quantity, avg_price) = (trade.quantity, trade.price);
                positions.insert(&Position { user_id, symbol, quantity, avg_price })?;
            }
            Ok(())
        })
    }

    /// A user's name with realised profit, profit of what is held at the last prices, and exposure:
    /// all of one Cut.
    fn live_profit(&self, cut: &Cut, user_id: i64) -> Result<(String, f64, f64, f64)> {
        let user = self.users.at(cut).get(user_id)?;
        let name = user.map(|user| user.username).unwrap_or_default();
        let of_user = Range::prefix([user_id.into()]);
        let mut realised = 0.0;
        for day in cut.groups(&cut.view("mv_portfolio_performance")?, &of_user, Order::Ascending)? {
            realised += number(day?.get("daily_pnl")?);
        }
        let candles = cut.view("candles")?;
        let mut worth = 0.0;
        for position in self.positions.at(cut).scan_prefix((user_id,), Order::Ascending)? {
            let position = position?;
            let of_symbol = Range::prefix([position.symbol.into()]);
            let newest = cut.groups(&candles, &of_symbol, Order::Descending)?.next().transpose()?;
            if let Some(candle) = newest {
                worth += position.quantity * number(candle.get("close")?);
            }
        }
        let exposure = cut.group(&cut.view("user_exposure")?, &[user_id.into()])?;
        let (cost, exposure) = match &exposure {
            Some(group) => (number(group.get("cost")?), number(group.get("exposure")?)),
            None => (0.0, 0.0),
        };
        Ok((name, realised, worth - cost, exposure))
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Double(number) => *number,
        _ => 0.0,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Double(number) => format!("{number:.2}"),
        Value::Timestamp(at) => Timestamp(*at).to_string(),
        other => format!("{other:?}"),
    }
}

fn show(group: &bourse::view::Group) {
    let texts: Vec<String> = group.values().iter().map(text).collect();
    println!("  {}", texts.join("  "));
}

const SYMBOLS: [&str; 3] = ["ACME", "GLOB", "INIT"];
/// 2026-03-02 09:30:00.
const OPENING: i64 = 1_772_443_800_000_000_000;
const SECOND: i64 = 1_000_000_000;

/// The trades of a morning: a function of their number.
fn trade(number: u32) -> Trade {
    let symbol = SYMBOLS[number as usize % 3];
    let price = 100.0 + f64::from(number * number % 271) / 10.0;
    Trade {
        trade_id: 0,
        user_id: i64::from(1 + number % 4),
        symbol: symbol.to_owned(),
        quantity: f64::from(1 + number % 7),
        price,
        profit_loss: f64::from(number % 11) - 4.5,
        return_pct: f64::from(number % 5) / 8.0,
        executed: Timestamp(OPENING + i64::from(number) * SECOND),
    }
}

/// Trades stream in; now and then somebody looks.
fn run(folder: &Path) -> Result<Vec<View>> {
    let platform = Platform::create(folder)?;
    let store = &platform.store;
    for (user_id, username) in (1..).zip(["ada", "ben", "cleo", "dan"]) {
        platform.users.insert(&User { user_id, username: username.to_owned() })?;
    }
    for number in 0..240 {
        platform.trade(&trade(number))?;
        if number % 40 == 0 {
            let news = News {
                news_id: 0,
                symbol: SYMBOLS[number as usize / 40 % 3].to_owned(),
                sentiment_score: f64::from(number) / 240.0,
                published_at: trade(number).executed,
            };
            platform.news.insert(&news)?;
        }
        if number % 80 == 79 {
            let (name, realised, open, exposure) = platform.live_profit(&store.cut(), 1)?;
            println!("after {} trades {name} has", number + 1);
            println!("  realised {realised:.2}, open {open:+.2}, exposure {exposure:.2}");
        }
    }
    println!("symbol  minute  open  high  low  close  volume  vwap");
    let of_acme = Range::prefix(["ACME".into()]);
    for candle in store.groups(&store.view("candles")?, &of_acme, Order::Ascending)? {
        show(&candle);
    }
    println!("The largest volumes, with first and last price:");
    let movers = store.view("top_movers")?;
    for mover in store.top_groups(&movers, &Range::all(), "volume", Order::Descending, 3)? {
        show(&mover);
    }
    println!("The plan's views:");
    for name in ["mv_portfolio_performance", "mv_news_sentiment"] {
        for group in store.groups(&store.view(name)?, &Range::all(), Order::Ascending)? {
            show(&group);
        }
    }
    let views = store.views();
    for view in &views {
        let report = store.check_view(view)?;
        println!("{} is what its rows make it: {}", view.name(), report.is_sound());
        if let Some(finding) = report.findings.first() {
            return Err(bourse::Error::corrupt(finding.to_string()));
        }
    }
    platform.store.close()?;
    Ok(views)
}

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(
        || std::env::temp_dir().join(format!("bourse-platform-{}", std::process::id())),
        PathBuf::from,
    );
    run(&folder).map(drop)
}

/// What it says is true: `cargo test` runs it.
#[test]
fn all_views_are_right() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> =
        run(folder.path()).unwrap().iter().map(|view| view.name().to_owned()).collect();
    assert_eq!(
        names,
        ["candles", "mv_news_sentiment", "mv_portfolio_performance", "top_movers", "user_exposure"]
    );
    let store = Database::open(folder.path(), Options::default()).unwrap();
    let platform = Platform {
        users: store.typed().unwrap(),
        trades: store.typed().unwrap(),
        positions: store.typed().unwrap(),
        news: store.typed().unwrap(),
        store,
    };
    let (name, realised, _, exposure) = platform.live_profit(&platform.store.cut(), 1).unwrap();
    let of_ada = (0..240).map(trade).filter(|trade| trade.user_id == 1);
    let (mut profit, mut cost) = (0.0, 0.0);
    for trade in of_ada {
        profit += trade.profit_loss;
        cost += trade.quantity * trade.price;
    }
    assert_eq!((name.as_str(), realised), ("ada", profit), "halves add up exactly");
    assert!((exposure - cost).abs() < 1e-6, "{exposure} {cost}");
}
