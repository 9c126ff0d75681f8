//! Bourse's columns of the report: with the plan's indexes, with the best ones.
//!
//! Each query is a plan written by hand over the Rust API: what a service would write that links
//! the engine. [`tuned`] uses the plan's indexes alone, [`best`] what suits Bourse: indexes that
//! carry the columns of the answer, kept with the symbol where a symbol is asked for.
//!
//! Both stores are imports of the same SQLite file, so the engine finds columns by their names and
//! takes them as they come.

mod best;
pub(crate) mod sql;
mod sums;
#[cfg(test)]
mod tests;
mod trades;
mod tuned;
pub(crate) mod views;

use std::ops::ControlFlow;
use std::path::Path;

use bourse::row::RowLayout;
use bourse::schema::IndexBuilder;
use bourse::{
    Database, Entries, IndexDefinition, Options, Range, Row, Table, Type, Value, ValueRef,
};
use bourse_storage::{Error, Result};

use super::engine::Engine;
use super::parameters::Parameter;
use super::queries::Query;
use super::rows::{Decoded, Rows};

pub(crate) use sql::BourseSqlEngine;
pub(crate) use trades::BourseTradeStore;
pub(crate) use views::BourseViewEngine;

/// Bytes of pages kept in memory, at most. SQLite has 1 GB of its own, and what the operating
/// system caches of its files, where Bourse reads past that cache.
const CACHE_BYTES_MAX: u64 = 4 << 30;

/// Columns of trades as the queries list them.
const TRADE_COLUMNS: [&str; 10] = [
    "trade_id",
    "user_id",
    "symbol",
    "side",
    "quantity",
    "price",
    "profit_loss",
    "return_pct",
    "status",
    "timestamp",
];
const ORDER_COLUMNS: [&str; 10] = [
    "order_id",
    "user_id",
    "symbol",
    "side",
    "type",
    "status",
    "price",
    "quantity",
    "created_at",
    "updated_at",
];
const NEWS_COLUMNS: [&str; 6] =
    ["news_id", "symbol", "headline", "body", "sentiment_score", "published_at"];
const POSITION_COLUMNS: [&str; 5] = ["user_id", "symbol", "quantity", "avg_price", "updated_at"];
const PORTFOLIO_COLUMNS: [&str; 4] = ["portfolio_id", "name", "cash", "is_active"];

/// Which indexes a store has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Store {
    /// Those of the plan, as imported.
    Tuned,
    /// Besides, those that suit Bourse, and the platform's views.
    Best,
}

impl Store {
    /// The column's name, also that of its folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Store::Tuned => "bourse",
            Store::Best => "bourse_best",
        }
    }

    /// Makes the views of the store in a folder, if it has views.
    pub(crate) fn make_views(self, folder: &Path) -> Result<()> {
        if self == Store::Tuned {
            return Ok(());
        }
        let database = open(folder, None)?;
        views::create_all(&database)?;
        database.close()
    }

    /// The indexes of a table that the store has besides the imported ones.
    pub(crate) fn more_indexes(self, table: &str) -> Vec<IndexBuilder> {
        match self {
            Store::Tuned => Vec::new(),
            Store::Best => best::indexes(table),
        }
    }
}

/// Opens a store, with a page cache of so many bytes if they are given. Two are open at once, so
/// otherwise each takes half of what a store takes alone.
fn open(folder: &Path, cache_bytes: Option<u64>) -> Result<Database> {
    let options = Options { create: false, ..Options::default() };
    if let Some(cache_bytes) = cache_bytes {
        return Database::open(
            folder,
            Options { cache_bytes, cache_bytes_min: cache_bytes, ..options },
        );
    }
    let cache_bytes = (options.cache_bytes / 2).min(CACHE_BYTES_MAX);
    Database::open(folder, Options { cache_bytes, ..options })
}

/// Reads all of a store once: as the files of SQLite lie in the operating system's memory since
/// they were made, and as a service that runs has what it serves in memory. What is large comes
/// first, so that it goes first where memory is short.
fn warm_up(database: &Database) -> Result<()> {
    let (cut, all) = (database.cut(), Range::all());
    let mut tables = database.tables()?;
    tables.sort_by_key(|table| table.name() != "news_items");
    for table in &tables {
        let mut rows = cut.scan(table, &all, bourse::Order::Ascending)?;
        let definition = table.definition();
        let id = match definition.primary_key_positions() {
            [id] if definition.shard_key != [*id] => Some(usize::from(*id)),
            _ => None,
        };
        let mut ids = Vec::new();
        while rows.next_with(|row| ids.extend(id.map(|id| row.get(id).to_value())))?.is_some() {}
        // Only looking ids up reads what leads from them to their rows.
        for id in ids {
            database.get_with(table, &[id], |_| ())?;
        }
        for index in &definition.indexes {
            let mut entries = cut.scan_index(table, &index.name, &all, bourse::Order::Ascending)?;
            while entries.next_with(|_| ())?.is_some() {}
        }
    }
    for view in database.views() {
        cut.groups(&view, &all, bourse::Order::Ascending)?.try_for_each(|group| group.map(drop))?;
    }
    Ok(())
}

/// A table and where the columns lie that a query lists.
struct Columns<const N: usize> {
    table: Table,
    layout: RowLayout,
    places: [usize; N],
}

impl<const N: usize> Columns<N> {
    fn of(database: &Database, table: &str, names: [&str; N]) -> Result<Columns<N>> {
        let table = database.table(table)?;
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(names) {
            *place = usize::from(table.definition().position(name)?);
        }
        Ok(Columns { layout: table.definition().row_layout(), table, places })
    }

    fn push(&self, row: &Row<'_>, rows: &mut Rows) -> Result<()> {
        self.places.iter().try_for_each(|place| push(rows, row.get(*place)))
    }

    fn text<'r>(&self, row: &Row<'r>, column: usize) -> Result<&'r str> {
        text(row.get(self.places[column]))
    }
}

/// What the plans read.
struct Tables {
    database: Database,
    trades: Columns<10>,
    orders: Columns<10>,
    news: Columns<6>,
    positions: Columns<5>,
    /// Whether positions lie in the order of user and symbol.
    positions_by_user: bool,
    portfolios: Columns<4>,
    /// What says that a portfolio is active.
    active: Value,
}

impl Tables {
    fn of(database: Database) -> Result<Tables> {
        let positions = Columns::of(&database, "positions", POSITION_COLUMNS)?;
        let portfolios = Columns::of(&database, "portfolios", PORTFOLIO_COLUMNS)?;
        let flag = &portfolios.table.definition().columns[portfolios.places[3]];
        let active = match flag.data_type {
            Type::Boolean => Value::Boolean(true),
            _ => Value::Integer(1),
        };
        let key = positions.table.definition().primary_key_positions();
        let positions_by_user =
            key.iter().map(|column| usize::from(*column)).eq(positions.places[..2].iter().copied());
        Ok(Tables {
            trades: Columns::of(&database, "trades", TRADE_COLUMNS)?,
            orders: Columns::of(&database, "orders", ORDER_COLUMNS)?,
            news: Columns::of(&database, "news_items", NEWS_COLUMNS)?,
            positions,
            positions_by_user,
            portfolios,
            active,
            database,
        })
    }

    fn trade_by_id(&self, id: &Value, rows: &mut Rows) -> Result<()> {
        let trades = &self.trades;
        let key = std::slice::from_ref(id);
        let found = self.database.get_with(&trades.table, key, |row| trades.push(&row, rows))?;
        found.unwrap_or(Ok(()))
    }

    fn user_positions(&self, user: &Value, rows: &mut Rows) -> Result<()> {
        let cut = self.database.cut();
        self.each_position(&cut, user, |row| self.positions.push(row, rows))
    }

    /// Calls `each` with a user's positions, by symbol.
    fn each_position(
        &self,
        cut: &bourse::Cut,
        user: &Value,
        mut each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let table = &self.positions.table;
        let of_user = Range::prefix([user.clone()]);
        let order = bourse::Order::Ascending;
        if self.positions_by_user {
            return cut.scan(table, &of_user, order)?.each_with(|row| {
                each(&row)?;
                Ok(ControlFlow::Continue(()))
            });
        }
        let mut found = cut.scan_index(table, "idx_positions_user_symbol", &of_user, order)?;
        each_fetched(&mut found, |row| each(&row))
    }
}

/// Bourse as an engine.
pub(crate) struct BourseEngine {
    store: Store,
    tables: Tables,
}

impl BourseEngine {
    /// Opens the store in a folder, with a page cache of so many bytes if they are given.
    pub(crate) fn open(
        store: Store,
        folder: &Path,
        cache_bytes: Option<u64>,
    ) -> Result<BourseEngine> {
        let database = open(folder, cache_bytes)?;
        warm_up(&database)?;
        Ok(BourseEngine { store, tables: Tables::of(database)? })
    }
}

impl Engine for BourseEngine {
    fn name(&self) -> &'static str {
        self.store.name()
    }

    fn run(&mut self, query: Query, parameters: &[Parameter], rows: &mut Rows) -> Result<()> {
        rows.begin(columns(query));
        let values: Vec<Value> = parameters.iter().map(value).collect();
        match (query, &values[..]) {
            (Query::TradeById, [id]) => self.tables.trade_by_id(id, rows),
            (Query::UserPositions, [user]) => self.tables.user_positions(user, rows),
            _ => match self.store {
                Store::Tuned => tuned::run(&self.tables, query, &values, rows),
                Store::Best => best::run(&self.tables, query, &values, rows),
            },
        }
    }
}

fn columns(query: Query) -> usize {
    match query {
        Query::TradeById
        | Query::UserTradesByStatus
        | Query::SymbolTradesInRange
        | Query::OpenOrdersOfSymbol => 10,
        Query::SymbolNewsBySentiment | Query::ActivePortfolios => 6,
        Query::UserPositions | Query::UserDailyProfit | Query::PortfolioPerformance => 5,
        Query::SymbolDailySentiment => 4,
        Query::TopSymbolsByVolume => 2,
    }
}

fn value(parameter: &Parameter) -> Value {
    match parameter {
        Parameter::Integer(number) => Value::Integer(*number),
        Parameter::Real(number) => Value::Double(*number),
        Parameter::Text(text) => Value::Text(text.clone()),
    }
}

/// Appends a value, in the class that SQLite has for it.
fn push(rows: &mut Rows, value: ValueRef<'_>) -> Result<()> {
    rows.push(match value {
        ValueRef::Null => Decoded::Null,
        ValueRef::Integer(number) => Decoded::Integer(number),
        ValueRef::Boolean(truth) => Decoded::Integer(truth.into()),
        ValueRef::Double(number) => Decoded::Real(number),
        ValueRef::Text(text) => Decoded::Text(text.as_bytes()),
        ValueRef::Blob(bytes) => Decoded::Blob(bytes),
        // SQLite keeps whole numbers as such where a column is NUMERIC.
        ValueRef::Decimal(number) => match number.rescale_exact(0) {
            Some(whole) => Decoded::Integer(i64::try_from(whole.coefficient()).unwrap_or(i64::MAX)),
            None => Decoded::Real(number.to_f64()),
        },
        other => return Err(unexpected(other)),
    });
    Ok(())
}

fn text(value: ValueRef<'_>) -> Result<&str> {
    match value {
        ValueRef::Text(text) => Ok(text),
        ValueRef::Null => Ok(""),
        other => Err(unexpected(other)),
    }
}

fn unexpected(value: ValueRef<'_>) -> Error {
    let kind = value.kind_name();
    Error::invalid(format!("a {kind} where none is; are the tables those of legacy.sql?"))
}

/// Where an index keeps a column of an answer.
#[derive(Clone, Copy)]
enum Place {
    /// The n-th column of its key.
    Key(usize),
    /// The n-th column that it carries.
    Carried(usize),
}

/// Columns of a key with the primary key behind, at most.
const KEY_COLUMNS: usize = 5;

/// Appends a row to an answer that an index holds all of.
fn push_entry(entry: &bourse::IndexEntry<'_>, places: &[Place], rows: &mut Rows) -> Result<()> {
    let mut buffers: [Vec<u8>; KEY_COLUMNS] = Default::default();
    let mut key = [ValueRef::Null; KEY_COLUMNS];
    let mut reader = entry.key();
    for (buffer, value) in buffers.iter_mut().zip(&mut key) {
        if reader.is_at_end() {
            break;
        }
        *value = reader.next_ref(buffer)?;
    }
    let included = entry.included_row()?;
    for place in places {
        push(
            rows,
            match place {
                Place::Key(at) => key[*at],
                Place::Carried(at) => included.get(*at),
            },
        )?;
    }
    Ok(())
}

/// An index of these columns that carries those.
fn carrying<const N: usize, const M: usize>(
    name: &str,
    columns: [&str; N],
    carried: [&str; M],
) -> IndexBuilder {
    IndexDefinition::on(name, columns).include(carried)
}

/// Calls `each` with the rows of an index's next entries.
fn each_fetched(
    entries: &mut Entries<'_, bourse::Cut>,
    each: impl FnMut(Row<'_>) -> Result<()>,
) -> Result<()> {
    entries.fetch_with(usize::MAX, |_| Ok(true), each).map(|_| ())
}
