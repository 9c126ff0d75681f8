//! The queries over the plan's indexes alone.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use bourse::{Order, OwnedRow, Range, Row, Value, ValueRef};
use bourse_storage::{Error, Result};
use hashbrown::HashMap;

use super::super::queries::Query;
use super::super::rows::{Decoded, Rows};
use super::sums::{Days, Volumes, decoded};
use super::{Columns, Tables, each_fetched, push, unexpected};

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

/// Keeps the rows that come last by a text and then by an id.
struct Latest<'c, const N: usize> {
    columns: &'c Columns<N>,
    /// The columns of the text and of the id.
    by: (usize, usize),
    limit: usize,
    /// Rows as their bytes.
    rows: Vec<Vec<u8>>,
    /// Whether the first `limit` rows are those to beat, the last of them the earliest.
    is_cut: bool,
}

impl<'c, const N: usize> Latest<'c, N> {
    fn new(columns: &'c Columns<N>, by: (usize, usize), limit: usize) -> Latest<'c, N> {
        Latest { columns, by, limit, rows: Vec::new(), is_cut: false }
    }

    fn add(&mut self, row: &Row<'_>) -> Result<()> {
        if self.is_cut {
            let worst = self.columns.layout.row(&self.rows[self.limit - 1])?;
            if self.compare(row, &worst).is_gt() {
                return Ok(());
            }
        }
        self.rows.push(row.bytes().to_vec());
        if self.rows.len() >= 2 * self.limit {
            self.cut();
        }
        Ok(())
    }

    /// Later ones first.
    fn compare(&self, left: &Row<'_>, right: &Row<'_>) -> Ordering {
        let compare = |column: usize| {
            let place = self.columns.places[column];
            right.get(place).compare(left.get(place), bourse::Collation::Binary)
        };
        compare(self.by.0).then_with(|| compare(self.by.1))
    }

    /// Sorts what there is, and forgets what comes after the limit.
    fn cut(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        let layout = &self.columns.layout;
        rows.sort_unstable_by(|left, right| match (layout.row(left), layout.row(right)) {
            (Ok(left), Ok(right)) => self.compare(&left, &right),
            _ => unreachable!("the bytes of a row are a row"),
        });
        rows.truncate(self.limit);
        self.is_cut = rows.len() == self.limit;
        self.rows = rows;
    }

    fn push(mut self, rows: &mut Rows) -> Result<()> {
        self.cut();
        let columns = self.columns;
        self.rows.iter().try_for_each(|row| columns.push(&columns.layout.row(row)?, rows))
    }
}

fn user_trades(tables: &Tables, user: &Value, status: &Value, rows: &mut Rows) -> Result<()> {
    let trades = &tables.trades;
    let range = Range::prefix([user.clone(), status.clone()]);
    let cut = tables.database.cut();
    let mut found =
        cut.scan_index(&trades.table, "idx_trades_user_status", &range, Order::Ascending)?;
    let mut latest = Latest::new(trades, (9, 0), 50);
    each_fetched(&mut found, |row| latest.add(&row))?;
    latest.push(rows)
}

fn symbol_trades(
    tables: &Tables,
    symbol: &Value,
    from: &Value,
    to: &Value,
    rows: &mut Rows,
) -> Result<()> {
    let trades = &tables.trades;
    let range = Range::all().from(from.clone()).before(to.clone());
    let cut = tables.database.cut();
    let index = "idx_trades_timestamp_symbol";
    // A day's trades of all symbols are read, and few are kept: these are sorted, not those merged.
    let mut found = cut.scan_index(&trades.table, index, &range, Order::Any)?;
    let wanted = found.encode_column(1, symbol)?;
    let mut of_symbol = found.fetch_if(usize::MAX, |entry| {
        let mut key = entry.key();
        key.skip()?;
        // A component says itself where it ends, so none begins like another.
        Ok(key.remaining().starts_with(&wanted))
    })?;
    let (time, id) = (trades.places[9], trades.places[0]);
    of_symbol.sort_unstable_by(|a, b| {
        let compare = |column| {
            let (a, b): (ValueRef<'_>, ValueRef<'_>) = (a.get(column), b.get(column));
            a.compare(b, bourse::Collation::Binary)
        };
        compare(time).then_with(|| compare(id))
    });
    of_symbol.iter().try_for_each(|row| trades.push(&row.row(), rows))
}

fn open_orders(tables: &Tables, symbol: &Value, rows: &mut Rows) -> Result<()> {
    let orders = &tables.orders;
    let range = Range::prefix([symbol.clone(), "open".into()]);
    let cut = tables.database.cut();
    let index = "idx_orders_symbol_status";
    let mut found = cut.scan_index(&orders.table, index, &range, Order::Descending)?;
    found.fetch_with(100, |_| Ok(true), |row| orders.push(&row, rows)).map(|_| ())
}

fn news(tables: &Tables, symbol: &Value, above: &Value, rows: &mut Rows) -> Result<()> {
    let news = &tables.news;
    let range = Range::prefix([symbol.clone()]).after(above.clone());
    let cut = tables.database.cut();
    let index = "idx_news_symbol_sentiment";
    let mut found = cut.scan_index(&news.table, index, &range, Order::Ascending)?;
    let mut latest = Latest::new(news, (5, 0), 20);
    each_fetched(&mut found, |row| latest.add(&row))?;
    latest.push(rows)
}

fn active_portfolios(tables: &Tables, user: &Value, rows: &mut Rows) -> Result<()> {
    let portfolios = &tables.portfolios;
    let range = Range::prefix([user.clone(), tables.active.clone()]);
    let cut = tables.database.cut();
    let index = "idx_portfolios_user_active";
    let mut found = cut.scan_index(&portfolios.table, index, &range, Order::Ascending)?;
    let fetched = found.fetch(usize::MAX)?;
    let [id, name, cash, _] = portfolios.places;
    let columns = |row: &OwnedRow| [id, name, cash].map(|place| row.get(place).to_value());
    let active: Vec<[Value; 3]> = fetched.iter().map(columns).collect();
    join_positions(tables, &cut, user, &active, rows)
}

/// Appends each portfolio with each position of its user: id, name and cash of the one, symbol,
/// quantity and price of the other.
pub(super) fn join_positions(
    tables: &Tables,
    cut: &bourse::Cut,
    user: &Value,
    active: &[[Value; 3]],
    rows: &mut Rows,
) -> Result<()> {
    let Some((first, others)) = active.split_first() else { return Ok(()) };
    let places = tables.positions.places;
    let begin = |rows: &mut Rows, portfolio: &[Value; 3]| {
        portfolio.iter().try_for_each(|value| push(rows, value.as_value()))
    };
    tables.each_position(cut, user, |row| {
        begin(rows, first)?;
        places[1..4].iter().try_for_each(|place| push(rows, row.get(*place)))
    })?;
    // Every portfolio has the same positions: they are in the answer by now.
    let positions = rows.len();
    for portfolio in others {
        for of_first in 0..positions {
            begin(rows, portfolio)?;
            (3..6).for_each(|column| rows.push_again(of_first, column));
        }
    }
    Ok(())
}

fn daily_profit(tables: &Tables, user: &Value, rows: &mut Rows) -> Result<()> {
    let trades = &tables.trades;
    let range = Range::prefix([user.clone()]);
    let cut = tables.database.cut();
    let mut found =
        cut.scan_index(&trades.table, "idx_trades_user_status", &range, Order::Ascending)?;
    let mut days = Days::default();
    each_fetched(&mut found, |row| {
        let values = [row.get(trades.places[6]), row.get(trades.places[7])];
        days.add(trades.text(&row, 9)?, values)
    })?;
    push_daily_profit(&days, user, rows)
}

/// Appends a user's days: profit, number of trades, average return.
pub(super) fn push_daily_profit(days: &Days, user: &Value, rows: &mut Rows) -> Result<()> {
    for sums in days.days() {
        push(rows, user.as_value())?;
        rows.push(decoded(&sums.day));
        rows.push(sums.sums[0].total());
        rows.push(Decoded::Integer(sums.rows));
        rows.push(sums.sums[1].average());
    }
    Ok(())
}

fn daily_sentiment(tables: &Tables, symbol: &Value, rows: &mut Rows) -> Result<()> {
    let news = &tables.news;
    let range = Range::prefix([symbol.clone()]);
    let cut = tables.database.cut();
    let index = "idx_news_symbol_sentiment";
    let mut found = cut.scan_index(&news.table, index, &range, Order::Ascending)?;
    let mut days = Days::default();
    each_fetched(&mut found, |row| {
        days.add(news.text(&row, 5)?, [row.get(news.places[4]), ValueRef::Null])
    })?;
    push_daily_sentiment(&days, symbol, rows)
}

/// Appends a symbol's days: average sentiment, number of news.
pub(super) fn push_daily_sentiment(days: &Days, symbol: &Value, rows: &mut Rows) -> Result<()> {
    for sums in days.days() {
        push(rows, symbol.as_value())?;
        rows.push(decoded(&sums.day));
        rows.push(sums.sums[0].average());
        rows.push(Decoded::Integer(sums.rows));
    }
    Ok(())
}

fn top_symbols(tables: &Tables, from: &Value, to: &Value, rows: &mut Rows) -> Result<()> {
    let trades = &tables.trades;
    let range = Range::all().from(from.clone()).before(to.clone());
    let cut = tables.database.cut();
    let index = "idx_trades_timestamp_symbol";
    let mut found = cut.scan_index(&trades.table, index, &range, Order::Any)?;
    let mut volumes = Volumes::default();
    each_fetched(&mut found, |row| volumes.add(trades.text(&row, 2)?, row.get(trades.places[4])))?;
    volumes.push_largest(10, rows);
    Ok(())
}

fn portfolio_performance(tables: &Tables, rows: &mut Rows) -> Result<()> {
    let trades = &tables.trades;
    let cut = tables.database.cut();
    let mut users = HashMap::new();
    cut.scan(&trades.table, &Range::all(), Order::Any)?.each_with(|row| {
        let values = [row.get(trades.places[6]), row.get(trades.places[7])];
        let days: &mut Days = users.entry(integer(row.get(trades.places[1]))?).or_default();
        days.add(trades.text(&row, 9)?, values)?;
        Ok(ControlFlow::Continue(()))
    })?;
    push_performance(users, rows)
}

/// Appends the days of all users, by user.
pub(super) fn push_performance(users: HashMap<i64, Days>, rows: &mut Rows) -> Result<()> {
    let mut users: Vec<(i64, Days)> = users.into_iter().collect();
    users.sort_unstable_by_key(|(user, _)| *user);
    users.iter().try_for_each(|(user, days)| push_daily_profit(days, &Value::Integer(*user), rows))
}

/// A user's id.
pub(super) fn integer(value: ValueRef<'_>) -> Result<i64> {
    match value {
        ValueRef::Integer(number) => Ok(number),
        other => Err(unexpected(other)),
    }
}
