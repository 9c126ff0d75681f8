//! The algebra against arithmetic of another making: `num-bigint`, sorted lists, and values worked
//! out by hand.

use std::collections::BTreeMap;

use super::{
    Aggregate, AggregateFunction, ChangeMultiset, End, LostEnd, MultisetChange, Multisets, Shape,
    Sign, State,
};
use crate::expression::Expression;
use crate::schema::TableDefinition;
use crate::value::{Collation, Type, Value, ValueRef};
use crate::{Error, Result};

mod aggregates;
mod damage;
mod exact;
mod histories;

/// A table with a column of every type that aggregates treat differently.
fn table() -> TableDefinition {
    TableDefinition::builder("t")
        .column("small", Type::SmallInt)
        .column("whole", Type::Integer)
        .column("big", Type::BigInt)
        .column("real", Type::Real)
        .column("double", Type::Double)
        .column("money", Type::Decimal { precision: 38, scale: 20 })
        .column("free", Type::DECIMAL)
        .column("text", Type::Text)
        .collate(Collation::NoCase)
        .column("day", Type::Date)
        .column("at", Type::TIMESTAMP)
        .column("id", Type::Uuid)
        .column("any", Type::Any)
        .column("flag", Type::Boolean)
        .column("json", Type::Json)
        .build()
        .expect("a valid table")
}

/// The shape of aggregates over [`table`].
fn shape(aggregates: Vec<Aggregate<String>>) -> Result<Shape> {
    let table = table();
    let bound = aggregates.into_iter().map(|aggregate| aggregate.bind(&table));
    Shape::new(&bound.collect::<Result<Vec<_>>>()?, &table.columns)
}

fn aggregate(function: AggregateFunction<String>) -> Aggregate<String> {
    Aggregate::new(function.sql(), function)
}

/// The auxiliary tree of one group: for each multiset its keys, with count and payload.
#[derive(Clone, Default, Debug)]
struct Trees(BTreeMap<u16, Tree>);

type Tree = BTreeMap<Vec<u8>, (u64, Vec<u8>)>;

impl Trees {
    fn change(&mut self, change: MultisetChange<'_>) -> Result<u64> {
        let tree = self.0.entry(change.multiset).or_default();
        let entry = tree.entry(change.key.to_vec()).or_default();
        match change.sign {
            Sign::Add => entry.0 += 1,
            Sign::Remove => {
                let less = entry.0.checked_sub(1);
                entry.0 = less.ok_or_else(|| Error::corrupt("a key is not there"))?;
            }
        }
        entry.1 = change.payload.to_vec();
        let count = entry.0;
        tree.retain(|_, (count, _)| *count > 0);
        Ok(count)
    }

    fn merge(&mut self, other: &Trees) {
        for (multiset, tree) in &other.0 {
            for (key, (count, payload)) in tree {
                let entry = self.0.entry(*multiset).or_default().entry(key.clone()).or_default();
                *entry = (entry.0 + count, payload.clone());
            }
        }
    }
}

impl Multisets for Trees {
    fn distinct(&mut self, multiset: u16) -> Result<u64> {
        Ok(self.0.get(&multiset).map_or(0, BTreeMap::len) as u64)
    }

    fn each(&mut self, multiset: u16, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.0.get(&multiset).into_iter().flatten().try_for_each(|(key, _)| each(key))
    }

    fn at(&mut self, multiset: u16, mut place: u64, key: &mut Vec<u8>) -> Result<()> {
        for (found, (count, _)) in self.0.get(&multiset).into_iter().flatten() {
            if place < *count {
                key.clone_from(found);
                return Ok(());
            }
            place -= count;
        }
        Err(Error::corrupt("a multiset is shorter than its count"))
    }
}

/// A group: its state and its auxiliary tree, and rows by column for the expressions.
struct Group<'s> {
    shape: &'s Shape,
    state: State,
    trees: Trees,
}

impl<'s> Group<'s> {
    fn new(shape: &'s Shape) -> Group<'s> {
        Group { shape, state: shape.new_state(), trees: Trees::default() }
    }

    /// Changes it by a row, whose number is its primary key, and restores what is lost, as the
    /// upkeep of a view does.
    fn change(&mut self, sign: Sign, number: u32, row: &[Value]) -> Result<()> {
        let arguments = evaluate(self.shape.arguments(), row)?;
        let arguments: Vec<ValueRef<'_>> = arguments.iter().map(Value::as_value).collect();
        let (trees, key) = (&mut self.trees, number.to_be_bytes());
        let ((longest, _), mut seen) = (self.shape.check(&arguments, &key)?, 0);
        let change: &mut ChangeMultiset<'_> = &mut |change| {
            seen = seen.max(change.key.len());
            trees.change(change)
        };
        self.shape.change(&mut self.state, sign, &arguments, &key, change)?;
        assert_eq!(seen, longest, "the longest key is known before");
        while let Some(lost) = self.shape.lost_end(&self.state) {
            let LostEnd { multiset, end, .. } = lost;
            let tree = self.trees.0.entry(multiset).or_default();
            let entry = match end {
                End::First => tree.first_key_value(),
                End::Last => tree.last_key_value(),
            };
            let entry = entry.map(|(key, (_, payload))| (key.as_slice(), payload.as_slice()));
            self.shape.set_end(&mut self.state, lost, entry);
        }
        Ok(())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.shape.encode(&self.state, &mut bytes);
        bytes
    }

    fn read(&mut self) -> Result<Vec<Value>> {
        self.shape.read(&self.state, &mut self.trees)
    }
}

fn evaluate(expressions: &[Expression], row: &[Value]) -> Result<Vec<Value>> {
    let table = table();
    let types: Vec<Type> = table.columns.iter().map(|column| column.data_type).collect();
    let layout = crate::row::RowLayout::new(&types);
    let values: Vec<ValueRef<'_>> = row.iter().map(Value::as_value).collect();
    let mut bytes = Vec::new();
    layout.encode(&values, &mut bytes)?;
    let row = layout.row(&bytes)?;
    expressions.iter().map(|expression| expression.value(&row)).collect()
}
