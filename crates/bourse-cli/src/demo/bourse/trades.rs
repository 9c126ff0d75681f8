//! The trade execution on Bourse: one transaction of the user's shard.
//!
//! With ids that the store makes, everything that a trade changes is in that shard. An id that the
//! trade brings along names another shard, where it must be known too: the transaction then has
//! two.

use std::path::Path;

use bourse::schema::Default;
use bourse::{Database, Table, Transaction, Value, ValueRef};
use bourse_storage::{Error, Result};

use super::super::engine::{Told, Trade, TradeClient, TradeStore, TradeSubmitter};
use super::{Columns, POSITION_COLUMNS, TRADE_COLUMNS, Tables, open, warm_up};

/// Bourse as a store that executes trades: all clients share the one open store.
pub(crate) struct BourseTradeStore {
    tables: Tables,
    /// Whether a user's trades lie in one shard.
    by_user: bool,
    /// Rows with what their columns hold where a statement names no value.
    new_trade: Vec<Value>,
    new_position: Vec<Value>,
}

impl BourseTradeStore {
    /// Opens the store in a folder, which the trades change.
    pub(crate) fn open(folder: &Path) -> Result<BourseTradeStore> {
        let database = open(folder, None)?;
        warm_up(&database)?;
        let tables = Tables::of(database)?;
        let user = tables.trades.places[1];
        let shard_key = &tables.trades.table.definition().shard_key;
        let by_user = shard_key.iter().map(|column| usize::from(*column)).eq([user]);
        let new_trade = defaults(&tables.trades.table);
        let new_position = defaults(&tables.positions.table);
        Ok(BourseTradeStore { tables, by_user, new_trade, new_position })
    }

    /// The store.
    pub(crate) fn database(&self) -> &Database {
        &self.tables.database
    }

    fn write(&self, transaction: &mut Transaction<'_>, trade: &Trade) -> Result<()> {
        let Tables { trades, orders, portfolios, .. } = &self.tables;
        let id = trade.trade_id.map_or(Value::Null, Value::Integer);
        let values: [Value; TRADE_COLUMNS.len()] = [
            id,
            Value::Integer(trade.user_id),
            trade.symbol.as_str().into(),
            trade.side.into(),
            Value::Double(trade.quantity.abs()),
            Value::Double(trade.price),
            Value::Double(0.0),
            Value::Double(0.0),
            "open".into(),
            trade.timestamp.as_str().into(),
        ];
        transaction.insert(&trades.table, row(&self.new_trade, trades, values))?;
        let timestamp = Value::from(trade.timestamp.as_str());
        let changes = [("status", "filled".into()), ("updated_at", timestamp)];
        transaction.update(&orders.table, &[Value::Integer(trade.order_id)], &changes)?;
        self.write_position(transaction, trade)?;
        let key = [Value::Integer(trade.portfolio_id)];
        if let Some(found) = transaction.get(&portfolios.table, &key)? {
            let cash = number(found.get(portfolios.places[2]))? - trade.quantity * trade.price;
            transaction.update(&portfolios.table, &key, &[("cash", Value::Double(cash))])?;
        }
        Ok(())
    }

    fn write_position(&self, transaction: &mut Transaction<'_>, trade: &Trade) -> Result<()> {
        let positions = &self.tables.positions;
        let of_user = [Value::Integer(trade.user_id), trade.symbol.as_str().into()];
        let found = if self.tables.positions_by_user {
            transaction.get(&positions.table, &of_user)?
        } else {
            transaction.find_unique(&positions.table, "idx_positions_user_symbol", &of_user)?
        };
        let timestamp = Value::from(trade.timestamp.as_str());
        let Some(found) = found else {
            let [user, symbol] = of_user;
            let values: [Value; POSITION_COLUMNS.len()] = [
                user,
                symbol,
                Value::Double(trade.quantity),
                Value::Double(trade.price),
                timestamp,
            ];
            let row = row(&self.new_position, positions, values);
            return transaction.insert(&positions.table, row).map(|_| ());
        };
        let quantity = number(found.get(positions.places[2]))? + trade.quantity;
        let changes = [
            ("quantity", Value::Double(quantity)),
            ("avg_price", Value::Double(trade.price)),
            ("updated_at", timestamp),
        ];
        let key = match self.tables.positions_by_user {
            true => of_user.to_vec(),
            false => found.primary_key()?,
        };
        transaction.update(&positions.table, &key, &changes).map(|_| ())
    }
}

impl TradeStore for BourseTradeStore {
    fn client(&self) -> Result<Box<dyn TradeClient + '_>> {
        Ok(Box::new(BourseTradeClient { store: self }))
    }

    fn submitter(&self) -> Option<&dyn TradeSubmitter> {
        Some(self)
    }
}

impl TradeSubmitter for BourseTradeStore {
    fn submit(&self, trade: &Trade, told: Told) {
        let submitter = self.tables.database.submit();
        let write = |transaction: &mut Transaction<'_>| self.write(transaction, trade);
        if self.by_user {
            let user = [Value::Integer(trade.user_id)];
            submitter.shard_transaction_with(&self.tables.trades.table, &user, write, told);
        } else {
            submitter.transaction_with(write, told);
        }
    }
}

struct BourseTradeClient<'s> {
    store: &'s BourseTradeStore,
}

impl TradeClient for BourseTradeClient<'_> {
    fn execute(&mut self, trade: &Trade) -> Result<()> {
        let store = self.store;
        let database: &Database = &store.tables.database;
        let write = |transaction: &mut Transaction<'_>| store.write(transaction, trade);
        if store.by_user {
            let user = [Value::Integer(trade.user_id)];
            database.shard_transaction(&store.tables.trades.table, &user, write)
        } else {
            database.transaction(write)
        }
    }
}

fn defaults(table: &Table) -> Vec<Value> {
    let columns = table.definition().columns.iter();
    columns
        .map(|column| match &column.default {
            Some(Default::Constant(value)) => value.clone(),
            _ => Value::Null,
        })
        .collect()
}

fn row<const N: usize>(defaults: &[Value], columns: &Columns<N>, values: [Value; N]) -> Vec<Value> {
    let mut row = defaults.to_vec();
    for (place, value) in columns.places.into_iter().zip(values) {
        row[place] = value;
    }
    row
}

fn number(value: ValueRef<'_>) -> Result<f64> {
    match value {
        ValueRef::Double(number) => Ok(number),
        ValueRef::Integer(number) => Ok(number as f64),
        ValueRef::Decimal(number) => Ok(number.to_f64()),
        other => Err(Error::invalid(format!("a {} is no amount", other.kind_name()))),
    }
}
