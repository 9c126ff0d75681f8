//! The queries as plans written by hand over the embedded API, with the indexes that SQL has too:
//! what SQL is measured by.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use bourse::{Cut, Database, Error, Order, Range, Result, Row, Table, Value, ValueRef};

use crate::bourse::value;
use bourse_benches::legacy::data::Cell;
use bourse_benches::legacy::rows::Rows;

/// The tables.
pub(crate) struct Embedded {
    database: Database,
    trades: Table,
    orders: Table,
    positions: Table,
    portfolios: Table,
    news: Table,
}

fn push(value: ValueRef<'_>, rows: &mut Rows) -> Result<()> {
    match value {
        ValueRef::Null => rows.null(),
        ValueRef::Integer(value) => rows.integer(value),
        ValueRef::Double(value) => rows.real(value),
        ValueRef::Text(value) => rows.text(value.as_bytes()),
        other => return Err(unexpected(other)),
    }
    Ok(())
}

/// All columns of a row: the queries list them in the order of the tables.
fn push_row(row: &Row<'_>, rows: &mut Rows) -> Result<()> {
    row.values().try_for_each(|value| push(value, rows))
}

fn unexpected(value: ValueRef<'_>) -> Error {
    Error::invalid(format!("a {} where none is", value.kind_name()))
}

fn text<'v>(value: ValueRef<'v>) -> Result<&'v str> {
    match value {
        ValueRef::Text(text) => Ok(text),
        other => Err(unexpected(other)),
    }
}

fn number(value: ValueRef<'_>) -> Result<f64> {
    match value {
        ValueRef::Double(value) => Ok(value),
        other => Err(unexpected(other)),
    }
}

/// Sums of a day or symbol.
#[derive(Default)]
struct Sums {
    rows: i64,
    first: f64,
    second: f64,
}

impl Embedded {
    pub(crate) fn of(database: &Database) -> Result<Embedded> {
        Ok(Embedded {
            trades: database.table("trades")?,
            orders: database.table("orders")?,
            positions: database.table("positions")?,
            portfolios: database.table("portfolios")?,
            news: database.table("news_items")?,
            database: database.clone(),
        })
    }

    /// Answers a query.
    pub(crate) fn query(&self, query: &str, parameters: &[Cell], rows: &mut Rows) -> Result<()> {
        rows.begin();
        let values: Vec<Value> = parameters.iter().map(value).collect();
        let cut = self.database.cut();
        match (query, &values[..]) {
            ("trade_by_id", [_]) => {
                let found =
                    self.database.get_with(&self.trades, &values, |row| push_row(&row, rows))?;
                found.unwrap_or(Ok(()))
            }
            ("user_trades_by_status", _) => {
                let read = (&self.trades, "best_trades_user_status_ts");
                fetch(&cut, read, Range::prefix(values), (Order::Descending, 50), rows)
            }
            ("symbol_trades_in_range", [symbol, from, to]) => {
                let range = Range::prefix([symbol.clone()]).from(from.clone()).before(to.clone());
                let read = (&self.trades, "best_trades_symbol_ts");
                fetch(&cut, read, range, (Order::Ascending, usize::MAX), rows)
            }
            ("open_orders_of_symbol", [symbol]) => {
                let range = Range::prefix([symbol.clone(), "open".into()]);
                let read = (&self.orders, "idx_orders_symbol_status");
                fetch(&cut, read, range, (Order::Descending, 100), rows)
            }
            ("symbol_news_by_sentiment", [symbol, above]) => self.news(&cut, symbol, above, rows),
            ("user_positions", [user]) => {
                let read = (&self.positions, "idx_positions_user_symbol");
                let range = Range::prefix([user.clone()]);
                fetch(&cut, read, range, (Order::Ascending, usize::MAX), rows)
            }
            ("active_portfolios", [user]) => self.active_portfolios(&cut, user, rows),
            ("user_daily_profit", [user]) => self.daily_profit(&cut, user, rows),
            ("symbol_daily_sentiment", [symbol]) => self.daily_sentiment(&cut, symbol, rows),
            ("top_symbols_by_volume", [from, to]) => self.top_symbols(&cut, from, to, rows),
            _ => Err(Error::invalid(format!("{query} was asked with other parameters"))),
        }
    }

    fn news(&self, cut: &Cut, symbol: &Value, above: &Value, rows: &mut Rows) -> Result<()> {
        let range = Range::prefix([symbol.clone()]);
        let index = "best_news_symbol_published";
        let mut found = cut.scan_index(&self.news, index, &range, Order::Descending)?;
        let Value::Double(above) = *above else { return Err(unexpected(above.as_value())) };
        let mut result = Ok(());
        found.fetch_with(
            20,
            |entry| entry.show(4, |score| Ok(number(score)? > above)),
            |row| {
                result = push_row(&row, rows);
                Ok(())
            },
        )?;
        result
    }

    fn active_portfolios(&self, cut: &Cut, user: &Value, rows: &mut Rows) -> Result<()> {
        let range = Range::prefix([user.clone(), Value::Integer(1)]);
        let index = "idx_portfolios_user_active";
        let mut active = Vec::new();
        let mut found = cut.scan_index(&self.portfolios, index, &range, Order::Ascending)?;
        found.fetch_with(
            usize::MAX,
            |_| Ok(true),
            |row| {
                active.push([0, 2, 4].map(|column| row.get(column).to_value()));
                Ok(())
            },
        )?;
        if active.is_empty() {
            return Ok(());
        }
        let (range, index) = (Range::prefix([user.clone()]), "idx_positions_user_symbol");
        let mut held = Vec::new();
        let mut found = cut.scan_index(&self.positions, index, &range, Order::Ascending)?;
        found.fetch_with(
            usize::MAX,
            |_| Ok(true),
            |row| {
                held.push([1, 2, 3].map(|column| row.get(column).to_value()));
                Ok(())
            },
        )?;
        for portfolio in &active {
            for position in &held {
                let values = portfolio.iter().chain(position);
                values.map(Value::as_value).try_for_each(|value| push(value, rows))?;
            }
        }
        Ok(())
    }

    fn daily_profit(&self, cut: &Cut, user: &Value, rows: &mut Rows) -> Result<()> {
        let range = Range::prefix([user.clone()]);
        let index = "best_trades_user_ts_cover";
        let mut days: Vec<(String, Sums)> = Vec::new();
        cut.scan_index(&self.trades, index, &range, Order::Ascending)?.each_with(|entry| {
            entry.show(9, |time| {
                let day = text(time)?.get(..10).unwrap_or_default();
                if days.last().is_none_or(|(last, _)| last != day) {
                    days.push((day.to_owned(), Sums::default()));
                }
                Ok(())
            })?;
            if let Some((_, sums)) = days.last_mut() {
                sums.rows += 1;
                sums.first += entry.show(6, number)?;
                sums.second += entry.show(7, number)?;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for (day, sums) in &days {
            push(user.as_value(), rows)?;
            rows.text(day.as_bytes());
            rows.real(sums.first);
            rows.integer(sums.rows);
            rows.real(sums.second / sums.rows as f64);
        }
        Ok(())
    }

    fn daily_sentiment(&self, cut: &Cut, symbol: &Value, rows: &mut Rows) -> Result<()> {
        let range = Range::prefix([symbol.clone()]);
        let index = "best_news_symbol_published";
        let mut days: BTreeMap<String, Sums> = BTreeMap::new();
        cut.scan_index(&self.news, index, &range, Order::Any)?.each_with(|entry| {
            let score = entry.show(4, number)?;
            entry.show(5, |time| {
                let day = text(time)?.get(..10).unwrap_or_default();
                let sums = match days.get_mut(day) {
                    Some(sums) => sums,
                    None => days.entry(day.to_owned()).or_default(),
                };
                sums.rows += 1;
                sums.first += score;
                Ok(())
            })?;
            Ok(ControlFlow::Continue(()))
        })?;
        for (day, sums) in &days {
            push(symbol.as_value(), rows)?;
            rows.text(day.as_bytes());
            rows.real(sums.first / sums.rows as f64);
            rows.integer(sums.rows);
        }
        Ok(())
    }

    fn top_symbols(&self, cut: &Cut, from: &Value, to: &Value, rows: &mut Rows) -> Result<()> {
        let range = Range::all().from(from.clone()).before(to.clone());
        let index = "best_trades_ts_symbol_qty";
        let mut volumes: std::collections::HashMap<String, f64> = std::collections::HashMap::new();
        cut.scan_index(&self.trades, index, &range, Order::Any)?.each_with(|entry| {
            let quantity = entry.show(4, number)?;
            entry.show(2, |symbol| {
                let symbol = text(symbol)?;
                match volumes.get_mut(symbol) {
                    Some(volume) => *volume += quantity,
                    None => drop(volumes.insert(symbol.to_owned(), quantity)),
                }
                Ok(())
            })?;
            Ok(ControlFlow::Continue(()))
        })?;
        let mut volumes: Vec<(String, f64)> = volumes.into_iter().collect();
        volumes.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        for (symbol, volume) in volumes.iter().take(10) {
            rows.text(symbol.as_bytes());
            rows.real(*volume);
        }
        Ok(())
    }
}

/// Rows of an index's range, all columns of them.
fn fetch(
    cut: &Cut,
    (table, index): (&Table, &str),
    range: Range,
    (order, limit): (Order, usize),
    rows: &mut Rows,
) -> Result<()> {
    let mut found = cut.scan_index(table, index, &range, order)?;
    found.fetch_with(limit, |_| Ok(true), |row| push_row(&row, rows)).map(drop)
}
