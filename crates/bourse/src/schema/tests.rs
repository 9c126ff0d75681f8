//! Definitions: what is refused, and that what is kept reads back.

use bourse_storage::ErrorKind;
use proptest::prelude::{Strategy, any, prop, proptest};

use super::{
    Action, COLUMNS_MAX, CheckConstraint, Column, Default, ForeignKey, IndexColumn,
    IndexDefinition, IndexKey, KEY_COLUMNS_MAX, PrimaryKey, Scope, TableBuilder, TableDefinition,
    Timing,
};
use crate::expression::{Comparison, Expression, column};
use crate::key::KeyColumn;
use crate::row::EarlierLayout;
use crate::value::tests::{TYPES, of_type};
use crate::value::{Collation, Type, Value};

fn trades() -> TableBuilder {
    TableDefinition::builder("trades")
        .column("trade_id", Type::BigInt)
        .generated_id()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("status", Type::Text)
        .not_null()
        .default("open")
        .collate(Collation::NoCase)
        .column("ts", Type::TIMESTAMP)
        .default_current_timestamp()
        .column("price", Type::Decimal { precision: 18, scale: 4 })
        .primary_key(["trade_id"])
        .shard_key(["user_id"])
}

#[test]
fn the_builder_ties_names_to_positions() {
    let by_user = IndexDefinition::on("by_user", ["user_id", "STATUS", "ts"])
        .descending("ts")
        .collate("status", Collation::RTrim)
        .include(["price"])
        .filter(column("price").compare(Comparison::Greater, "1.5"));
    let table = trades().index(by_user).build().expect("valid");
    assert_eq!(table.primary_key, PrimaryKey::Columns(vec![0]));
    assert!(table.columns[0].not_null, "a primary key column");
    assert_eq!(table.shard_key, [1]);
    let index = table.index("BY_USER").expect("an index");
    let user = KeyColumn::new(Type::BigInt);
    let status = KeyColumn::new(Type::Text).collate(Collation::RTrim);
    let time = KeyColumn::new(Type::TIMESTAMP).nullable().descending();
    assert_eq!(table.index_key_columns(index), [user, status, time]);
    assert_eq!(index.include, [4]);
    let predicate = index.predicate.as_ref().expect("a predicate");
    assert_eq!(table.named(predicate).to_string(), "price > 1.5000");
    let layout = table.row_layout();
    assert_eq!((layout.columns(), layout.column_type(2)), (5, Type::Text));
}

#[test]
fn a_table_without_a_key_has_a_hidden_row_id() {
    let table = TableDefinition::builder("t").column("a", Type::Any).build().expect("valid");
    assert_eq!(table.primary_key, PrimaryKey::HiddenRowId);
    assert_eq!(table.primary_key_columns(), [KeyColumn::new(Type::BigInt)]);
    assert_eq!(table.shard_key_columns(), [KeyColumn::new(Type::BigInt)]);
    assert!(table.primary_key_positions().is_empty());
}

#[test]
fn what_is_wrong_is_refused_by_name() {
    let state = |builder: TableBuilder| builder.build().expect_err("wrong").sqlstate();
    let on = |columns: &[&str]| IndexDefinition::on("i", columns.iter().copied());
    assert_eq!(state(trades().column("Price", Type::Text)), "42701");
    assert_eq!(state(trades().primary_key(["nope"])), "42703");
    assert_eq!(state(trades().primary_key(["ts", "ts"])), "42701");
    assert_eq!(state(trades().primary_key(Vec::<String>::new())), "42P16");
    assert_eq!(state(trades().shard_key(Vec::<String>::new())), "42P16");
    assert_eq!(state(trades().index(on(&["nope"]))), "42703");
    assert_eq!(state(trades().index(on(&["ts", "TS"]))), "42701");
    assert_eq!(state(trades().index(on(&["ts"]).include(["ts"]))), "42P17");
    assert_eq!(state(trades().index(on(&["ts"]).descending("price"))), "42703");
    assert_eq!(state(trades().index(on(&["ts"])).index(on(&["price"]))), "42P07");
    assert_eq!(state(trades().index(on(&["ts"]).collate("ts", Collation::NoCase))), "42804");
    let predicate = column("ts").equal(1);
    assert_eq!(state(trades().index(on(&["ts"]).filter(predicate))), "42804");
    let predicate = column("nope").is_null();
    assert_eq!(state(trades().index(on(&["ts"]).filter(predicate))), "42703");
    assert_eq!(state(trades().column("d", Type::Integer).default("x")), "42804");
    assert_eq!(state(trades().column("d", Type::SmallInt).default(40_000)), "22003");
    assert_eq!(state(trades().column("d", Type::Integer).generated_id()), "42804");
    assert_eq!(state(trades().column("d", Type::Text).default_current_timestamp()), "42804");
    assert_eq!(state(trades().column("d", Type::Date).collate(Collation::RTrim)), "42804");
    assert_eq!(state(trades().column("d", Type::Timestamp { precision: 10 })), "22023");
    assert_eq!(state(trades().column("", Type::Text)), "42602");
    assert_eq!(state(trades().column("x".repeat(256), Type::Text)), "42622");
    assert_eq!(state(trades().check("c", column("price"))), "42804");
    assert_eq!(state(trades().check("c", column("nope").is_null())), "42703");
    let positive = || column("price").greater(0);
    assert_eq!(state(trades().check("c", positive()).check("C", positive())), "42710");
    let nothing = IndexDefinition::on("i", [crate::expression::constant(Value::Null)]);
    assert_eq!(state(trades().index(nothing)), "42P17");
    let key = |columns: &[&str]| ForeignKey::on("k", columns.iter().copied(), "users");
    assert_eq!(state(trades().foreign_key(key(&["nope"]))), "42703");
    assert_eq!(state(trades().foreign_key(key(&["user_id", "user_id"]))), "42701");
    assert_eq!(state(trades().foreign_key(key(&["user_id"]).to(["a", "b"]))), "42830");
    assert_eq!(state(trades().foreign_key(key(&["user_id"])).check("K", positive())), "42710");
    assert_eq!(state(TableDefinition::builder("t")), "42P16");
    assert_eq!(state(TableDefinition::builder("t").not_null().column("a", Type::Text)), "42P16");
}

#[test]
fn limits_are_where_they_are_said_to_be() {
    let table = |count: usize| {
        let columns = 0..count;
        columns.fold(TableDefinition::builder("t"), |builder, number| {
            builder.column(format!("c{number}"), Type::Integer)
        })
    };
    let keyed = |count| {
        table(COLUMNS_MAX).primary_key((0..count).map(|number| format!("c{number}"))).build()
    };
    assert!(keyed(KEY_COLUMNS_MAX).is_ok());
    assert_eq!(keyed(KEY_COLUMNS_MAX + 1).expect_err("too many").sqlstate(), "54011");
    assert_eq!(table(COLUMNS_MAX + 1).build().expect_err("too many").sqlstate(), "54011");
}

fn columns() -> impl Strategy<Value = Vec<Column>> {
    let column = prop::sample::select(TYPES.to_vec()).prop_flat_map(|data_type| {
        let value = || of_type(data_type).prop_map(move |v| data_type.coerce(v).ok());
        let parts = (value(), value(), any::<bool>(), 0..4);
        parts.prop_map(move |(missing, constant, not_null, kind)| {
            let text = matches!(data_type, Type::Text | Type::Any);
            let default = match kind {
                0 => None,
                1 if data_type == Type::BigInt => Some(Default::GeneratedId),
                2 if data_type == Type::BigInt => Some(Default::Identity),
                3 if data_type == Type::BigInt => Some(Default::IdentityAlways),
                1 if data_type == Type::Date => Some(Default::CurrentTimestamp),
                _ => constant.filter(|v| !v.is_null()).map(Default::Constant),
            };
            Column {
                name: String::new(),
                data_type,
                not_null,
                default,
                collation: if text && not_null { Collation::NoCase } else { Collation::Binary },
                missing: missing.unwrap_or_default(),
            }
        })
    });
    prop::collection::vec(column, 2..8).prop_map(|mut columns| {
        for (number, column) in columns.iter_mut().enumerate() {
            column.name = format!("column {number}");
        }
        columns
    })
}

fn tables() -> impl Strategy<Value = TableDefinition> {
    let conditions = || crate::expression::tests::null_tests();
    let predicate = (prop::option::of(conditions()), conditions());
    let actions = prop::sample::select(Action::ALL.to_vec());
    let timing = prop::sample::select(Timing::ALL.to_vec());
    let keys =
        (actions.clone(), actions, timing).prop_map(|(on_delete, on_update, timing)| ForeignKey {
            name: "key".to_owned(),
            columns: vec![0],
            parent: "parent".to_owned(),
            parent_columns: if timing == Timing::Immediate { vec![] } else { vec!["p".into()] },
            on_delete,
            on_update,
            timing,
        });
    let keys = prop::collection::vec(keys, 0..2);
    let flags = (any::<u32>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (columns(), predicate, flags, keys).prop_map(|(mut columns, predicate, flags, keys)| {
        let (predicate, shown) = predicate;
        let (id, keyed, unique, global, descending) = flags;
        columns[0].not_null |= keyed;
        let columns_generate = columns[0].default.as_ref().is_some_and(Default::makes_ids);
        let index = IndexDefinition {
            id: id ^ 1,
            name: "index".to_owned(),
            columns: vec![
                IndexColumn { key: IndexKey::Column(1), descending, collation: Collation::Binary },
                IndexColumn {
                    key: IndexKey::Expression(shown.clone()),
                    descending: unique,
                    collation: Collation::Binary,
                },
            ],
            include: vec![0],
            unique,
            predicate,
            scope: if global { Scope::Global } else { Scope::Local },
        };
        let holds = columns.iter().map(|column| column.data_type);
        let holds = holds.zip((0_u16..).map(|at| (at % 3 != 1).then_some(at))).collect();
        TableDefinition {
            id,
            name: "table".to_owned(),
            layout: 9,
            earlier_layouts: vec![EarlierLayout { number: 8, columns: holds }],
            columns,
            primary_key: if keyed { PrimaryKey::Columns(vec![0]) } else { PrimaryKey::HiddenRowId },
            shard_key: if keyed { vec![1] } else { vec![] },
            indexes: if unique || global { vec![index] } else { vec![] },
            checks: vec![CheckConstraint { name: "check".to_owned(), condition: shown }],
            foreign_keys: if columns_generate { vec![] } else { keys },
            version: id,
        }
    })
}

proptest! {
    #[test]
    fn definitions_round_trip(table in tables()) {
        let bytes = table.encode().expect("valid");
        assert_eq!(TableDefinition::decode(&bytes).expect("just written"), table);
    }

    /// One wrong byte: refused as corrupt (or as a type of a later version), or read as another
    /// definition that meets all rules.
    #[test]
    fn damage_never_panics(table in tables(), at: prop::sample::Index, to: u8, cut: bool) {
        let mut bytes = table.encode().expect("valid");
        let at = at.index(bytes.len());
        bytes[at] = to;
        if cut {
            bytes.truncate(at);
        }
        match TableDefinition::decode(&bytes) {
            Ok(table) => table.check().expect("decode checks"),
            Err(error) => {
                assert!(error.kind() == ErrorKind::Corrupt || error.sqlstate() == "0A000");
            }
        }
    }

    #[test]
    fn garbage_never_panics(mut bytes: Vec<u8>) {
        bytes.insert(0, 2);
        assert!(TableDefinition::decode(&bytes).is_err());
        bytes[0] = 3;
        assert!(TableDefinition::decode(&bytes).is_err());
    }
}

/// The version of before layouts, whose rows name the number of their columns.
#[test]
fn version_2_is_read() {
    let table = trades().build().expect("valid");
    let bytes = table.encode().expect("valid");
    let length = u32::from_le_bytes(bytes[1..5].try_into().expect("four")) as usize;
    let mut before = vec![2];
    before.extend_from_slice(&bytes[5..5 + length]);
    let read = TableDefinition::decode(&before).expect("the version before");
    assert_eq!(usize::from(read.layout), table.columns.len());
    assert_eq!(read, table);
}

/// A predicate as deep as is allowed survives; a deeper one is refused before it is kept.
#[test]
fn deep_predicates_are_kept_up_to_the_limit() {
    let deep = |levels: usize| {
        let predicate = (1..levels).fold(column("price").is_null(), |inner, _| inner.opposite());
        trades().index(IndexDefinition::on("i", ["ts"]).filter(predicate)).build()
    };
    let table = deep(crate::expression::DEPTH_MAX).expect("valid");
    let bytes = table.encode().expect("valid");
    assert_eq!(TableDefinition::decode(&bytes).expect("just written"), table);
    assert_eq!(deep(crate::expression::DEPTH_MAX + 1).expect_err("deep").sqlstate(), "54001");
    let mut invalid = table;
    invalid.indexes[0].predicate =
        Some(Expression::IsNull(Box::new(Expression::Column(crate::expression::BoundColumn {
            position: 99,
            collation: Collation::Binary,
        }))));
    assert_eq!(invalid.encode().expect_err("no such column").sqlstate(), "42703");
    invalid.columns[4].missing = Value::from("text");
    assert_eq!(invalid.check().expect_err("no number").sqlstate(), "22P02");
}
