//! What a kept store has: every type, every kind of index, constraints, large values, generated
//! ids, a hidden row id, deleted rows, a bulk load, a large transaction; half of it in checkpoints
//! of two generations, half in the log alone.

use std::path::Path;

use bourse::expression::{Function, call, column};
use bourse::schema::IndexPart;
use bourse::{
    Collation, Database, Decimal, ForeignKey, IndexDefinition, LoadOrder, Result, TableDefinition,
    Type, Value,
};

use super::{options, text};

const TRADES: i64 = 120;

/// A table with a column of each type, the first a key.
fn values_table() -> Result<TableDefinition> {
    TableDefinition::builder("values")
        .column("id", Type::Integer)
        .not_null()
        .column("smallint", Type::SmallInt)
        .column("integer", Type::Integer)
        .column("bigint", Type::BigInt)
        .column("real", Type::Real)
        .column("double", Type::Double)
        .column("decimal", Type::Decimal { precision: 18, scale: 4 })
        .column("any_decimal", Type::DECIMAL)
        .column("text", Type::Text)
        .collate(Collation::NoCase)
        .column("blob", Type::Blob)
        .column("boolean", Type::Boolean)
        .column("date", Type::Date)
        .column("timestamp", Type::TIMESTAMP)
        .column("nanoseconds", Type::Timestamp { precision: 9 })
        .column("uuid", Type::Uuid)
        .column("json", Type::Json)
        .column("any", Type::Any)
        .primary_key(["id"])
        .index(
            IndexDefinition::on("by_number", ["double", "decimal"]).descending("double").global(),
        )
        .index(IndexDefinition::on("by_text", ["text"]).global())
        .index(IndexDefinition::on("by_any", ["any"]).descending("any").global())
        .index(IndexDefinition::on("by_time", ["nanoseconds", "uuid"]).global())
        .build()
}

/// NULLs, least and greatest values, and some between.
fn values_row(id: i64) -> Result<Vec<Value>> {
    let mut row = vec![Value::Null; 17];
    row[0] = id.into();
    if id == 0 {
        return Ok(row);
    }
    let low = id % 2 == 0;
    let pick = |least: i64, greatest: i64, between: i64| match (id < 3, low) {
        (true, true) => least,
        (true, false) => greatest,
        (false, _) => between,
    };
    row[1] = pick(i16::MIN.into(), i16::MAX.into(), id).into();
    row[2] = pick(i32::MIN.into(), i32::MAX.into(), -id).into();
    row[3] = pick(i64::MIN, i64::MAX, id << 40).into();
    row[4] = Value::Real(if low { -0.0 } else { 1.5 });
    row[5] = Value::Double(if id < 3 { f64::NEG_INFINITY } else { 0.1 });
    row[6] = Value::Decimal(Decimal::new(i128::from(id) * 12_345, 4)?);
    row[7] = Value::Decimal(Decimal::new(i128::from(id) - 5, 20)?);
    row[8] = format!("{} text {id}", if low { "Upper" } else { "upper" }).into();
    row[9] = Value::Blob(vec![0, 255, id.to_le_bytes()[0]]);
    row[10] = Value::Boolean(low);
    row[11] = Value::Date(i32::from(id.to_le_bytes()[0]) * 365 - 1_000);
    row[12] = Value::Timestamp(id * 86_400_000_000_000);
    row[13] = Value::Timestamp(1_700_000_000_000_000_000 + id);
    row[14] = Value::Uuid([id.to_le_bytes()[0]; 16]);
    row[15] = Value::Json(format!("{{\"id\": {id}}}"));
    row[16] = match id % 4 {
        0 => id.into(),
        1 => Value::Double(0.5),
        2 => "any".into(),
        _ => Value::Blob(vec![1, 2]),
    };
    Ok(row)
}

/// Trades with generated ids, and indexes local, covering, descending, partial, unique and global.
fn trades_table() -> Result<TableDefinition> {
    let open = column("status").equal("open");
    let lower = IndexPart::from(call(Function::Lower, [column("symbol")]));
    TableDefinition::builder("trades")
        .column("id", Type::BigInt)
        .generated_id()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("symbol", Type::Text)
        .not_null()
        .column("status", Type::Text)
        .not_null()
        .column("reference", Type::Text)
        .column("price", Type::Decimal { precision: 18, scale: 4 })
        .primary_key(["id"])
        .shard_key(["user_id"])
        .index(
            IndexDefinition::on("by_user", ["user_id", "price"])
                .descending("price")
                .include(["symbol"]),
        )
        .index(IndexDefinition::on("open_of_user", ["user_id", "symbol"]).filter(open))
        .index(IndexDefinition::on("by_symbol", ["symbol", "price"]).include(["status"]).global())
        .index(IndexDefinition::on("by_reference", ["reference"]).unique())
        .index(IndexDefinition::on("by_lower_symbol", [lower]))
        .check("known_status", column("status").is_in(["open", "filled", "cancelled"]))
        .build()
}

fn trade(number: i64) -> Result<Vec<Value>> {
    let symbol = ["AAPL", "MSFT", "NVDA"][usize::from(number.to_le_bytes()[0]) % 3];
    let status = if number % 3 == 0 { "open" } else { "filled" };
    let reference =
        if number % 5 == 0 { Value::Null } else { format!("reference {number}").into() };
    let price = Value::Decimal(Decimal::new(i128::from(number % 17) * 10_001, 4)?);
    Ok(vec![Value::Null, (number % 11).into(), symbol.into(), status.into(), reference, price])
}

/// Texts in a leaf, in an extent, and in one that is read past the cache.
fn documents_table() -> Result<TableDefinition> {
    TableDefinition::builder("documents")
        .column("id", Type::BigInt)
        .not_null()
        .column("text", Type::Text)
        .primary_key(["id"])
        .build()
}

fn document(id: i64) -> Vec<Value> {
    let bytes = [100, 1_500, 9_000, 90_000][usize::from(id.to_le_bytes()[0]) % 4];
    vec![
        id.into(),
        format!("document {id} ").chars().cycle().take(bytes).collect::<String>().into(),
    ]
}

/// Rows that refer to documents, with ids that are never given twice.
fn readers_table() -> Result<TableDefinition> {
    TableDefinition::builder("readers")
        .column("id", Type::BigInt)
        .identity()
        .column("document", Type::BigInt)
        .primary_key(["id"])
        .foreign_key(ForeignKey::on("read", ["document"], "documents"))
        .build()
}

/// Fills `folder`; returns the files that say what is expected.
pub(super) fn fill(folder: &Path) -> Result<[(&'static str, String); 2]> {
    let store = Database::open(folder.join("store"), options())?;
    let values = store.create_table(&values_table()?)?;
    let trades = store.create_table(&trades_table()?)?;
    let documents = store.create_table(&documents_table()?)?;
    let readers = store.create_table(&readers_table()?)?;
    // Without a primary key: the rows have a hidden id.
    let notes =
        TableDefinition::builder("notes").column("note", Type::Text).column("n", Type::BigInt);
    let notes = store.create_table(&notes.build()?)?;
    let mut ids = Vec::new();
    for number in 0..TRADES / 2 {
        ids.push(store.insert(&trades, trade(number)?)?);
    }
    for id in 0..8 {
        store.insert(&values, values_row(id)?)?;
        store.insert(&documents, document(id))?;
        store.insert(&readers, vec![Value::Null, (id / 2).into()])?;
        store.insert(&notes, vec![format!("note {id}").into(), id.into()])?;
    }
    store.checkpoint()?;
    store.backup(folder.join("full"), None, &mut |_| ())?;
    store.create_index("documents", IndexDefinition::on("by_id", ["id"]).descending("id"))?;
    let loaded = TableDefinition::builder("loaded")
        .column("id", Type::BigInt)
        .not_null()
        .column("turn", Type::BigInt)
        .primary_key(["id"])
        .index(IndexDefinition::on("by_turn", ["turn"]).global());
    let loaded = store.create_table(&loaded.build()?)?;
    let rows = (0..500_i64).map(|id| Ok(vec![id.into(), (id % 9).into()]));
    store.bulk_load(&loaded, LoadOrder::Sorted, rows)?;
    store.update(&trades, &ids[3], &[("status", "cancelled".into())])?;
    store.delete(&trades, &ids[4])?;
    store.backup(folder.join("next"), Some(&folder.join("full")), &mut |_| ())?;
    let expected_next = text::describe(&store)?;

    // From here on only the log has it.
    for number in TRADES / 2..TRADES {
        store.insert(&trades, trade(number)?)?;
    }
    store.transaction(|transaction| {
        transaction.delete(&values, &[7.into()])?;
        // Above 1 MiB: logged ahead in pieces.
        for id in 100..114 {
            let mut row = document(3);
            row[0] = id.into();
            transaction.insert(&documents, row)?;
        }
        transaction.update(&trades, &ids[5], &[("user_id", 10.into())]).map(|_| ())
    })?;
    store.drop_index("documents", "by_id")?;
    store.create_index("notes", IndexDefinition::on("by_n", ["n"]).unique().global())?;
    let expected = text::describe(&store)?;
    Ok([("expected", expected), ("expected-next", expected_next)])
}
