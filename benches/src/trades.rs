//! The data of the engine's table: 1 M trades of about 128 bytes, and an index that covers.

use bourse::{IndexDefinition, Result, TableDefinition, Type, Value};

/// Users; each has 500 trades in a million, 125 of each status.
pub const USERS: i64 = 2_000;
/// Statuses.
pub const STATUSES: [&str; 4] = ["canceled", "filled", "open", "partial"];

/// Trades: found by a generated id, kept by user.
///
/// # Errors
/// None; the definition is right.
pub fn definition() -> Result<TableDefinition> {
    TableDefinition::builder("trades")
        .column("trade_id", Type::BigInt)
        .generated_id()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("status", Type::Text)
        .not_null()
        .column("executed_at", Type::Timestamp { precision: 9 })
        .not_null()
        .column("symbol", Type::Text)
        .not_null()
        .column("quantity", Type::BigInt)
        .not_null()
        .column("price", Type::Double)
        .not_null()
        .column("note", Type::Text)
        .primary_key(["trade_id"])
        .shard_key(["user_id"])
        .index(
            IndexDefinition::on("by_user", ["user_id", "status", "executed_at"])
                .include(["quantity", "price"]),
        )
        .build()
}

/// The row of a number, its id left to the store.
pub fn row(number: i64) -> Vec<Value> {
    let status = STATUSES[usize::try_from(number / USERS % 4).unwrap_or(0)];
    vec![
        Value::Null,
        (number % USERS).into(),
        status.into(),
        Value::Timestamp(1_700_000_000_000_000_000 + number * 1_000),
        ["AAPL", "MSFT", "NVDA", "TSLA"][usize::try_from(number % 4).unwrap_or(0)].into(),
        (number % 1000).into(),
        (100.0 + (number % 977) as f64 / 8.0).into(),
        "imported; settled with the clearing house at T+1, no exceptions".into(),
    ]
}

/// The key that a peer's index has for a trade: as long as the store's.
pub fn peer_index_key(number: i64, id: i64) -> Vec<u8> {
    let status = number / USERS % 4;
    let mut key = peer_index_prefix(number % USERS, status);
    key.extend_from_slice(&(number * 1_000).to_be_bytes());
    key.extend_from_slice(&id.to_be_bytes());
    key
}

/// What the index keys of a user's trades of a status begin with.
pub fn peer_index_prefix(user: i64, status: i64) -> Vec<u8> {
    let mut key = user.to_be_bytes().to_vec();
    key.extend_from_slice(STATUSES[usize::try_from(status).unwrap_or(0)].as_bytes());
    key
}

/// The other tables of a trade's execution: accounts, positions and orders, all kept by user.
///
/// # Errors
/// None; the definitions are right.
pub fn small_tables() -> Result<[TableDefinition; 3]> {
    let accounts = TableDefinition::builder("accounts")
        .column("user_id", Type::BigInt)
        .column("balance", Type::Double)
        .not_null()
        .primary_key(["user_id"])
        .build()?;
    let positions = TableDefinition::builder("positions")
        .column("user_id", Type::BigInt)
        .column("symbol", Type::Text)
        .column("quantity", Type::BigInt)
        .not_null()
        .primary_key(["user_id", "symbol"])
        .shard_key(["user_id"])
        .build()?;
    let orders = TableDefinition::builder("orders")
        .column("user_id", Type::BigInt)
        .column("order_id", Type::BigInt)
        .column("status", Type::Text)
        .not_null()
        .primary_key(["user_id", "order_id"])
        .shard_key(["user_id"])
        .build()?;
    Ok([accounts, positions, orders])
}
