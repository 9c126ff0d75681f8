//! The queries over indexes that suit Bourse: they carry the columns of the answer, and those that
//! begin with a symbol are kept with the symbol, not with the users whose rows they are of.

use std::ops::ControlFlow;

use bourse::schema::IndexBuilder;
use bourse::{Order, Range, Value, ValueRef};
use bourse_storage::{Error, Result};
use hashbrown::HashMap;

use super::super::queries::Query;
use super::super::rows::Rows;
use super::sums::{Days, Volumes};
use super::tuned::{
    integer, join_positions, push_daily_profit, push_daily_sentiment, push_performance,
};
use super::{Place, Tables, carrying, push_entry, text};

const TRADES_BY_USER_STATUS: &str = "best_trades_user_status_ts_all";
const TRADES_BY_SYMBOL: &str = "best_trades_symbol_ts_all";
const TRADES_BY_TIME: &str = "best_trades_ts_quantity";
const TRADES_BY_USER: &str = "best_trades_user_ts_profit";
const ORDERS_BY_SYMBOL: &str = "best_orders_symbol_status_all";
const NEWS_BY_SYMBOL: &str = "best_news_symbol_published_score";
const PORTFOLIOS_BY_USER: &str = "best_portfolios_user_active_all";

/// The indexes of a table.
pub(super) fn indexes(table: &str) -> Vec<IndexBuilder> {
    match table.to_ascii_lowercase().as_str() {
        "trades" => vec![
            carrying(
                TRADES_BY_USER_STATUS,
                ["user_id", "status", "timestamp"],
                ["symbol", "side", "quantity", "price", "profit_loss", "return_pct"],
            ),
            carrying(
                TRADES_BY_SYMBOL,
                ["symbol", "timestamp"],
                ["user_id", "side", "quantity", "price", "profit_loss", "return_pct", "status"],
            )
            .global(),
            carrying(TRADES_BY_TIME, ["timestamp"], ["symbol", "quantity"]),
            carrying(TRADES_BY_USER, ["user_id", "timestamp"], ["profit_loss", "return_pct"]),
        ],
        "orders" => vec![
            carrying(
                ORDERS_BY_SYMBOL,
                ["symbol", "status", "created_at"],
                ["user_id", "side", "type", "price", "quantity", "updated_at"],
            )
            .global(),
        ],
        "news_items" => {
            vec![carrying(NEWS_BY_SYMBOL, ["symbol", "published_at"], ["sentiment_score"])]
        }
        "portfolios" => {
            vec![carrying(PORTFOLIOS_BY_USER, ["user_id", "is_active"], ["name", "cash"])]
        }
        _ => Vec::new(),
    }
}

/// Answers a query.
pub(super) fn run(
    tables: &Tables,
    query: Query,
    parameters: &[Value],
    rows: &mut Rows,
) -> Result<()> {
    match (query, parameters) {
        (Query::UserTradesByStatus, [user, status]) => user_trades(tables, user, status, rows),
        (Query::SymbolTradesInRange, [symbol, from, to]) => {
            symbol_trades(tables, symbol, from, to, rows)
        }
        (Query::OpenOrdersOfSymbol, [symbol]) => open_orders(tables, symbol, rows),
        (Query::SymbolNewsBySentiment, [symbol, above]) => news(tables, symbol, above, rows),
        (Query::ActivePortfolios, [user]) => active_portfolios(tables, user, rows),
        (Query::UserDailyProfit, [user]) => daily_profit(tables, user, rows),
        (Query::SymbolDailySentiment, [symbol]) => daily_sentiment(tables, symbol, rows),
        (Query::TopSymbolsByVolume, [from, to]) => top_symbols(tables, from, to, rows),
        (Query::PortfolioPerformance, []) => portfolio_performance(tables, rows),
        _ => Err(Error::invalid(format!("{} was asked with other parameters", query.name()))),
    }
}

/// Calls `each` with the first `limit` entries of a range.
fn each_entry(
    tables: &Tables,
    table: &bourse::Table,
    index: &str,
    (range, order): (&Range, Order),
    limit: usize,
    mut each: impl FnMut(&bourse::IndexEntry<'_>) -> Result<()>,
) -> Result<()> {
    let cut = tables.database.cut();
    let mut left = limit;
    cut.scan_index(table, index, range, order)?.each_with(|entry| {
        each(entry)?;
        left -= 1;
        Ok(if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })
}

fn user_trades(tables: &Tables, user: &Value, status: &Value, rows: &mut Rows) -> Result<()> {
    use Place::{Carried, Key};
    const PLACES: [Place; 10] = [
        Key(3),
        Key(0),
        Carried(0),
        Carried(1),
        Carried(2),
        Carried(3),
        Carried(4),
        Carried(5),
        Key(1),
        Key(2),
    ];
    let range = Range::prefix([user.clone(), status.clone()]);
    let read = (&range, Order::Descending);
    let table = &tables.trades.table;
    each_entry(tables, table, TRADES_BY_USER_STATUS, read, 50, |entry| {
        push_entry(entry, &PLACES, rows)
    })
}

fn symbol_trades(
    tables: &Tables,
    symbol: &Value,
    from: &Value,
    to: &Value,
    rows: &mut Rows,
) -> Result<()> {
    use Place::{Carried, Key};
    const PLACES: [Place; 10] = [
        Key(2),
        Carried(0),
        Key(0),
        Carried(1),
        Carried(2),
        Carried(3),
        Carried(4),
        Carried(5),
        Carried(6),
        Key(1),
    ];
    let range = Range::prefix([symbol.clone()]).from(from.clone()).before(to.clone());
    let read = (&range, Order::Ascending);
    let table = &tables.trades.table;
    each_entry(tables, table, TRADES_BY_SYMBOL, read, usize::MAX, |entry| {
        push_entry(entry, &PLACES, rows)
    })
}

fn open_orders(tables: &Tables, symbol: &Value, rows: &mut Rows) -> Result<()> {
    use Place::{Carried, Key};
    const PLACES: [Place; 10] = [
        Key(3),
        Carried(0),
        Key(0),
        Carried(1),
        Carried(2),
        Key(1),
        Carried(3),
        Carried(4),
        Key(2),
        Carried(5),
    ];
    let range = Range::prefix([symbol.clone(), "open".into()]);
    let read = (&range, Order::Descending);
    let table = &tables.orders.table;
    each_entry(tables, table, ORDERS_BY_SYMBOL, read, 100, |entry| push_entry(entry, &PLACES, rows))
}

/// The newest first, judged by the score that the index carries; only the answer's rows are read.
fn news(tables: &Tables, symbol: &Value, above: &Value, rows: &mut Rows) -> Result<()> {
    let news = &tables.news;
    let range = Range::prefix([symbol.clone()]);
    let cut = tables.database.cut();
    let mut found = cut.scan_index(&news.table, NEWS_BY_SYMBOL, &range, Order::Descending)?;
    let is_above = |entry: &bourse::IndexEntry<'_>| {
        let score = entry.included(0)?;
        let order = score.compare(above.as_value(), bourse::Collation::Binary);
        Ok(!score.is_null() && order.is_gt())
    };
    found.fetch_with(20, is_above, |row| news.push(&row, rows)).map(|_| ())
}

fn active_portfolios(tables: &Tables, user: &Value, rows: &mut Rows) -> Result<()> {
    let range = Range::prefix([user.clone(), tables.active.clone()]);
    let cut = tables.database.cut();
    let table = &tables.portfolios.table;
    let mut found = cut.scan_index(table, PORTFOLIOS_BY_USER, &range, Order::Ascending)?;
    let mut active: Vec<[Value; 3]> = Vec::new();
    found.each_with(|entry| {
        let mut key = entry.key();
        key.skip()?;
        key.skip()?;
        let (name, cash) = (entry.included(0)?.to_value(), entry.included(1)?.to_value());
        active.push([key.next_value()?, name, cash]);
        Ok(ControlFlow::Continue(()))
    })?;
    join_positions(tables, &cut, user, &active, rows)
}

fn daily_profit(tables: &Tables, user: &Value, rows: &mut Rows) -> Result<()> {
    let mut days = Days::default();
    let mut buffer = Vec::new();
    let range = Range::prefix([user.clone()]);
    let read = (&range, Order::Ascending);
    let table = &tables.trades.table;
    each_entry(tables, table, TRADES_BY_USER, read, usize::MAX, |entry| {
        let mut key = entry.key();
        key.skip()?;
        let included = entry.included_row()?;
        let values = [included.get(0), included.get(1)];
        days.add(text(key.next_ref(&mut buffer)?)?, values)
    })?;
    push_daily_profit(&days, user, rows)
}

fn daily_sentiment(tables: &Tables, symbol: &Value, rows: &mut Rows) -> Result<()> {
    let mut days = Days::default();
    let mut buffer = Vec::new();
    let range = Range::prefix([symbol.clone()]);
    let read = (&range, Order::Ascending);
    let table = &tables.news.table;
    each_entry(tables, table, NEWS_BY_SYMBOL, read, usize::MAX, |entry| {
        let mut key = entry.key();
        key.skip()?;
        let values = [entry.included(0)?, ValueRef::Null];
        days.add(text(key.next_ref(&mut buffer)?)?, values)
    })?;
    push_daily_sentiment(&days, symbol, rows)
}

fn top_symbols(tables: &Tables, from: &Value, to: &Value, rows: &mut Rows) -> Result<()> {
    let mut volumes = Volumes::default();
    let range = Range::all().from(from.clone()).before(to.clone());
    let read = (&range, Order::Any);
    let table = &tables.trades.table;
    each_entry(tables, table, TRADES_BY_TIME, read, usize::MAX, |entry| {
        let included = entry.included_row()?;
        volumes.add(text(included.get(0))?, included.get(1))
    })?;
    volumes.push_largest(10, rows);
    Ok(())
}

fn portfolio_performance(tables: &Tables, rows: &mut Rows) -> Result<()> {
    let mut users = HashMap::new();
    let mut buffer = Vec::new();
    let read = (&Range::all(), Order::Any);
    let table = &tables.trades.table;
    each_entry(tables, table, TRADES_BY_USER, read, usize::MAX, |entry| {
        let mut key = entry.key();
        let user = integer(key.next_ref(&mut buffer)?)?;
        let days: &mut Days = users.entry(user).or_default();
        let included = entry.included_row()?;
        let values = [included.get(0), included.get(1)];
        days.add(text(key.next_ref(&mut buffer)?)?, values)
    })?;
    push_performance(users, rows)
}
