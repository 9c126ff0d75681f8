//! Random alterations of a table between random changes of its rows, against a model: all columns
//! of all rows, whenever they were written, from the newest state, from Cuts of before and after a
//! reopen; and `check` finds nothing.

use std::collections::BTreeMap;

use bourse::schema::{Column, Default};
use bourse::{
    Alteration, Cut, Database, Decimal, IndexDefinition, Order, Range, Table, TableDefinition,
    Truncate, Type, Value,
};
use bourse_storage::vfs::sim::SimVfs;
use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

use crate::expect::options_on;

/// The table as it should be.
#[derive(Clone, Default, Debug)]
struct Model {
    /// Names and types of the columns behind the key.
    columns: Vec<(String, Type)>,
    rows: BTreeMap<i64, Vec<Value>>,
}

/// What is done. Columns are chosen by a number modulo their count.
#[derive(Clone, Debug)]
enum Step {
    Put(i64, i16),
    Update(i64, usize, i16),
    Delete(i64),
    Add(usize, i16),
    Drop(usize),
    Rename(usize),
    Widen(usize),
    Convert(usize),
    Index(usize, u8),
    Truncate,
    KeepCut,
    Checkpoint,
    Reopen,
}

const CENTS: Type = Type::Decimal { precision: 8, scale: 2 };
const TYPES: [Type; 6] = [
    Type::SmallInt,
    Type::Integer,
    Type::Real,
    CENTS,
    Type::Text,
    Type::Timestamp { precision: 3 },
];

fn step() -> impl Strategy<Value = Step> {
    let id = || 0..24_i64;
    let at = any::<usize>;
    prop_oneof![
        8 => (id(), any::<i16>()).prop_map(|(id, seed)| Step::Put(id, seed)),
        4 => (id(), at(), any::<i16>()).prop_map(|(id, at, seed)| Step::Update(id, at, seed)),
        2 => id().prop_map(Step::Delete),
        3 => (at(), any::<i16>()).prop_map(|(at, seed)| Step::Add(at, seed)),
        2 => at().prop_map(Step::Drop),
        1 => at().prop_map(Step::Rename),
        3 => at().prop_map(Step::Widen),
        1 => at().prop_map(Step::Convert),
        2 => (at(), 0..3_u8).prop_map(|(at, kind)| Step::Index(at, kind)),
        1 => proptest::strategy::Just(Step::Truncate),
        2 => proptest::strategy::Just(Step::KeepCut),
        1 => proptest::strategy::Just(Step::Checkpoint),
        1 => proptest::strategy::Just(Step::Reopen),
    ]
}

/// A value of a type that a seed names; NULL now and then.
fn value(data_type: Type, seed: i16) -> Value {
    if seed % 7 == 0 {
        return Value::Null;
    }
    match data_type {
        Type::SmallInt | Type::Integer | Type::BigInt => i64::from(seed).into(),
        Type::Real => Value::Real(f32::from(seed) / 8.0),
        Type::Double => Value::Double(f64::from(seed) / 8.0),
        Type::Decimal { .. } => Value::Decimal(Decimal::new(i128::from(seed), 2).unwrap()),
        Type::Timestamp { .. } => Value::Timestamp(i64::from(seed) * 1_000_000_000),
        _ => Value::from(format!("text {seed}")),
    }
}

/// The next wider type, if there is one.
fn wider(data_type: Type) -> Option<Type> {
    Some(match data_type {
        Type::SmallInt => Type::Integer,
        Type::Integer => Type::BigInt,
        Type::Real => Type::Double,
        Type::Decimal { precision: 8, scale } => Type::Decimal { precision: 12, scale },
        Type::Decimal { precision: 12, scale } => Type::Decimal { precision: 30, scale },
        Type::Timestamp { precision: 3 } => Type::Timestamp { precision: 9 },
        _ => return None,
    })
}

/// A value of before as one of the wider type.
fn widened(value: Value, to: Type) -> Value {
    match (value, to) {
        (Value::Real(number), Type::Double) => Value::Double(f64::from(number)),
        (value, _) => value,
    }
}

fn scan(cut: &Cut, table: &Table) -> Vec<Vec<Value>> {
    let rows = cut.scan(table, &Range::all(), Order::Ascending).unwrap();
    rows.map(|row| row.unwrap().values()).collect()
}

fn agree(cut: &Cut, model: &Model) {
    let table = cut.table("items").unwrap();
    let expected: Vec<Vec<Value>> = model
        .rows
        .iter()
        .map(|(id, row)| std::iter::once((*id).into()).chain(row.iter().cloned()).collect())
        .collect();
    assert_eq!(scan(cut, &table), expected);
    for index in &table.definition().indexes {
        let mut entries =
            cut.scan_index(&table, &index.name, &Range::all(), Order::Ascending).unwrap();
        let mut rows: Vec<Vec<Value>> =
            entries.fetch(usize::MAX).unwrap().iter().map(bourse::OwnedRow::values).collect();
        rows.sort_by_key(|row| format!("{:?}", row[0]));
        let mut expected = expected.clone();
        expected.sort_by_key(|row| format!("{:?}", row[0]));
        assert_eq!(rows, expected, "by index {}", index.name);
    }
}

struct World {
    store: Database,
    model: Model,
    /// Makes names unique.
    names: usize,
}

impl World {
    fn table(&self) -> Table {
        self.store.table("items").unwrap()
    }

    fn alter(&self, alteration: Alteration) {
        self.store.alter_table("items", &[alteration]).unwrap();
    }

    fn name(&mut self, what: &str) -> String {
        self.names += 1;
        format!("{what}{}", self.names)
    }

    fn change_row(&mut self, step: &Step) {
        let types: Vec<Type> = self.model.columns.iter().map(|column| column.1).collect();
        match *step {
            Step::Put(id, seed) => {
                let seeds = (0_i16..).map(|at| seed.wrapping_add(at));
                let row: Vec<Value> = types.iter().zip(seeds).map(|(t, s)| value(*t, s)).collect();
                let whole = std::iter::once(id.into()).chain(row.iter().cloned()).collect();
                let replaced = self.store.upsert(&self.table(), whole).unwrap();
                assert_eq!(replaced, self.model.rows.insert(id, row).is_some());
            }
            Step::Update(id, at, seed) if !types.is_empty() => {
                let at = at % types.len();
                let new = value(types[at], seed);
                let changes = [(self.model.columns[at].0.as_str(), new.clone())];
                let found = self.store.update(&self.table(), &[id.into()], &changes).unwrap();
                let row = self.model.rows.get_mut(&id);
                assert_eq!(found, row.is_some());
                row.into_iter().for_each(|row| row[at] = new.clone());
            }
            Step::Delete(id) => {
                let found = self.store.delete(&self.table(), &[id.into()]).unwrap();
                assert_eq!(found, self.model.rows.remove(&id).is_some());
            }
            _ => {}
        }
    }

    fn add(&mut self, kind: usize, seed: i16) {
        let data_type = TYPES[kind % TYPES.len()];
        let default = value(data_type, seed);
        let name = self.name("column");
        let column = Column {
            not_null: false,
            default: Some(Default::Constant(default.clone())),
            ..Column::new(name.clone(), data_type)
        };
        self.alter(Alteration::AddColumn(column));
        self.model.columns.push((name, data_type));
        self.model.rows.values_mut().for_each(|row| row.push(default.clone()));
    }

    fn change_column(&mut self, step: &Step, at: usize) {
        let (name, data_type) = self.model.columns[at].clone();
        match *step {
            Step::Drop(_) => {
                self.alter(Alteration::DropColumnCascade(name));
                self.model.columns.remove(at);
                self.model.rows.values_mut().for_each(|row| drop(row.remove(at)));
            }
            Step::Rename(_) => {
                let to = self.name("renamed");
                self.alter(Alteration::RenameColumn { from: name, to: to.clone() });
                self.model.columns[at].0 = to;
            }
            Step::Widen(_) => {
                let Some(to) = wider(data_type) else { return };
                self.alter(Alteration::SetType { column: name, data_type: to });
                self.model.columns[at].1 = to;
                for row in self.model.rows.values_mut() {
                    row[at] = widened(std::mem::take(&mut row[at]), to);
                }
            }
            // All rows are written anew.
            Step::Convert(_) if matches!(data_type, Type::SmallInt | Type::Integer) => {
                // A number is no text that the column would take as its DEFAULT.
                let steps = [
                    Alteration::DropDefault(name.clone()),
                    Alteration::SetType { column: name, data_type: Type::Text },
                ];
                self.store.alter_table("items", &steps).unwrap();
                self.model.columns[at].1 = Type::Text;
                for row in self.model.rows.values_mut() {
                    if let Value::Integer(number) = row[at] {
                        row[at] = number.to_string().into();
                    }
                }
            }
            Step::Index(_, kind) => {
                let other = self.model.columns[(at + 1) % self.model.columns.len()].0.clone();
                let index = IndexDefinition::on(self.name("index"), [name.as_str()]);
                let index = match kind {
                    0 => index,
                    1 => index.global(),
                    _ if other != name => index.include([other]),
                    _ => index,
                };
                self.store.create_index("items", index).unwrap();
            }
            _ => {}
        }
    }
}

fn run(steps: &[Step]) {
    let disk = SimVfs::new(1);
    let store = Database::open("/store", options_on(&disk)).unwrap();
    let definition = TableDefinition::builder("items")
        .column("id", Type::BigInt)
        .column("first", Type::SmallInt)
        .primary_key(["id"])
        .build()
        .unwrap();
    store.create_table(&definition).unwrap();
    let columns = vec![("first".to_owned(), Type::SmallInt)];
    let model = Model { columns, ..Model::default() };
    let mut world = World { store, model, names: 0 };
    let mut kept: Vec<(Cut, Model)> = Vec::new();
    for step in steps {
        let count = world.model.columns.len();
        match *step {
            Step::Put(..) | Step::Update(..) | Step::Delete(_) => world.change_row(step),
            Step::Add(kind, seed) => world.add(kind, seed),
            Step::Drop(at)
            | Step::Rename(at)
            | Step::Widen(at)
            | Step::Convert(at)
            | Step::Index(at, _) => {
                if count > 0 {
                    world.change_column(step, at % count);
                }
            }
            Step::Truncate => {
                world.store.truncate(&Truncate::of(["items"])).unwrap();
                world.model.rows.clear();
            }
            Step::KeepCut => kept.push((world.store.cut(), world.model.clone())),
            Step::Checkpoint => world.store.checkpoint().unwrap(),
            Step::Reopen => {
                kept.drain(..).for_each(|(cut, then)| agree(&cut, &then));
                drop(world.store);
                world.store = Database::open("/store", options_on(&disk)).unwrap();
            }
        }
        agree(&world.store.cut(), &world.model);
    }
    kept.iter().for_each(|(cut, then)| agree(cut, then));
    let report = world.store.check(&mut |_| ()).unwrap();
    assert!(report.is_sound(), "{:#?}", report.findings);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn rows_of_any_time_are_what_the_model_has(steps in prop::collection::vec(step(), 1..40)) {
        run(&steps);
    }
}
