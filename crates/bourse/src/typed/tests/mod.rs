//! A derived struct is the table that its attributes say, and its rows round trip.

mod table;

use crate::expression::column;
use crate::key::{KeyColumn, encode_key};
use crate::schema::{Action, Default, PrimaryKey, Scope};
use crate::{
    Collation, Date, Decimal, ForeignKey, Json, Table, TableRow, Timestamp, Type, Uuid, Value,
    ValueRef,
};

#[derive(Table, Clone, PartialEq, Debug)]
#[table(
    name = "trades",
    primary_key(trade_id),
    shard_key(user_id),
    index(name = "by_user", columns(user_id, timestamp desc), include(price)),
    index(name = "by_symbol", columns(symbol), unique, global)
)]
struct Trade {
    #[column(generated)]
    trade_id: i64,
    user_id: i64,
    #[column(collate = "nocase")]
    symbol: String,
    #[column(type = "DECIMAL(18,4)")]
    price: Decimal,
    #[column(default = "open")]
    status: String,
    #[column(default_current_timestamp)]
    timestamp: Timestamp,
    #[column(name = "note")]
    comment: Option<String>,
}

#[derive(Table, Clone, PartialEq, Debug)]
#[table(primary_key(a, b))]
struct Everything {
    a: i16,
    b: i32,
    c: bool,
    d: f32,
    e: f64,
    f: Vec<u8>,
    g: [u8; 16],
    h: Uuid,
    i: Decimal,
    j: Date,
    k: Json,
    l: Value,
    m: Option<Value>,
    n: Option<i64>,
    r#type: String,
}

#[derive(Table, Clone, PartialEq, Debug)]
#[table(
    primary_key(id),
    check(name = "positive", condition = column("amount").greater(0)),
    foreign_key = ForeignKey::on("of_trade", ["trade"], "trades").on_delete(Action::Cascade)
)]
struct Fee {
    #[column(identity)]
    id: i64,
    trade: i64,
    amount: i64,
}

fn trade() -> Trade {
    Trade {
        trade_id: 1,
        user_id: 7,
        symbol: "AAPL".into(),
        price: "12.5000".parse().expect("a number"),
        status: "open".into(),
        timestamp: Timestamp(1_000),
        comment: None,
    }
}

fn round_trip<R: TableRow>(row: &R) -> R {
    let layout = R::definition().expect("valid").row_layout();
    let mut bytes = Vec::new();
    let mut writer = crate::row::RowWriter::new(&layout, &mut bytes);
    row.write(&mut writer).expect("values of the columns' types");
    writer.finish().expect("all columns");
    R::read(&layout.check(&bytes).expect("just written")).expect("the same types")
}

#[test]
fn rows_round_trip() {
    assert_eq!(round_trip(&trade()), trade());
    let everything = Everything {
        a: -1,
        b: 2,
        c: true,
        d: 1.5,
        e: -2.5,
        f: vec![0, 1],
        g: [3; 16],
        h: Uuid([4; 16]),
        i: "1.50".parse().expect("a number"),
        j: Date(5),
        k: Json::new("{}").expect("JSON"),
        l: Value::Null,
        m: Some("text".into()),
        n: None,
        r#type: "t".into(),
    };
    assert_eq!(round_trip(&everything), everything);
    assert_eq!(everything.key(), (-1, 2));
    assert_eq!(everything.clone().into_values(), everything.values());
    assert_eq!(trade().into_values(), trade().values());
}

#[test]
fn the_definition_is_as_written() {
    let table = Trade::definition().expect("valid");
    assert_eq!((table.name.as_str(), Trade::TABLE), ("trades", "trades"));
    assert_eq!(table.primary_key, PrimaryKey::Columns(vec![0]));
    assert_eq!(table.shard_key, [1]);
    let nullable: Vec<_> = table.columns.iter().filter(|column| !column.not_null).collect();
    assert_eq!(nullable.len(), 1);
    assert_eq!(nullable[0].name, "note");
    assert_eq!(table.columns[0].default, Some(Default::GeneratedId));
    assert_eq!(table.columns[2].collation, Collation::NoCase);
    assert_eq!(table.columns[3].data_type, Type::Decimal { precision: 18, scale: 4 });
    assert_eq!(table.columns[4].default, Some(Default::Constant("open".into())));
    assert_eq!(table.columns[5].default, Some(Default::CurrentTimestamp));
    assert_eq!(table.columns[5].data_type, Type::Timestamp { precision: 9 });
    let by_user = table.index("by_user").expect("an index");
    assert_eq!(by_user.include, [3]);
    assert!(by_user.columns[1].descending && !by_user.unique);
    let by_symbol = table.index("by_symbol").expect("an index");
    assert!(by_symbol.unique && by_symbol.scope == Scope::Global);
    let fee = Fee::definition().expect("valid");
    assert_eq!(fee.columns[0].default, Some(Default::Identity));
    let positive = fee.named(&fee.checks[0].condition).to_string();
    assert_eq!((fee.checks[0].name.as_str(), positive.as_str()), ("positive", "amount > 0"));
    assert_eq!(fee.foreign_keys[0].parent, "trades");
    assert_eq!(fee.foreign_keys[0].on_delete, Action::Cascade);
    let everything = Everything::definition().expect("valid");
    assert_eq!(everything.name, "everything");
    assert_eq!(everything.columns[14].name, "type");
    assert_eq!(everything.shard_key, [0, 1]);
}

/// The constants of the derive and the columns that the definition gives are one.
#[test]
fn key_columns_agree_with_the_definition() {
    let table = Trade::definition().expect("valid");
    assert_eq!(table.primary_key_columns(), Trade::KEY_COLUMNS);
    for (index, columns) in
        [("by_user", Trade::by_user().columns()), ("by_symbol", Trade::by_symbol().columns())]
    {
        let index = table.index(index).expect("an index");
        assert_eq!(table.index_key_columns(index), columns);
    }
    let everything = Everything::definition().expect("valid");
    assert_eq!(everything.primary_key_columns(), Everything::KEY_COLUMNS);
}

#[test]
fn typed_keys_are_the_keys_of_their_values() {
    let index = Trade::by_user();
    assert_eq!(index.name(), "by_user");
    let (mut typed, mut plain, mut prefix) = (Vec::new(), Vec::new(), Vec::new());
    index.encode_key(&(7, Timestamp(5)), &mut typed).expect("a key");
    let values = [ValueRef::Integer(7), ValueRef::Timestamp(5)];
    encode_key(index.columns(), &values, &mut plain).expect("a key");
    assert_eq!(typed, plain);
    index.encode_prefix(&7_i64, &mut prefix).expect("a prefix");
    assert!(typed.starts_with(&prefix) && prefix.len() == 8);
    let wrong = index.encode_prefix(&"seven", &mut prefix).expect_err("no integer");
    assert_eq!((wrong.sqlstate(), prefix.len()), ("42804", 8));
    let folded = |symbol: &str| {
        let mut key = Vec::new();
        Trade::by_symbol().encode_prefix(&symbol, &mut key).expect("a key");
        key
    };
    assert_eq!(folded("AAPL"), folded("aapl"));
    assert_eq!(index.columns()[1], KeyColumn::new(Type::Timestamp { precision: 9 }).descending());
}

#[test]
fn rust_values_refuse_other_types() {
    let state = |value: Value| i16::try_from(value).expect_err("no i16").sqlstate();
    assert_eq!(state(40_000.into()), "22003");
    assert_eq!(state("1".into()), "42804");
    assert_eq!(state(Value::Null), "42804");
    assert_eq!(String::try_from(Value::from("a")).expect("a text"), "a");
}
