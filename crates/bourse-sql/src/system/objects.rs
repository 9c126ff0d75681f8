//! What there is, with the numbers by which catalogs speak of it.
//!
//! A number is made of what stays the same as long as the object is there, in this and in later
//! sessions: of a table and an index the store's own number, of everything else its name.
//!
//! ```text
//! FROM          WHAT                          PLUS
//! 0x0100_0000   tables                        the table's number
//! 0x0200_0000   primary keys' indexes         the table's number
//! 0x0300_0000   row types of tables           the table's number
//! 0x0400_0000   arrays of those               the table's number
//! 0x0500_0000   primary keys                  the table's number
//! 0x0600_0000   indexes                       the index's number
//! 0x0700_0000   unique constraints            the index's number
//! 0x1000_0000   by kind, 0x0100_0000 each     24 bits of a hash of kind and name
//! ```
//!
//! Invariants:
//! - **N1** No two objects have the same number: one whose number is taken gets the next free one.
//!   That it does may change when the other is dropped; 24 bits make it rare.
//! - **N2** All numbers lie above 16383, below which PostgreSQL's own are, and below 2^31.

use std::sync::Arc;

use bourse::schema::PrimaryKey;
use bourse::{IndexDefinition, View};
use hashbrown::{HashMap, HashSet};

use super::domains::checks_of_domains;
use super::relations::{self, INFORMATION_SCHEMA, PG_CATALOG};
use crate::catalog::{
    Catalog, ColumnEntry, DomainNote, PUBLIC, SequenceEntry, TableEntry, TypeEntry, ViewEntry,
};
use crate::define::constraint::MATCH_FULL;
use crate::types::{EnumType, SqlType};

const TABLES: u32 = 0x0100_0000;
const KEY_INDEXES: u32 = 0x0200_0000;
const ROW_TYPES: u32 = 0x0300_0000;
const ROW_ARRAYS: u32 = 0x0400_0000;
const KEYS: u32 = 0x0500_0000;
const INDEXES: u32 = 0x0600_0000;
const UNIQUES: u32 = 0x0700_0000;
const VIEWS: u32 = 0x1000_0000;
const SEQUENCES: u32 = 0x1100_0000;
const TYPES: u32 = 0x1200_0000;
const TYPE_ARRAYS: u32 = 0x1300_0000;
const SCHEMAS: u32 = 0x1400_0000;
const CONSTRAINTS: u32 = 0x1500_0000;
const DEFAULTS: u32 = 0x1600_0000;
const LABELS: u32 = 0x1700_0000;
const VIEW_TYPES: u32 = 0x1800_0000;
const RULES: u32 = 0x1900_0000;

/// The number of `pg_catalog`.
pub(crate) const PG_CATALOG_NUMBER: u32 = 11;
/// The number of `public`.
pub(crate) const PUBLIC_NUMBER: u32 = 2200;
/// The number of `information_schema`, as recorded.
pub(crate) const INFORMATION_SCHEMA_NUMBER: u32 = 13207;

/// A relation.
#[derive(Clone)]
pub(crate) struct Class {
    pub(crate) oid: u32,
    pub(crate) namespace: u32,
    pub(crate) name: String,
    /// The type of its rows; 0 for none.
    pub(crate) row_type: u32,
    pub(crate) row_array: u32,
    pub(crate) what: What,
}

/// What a relation is.
#[derive(Clone)]
pub(crate) enum What {
    Table(Arc<TableEntry>),
    View(Arc<ViewEntry>),
    Aggregate(View),
    Sequence(Arc<SequenceEntry>),
    /// An index of a table, by position; of its primary key without one.
    Index(Arc<TableEntry>, Option<usize>),
    /// One that describes the store.
    System(&'static relations::Relation),
}

impl Class {
    /// What is kept about it if it is a materialized view that SQL has made.
    pub(crate) fn materialized(&self) -> Option<&crate::catalog::ViewNote> {
        match &self.what {
            What::Table(table) => table.note.materialized.as_deref(),
            What::View(view) => Some(&view.note).filter(|note| note.materialized.is_some()),
            _ => None,
        }
    }

    /// The letter of `relkind`.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.what {
            What::Table(table) if table.note.materialized.is_some() => "m",
            What::View(view) if view.note.materialized.is_some() => "m",
            What::Table(_) => "r",
            What::View(_) => "v",
            What::Aggregate(_) => "m",
            What::Sequence(_) => "S",
            What::Index(..) => "i",
            What::System(relation) => {
                if relation.is_view {
                    "v"
                } else {
                    "r"
                }
            }
        }
    }
}

/// A type that a user has made.
pub(crate) struct UserType {
    pub(crate) oid: u32,
    pub(crate) array: u32,
    pub(crate) namespace: u32,
    pub(crate) name: String,
    pub(crate) what: UserTypeKind,
}

/// What such a type is.
pub(crate) enum UserTypeKind {
    Enum(Arc<EnumType>),
    Domain(SqlType, Arc<DomainNote>),
}

/// A constraint of a table.
pub(crate) struct Constraint {
    pub(crate) oid: u32,
    pub(crate) name: String,
    pub(crate) namespace: u32,
    pub(crate) table: u32,
    /// The domain whose it is, if it is no table's.
    pub(crate) domain: u32,
    /// Its index, or that of the key that it refers to.
    pub(crate) index: u32,
    pub(crate) what: ConstraintKind,
}

/// Which constraint of its table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ConstraintKind {
    Primary,
    Unique(usize),
    Check(usize),
    Foreign(usize),
    /// A CHECK of a domain.
    Domain(usize),
}

/// Everything that has a number.
pub(crate) struct Objects {
    /// Schemas: number and name.
    pub(crate) namespaces: Vec<(u32, String)>,
    pub(crate) classes: Vec<Class>,
    pub(crate) types: Vec<UserType>,
    pub(crate) constraints: Vec<Constraint>,
    /// Labels of enumerated types: number, type, place, label.
    pub(crate) labels: Vec<(u32, u32, usize, String)>,
    by_oid: HashMap<u32, usize>,
    by_name: HashMap<(u32, String), usize>,
    by_row_type: HashMap<u32, usize>,
}

/// Gives numbers.
struct Numbers(HashSet<u32>);

impl Numbers {
    /// The number, or the next free one (N1).
    fn claim(&mut self, wanted: u32) -> u32 {
        let mut number = wanted;
        while !self.0.insert(number) {
            number += 1;
        }
        number
    }

    fn named(&mut self, kind: u32, name: &str) -> u32 {
        self.claim(kind + hash(name))
    }
}

/// 24 bits of a name (FNV-1a, folded): the same on every machine and in every version.
fn hash(name: &str) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
    }
    u32::try_from((hash ^ hash >> 24 ^ hash >> 48) & 0x00ff_ffff).unwrap_or(0)
}

/// Numbers of the defaults of a table's columns.
pub(crate) fn default_number(table: u32, column: usize) -> u32 {
    DEFAULTS + hash(&format!("{table}.{column}"))
}

/// The number of the rule by which a view is read.
pub(crate) fn rule_number(view: u32) -> u32 {
    RULES + (view & 0x00ff_ffff)
}

impl Objects {
    /// What the definitions say.
    pub(super) fn of(catalog: &Catalog) -> Objects {
        let mut objects = Objects {
            namespaces: vec![
                (PG_CATALOG_NUMBER, PG_CATALOG.to_owned()),
                (99, "pg_toast".to_owned()),
                (INFORMATION_SCHEMA_NUMBER, INFORMATION_SCHEMA.to_owned()),
            ],
            classes: Vec::new(),
            types: Vec::new(),
            constraints: Vec::new(),
            labels: Vec::new(),
            by_oid: HashMap::new(),
            by_name: HashMap::new(),
            by_row_type: HashMap::new(),
        };
        let mut numbers = Numbers(HashSet::new());
        for schema in catalog.schemas() {
            let is_public = schema == PUBLIC;
            let number = if is_public { PUBLIC_NUMBER } else { numbers.named(SCHEMAS, schema) };
            objects.namespaces.push((number, schema.clone()));
        }
        objects.add_types(catalog, &mut numbers);
        objects.add_system();
        for table in catalog.tables() {
            objects.add_table(table, &mut numbers);
        }
        objects.add_named(catalog, &mut numbers);
        objects.index();
        objects.add_constraints(catalog, &mut numbers);
        objects
    }

    fn index(&mut self) {
        for (at, class) in self.classes.iter().enumerate() {
            self.by_oid.insert(class.oid, at);
            self.by_name.insert((class.namespace, class.name.to_ascii_lowercase()), at);
            if class.row_type != 0 {
                self.by_row_type.insert(class.row_type, at);
                self.by_row_type.insert(class.row_array, at);
            }
        }
        self.by_row_type.remove(&0);
    }

    /// The number of a schema.
    pub(crate) fn namespace(&self, name: &str) -> Option<u32> {
        let mut found = self.namespaces.iter();
        found.find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(oid, _)| *oid)
    }

    /// The name of a schema.
    pub(crate) fn namespace_name(&self, oid: u32) -> &str {
        self.namespaces.iter().find(|(known, _)| *known == oid).map_or("", |(_, name)| name)
    }

    /// The relation of a number.
    pub(crate) fn class(&self, oid: u32) -> Option<&Class> {
        self.by_oid.get(&oid).map(|at| &self.classes[*at])
    }

    /// The relation of a name in a schema.
    pub(crate) fn class_named(&self, namespace: u32, name: &str) -> Option<&Class> {
        let at = self.by_name.get(&(namespace, name.to_ascii_lowercase()))?;
        Some(&self.classes[*at])
    }

    /// The relation whose rows, or arrays of them, are of a type.
    pub(crate) fn class_of_row_type(&self, oid: u32) -> Option<&Class> {
        self.by_row_type.get(&oid).map(|at| &self.classes[*at])
    }

    /// The constraint of a relation that has a name.
    pub(crate) fn constraint(&self, table: u32, name: &str) -> Option<&Constraint> {
        self.constraints.iter().find(|known| known.table == table && known.name == name)
    }

    /// The relation that a table of the store is.
    pub(crate) fn class_of_table(&self, store_name: &str) -> Option<&Class> {
        let (schema, name) = crate::catalog::split_store_name(store_name);
        self.class_named(self.namespace(schema)?, name)
    }

    fn add_types(&mut self, catalog: &Catalog, numbers: &mut Numbers) {
        for (schema, name, entry) in catalog.user_types() {
            let full = format!("{schema}.{name}");
            let oid = numbers.named(TYPES, &full);
            let array = numbers.named(TYPE_ARRAYS, &full);
            let (name, what) = match entry {
                TypeEntry::Enum(ty) => (ty.name.clone(), UserTypeKind::Enum(Arc::clone(ty))),
                TypeEntry::Domain(base, note) => {
                    (name.to_owned(), UserTypeKind::Domain(base.clone(), Arc::clone(note)))
                }
            };
            if let UserTypeKind::Enum(ty) = &what {
                for (place, label) in ty.labels.iter().enumerate() {
                    let number = numbers.named(LABELS, &format!("{full}.{label}"));
                    self.labels.push((number, oid, place, label.clone()));
                }
            }
            let namespace = self.namespace(schema).unwrap_or(PUBLIC_NUMBER);
            self.types.push(UserType { oid, array, namespace, name, what });
        }
    }

    fn add_system(&mut self) {
        for relation in relations::all() {
            self.classes.push(Class {
                oid: relation.oid,
                namespace: match relation.schema {
                    PG_CATALOG => PG_CATALOG_NUMBER,
                    _ => INFORMATION_SCHEMA_NUMBER,
                },
                name: relation.name.to_owned(),
                row_type: relation.row_type,
                row_array: 0,
                what: What::System(relation),
            });
        }
    }

    fn add_table(&mut self, table: &Arc<TableEntry>, numbers: &mut Numbers) {
        let id = table.table.id();
        let namespace = self.namespace(&table.schema).unwrap_or(PUBLIC_NUMBER);
        self.classes.push(Class {
            oid: numbers.claim(TABLES + id),
            namespace,
            name: table.name.clone(),
            row_type: numbers.claim(ROW_TYPES + id),
            row_array: numbers.claim(ROW_ARRAYS + id),
            what: What::Table(Arc::clone(table)),
        });
        let definition = table.table.definition();
        let mut index = |oid: u32, name: String, at: Option<usize>| {
            let what = What::Index(Arc::clone(table), at);
            self.classes.push(Class { oid, namespace, name, row_type: 0, row_array: 0, what });
        };
        if matches!(definition.primary_key, PrimaryKey::Columns(_)) {
            let oid = numbers.claim(KEY_INDEXES + id);
            index(oid, table.key_name(), None);
        }
        for (at, definition) in definition.indexes.iter().enumerate() {
            index(numbers.claim(INDEXES + definition.id), definition.name.clone(), Some(at));
        }
    }

    fn add_named(&mut self, catalog: &Catalog, numbers: &mut Numbers) {
        let mut add = |objects: &mut Objects, kind: u32, schema: &str, name: &str, what: What| {
            let full = format!("{schema}.{name}");
            let has_rows = kind == VIEWS;
            let oid = numbers.named(kind, &full);
            let row_type = if has_rows { numbers.named(VIEW_TYPES, &full) } else { 0 };
            objects.classes.push(Class {
                oid,
                namespace: objects.namespace(schema).unwrap_or(PUBLIC_NUMBER),
                name: name.to_owned(),
                row_type,
                row_array: 0,
                what,
            });
        };
        for view in catalog.views() {
            add(self, VIEWS, &view.schema, &view.name, What::View(Arc::clone(view)));
        }
        for view in catalog.aggregate_views() {
            add(self, VIEWS, PUBLIC, view.name(), What::Aggregate(view.clone()));
        }
        for sequence in catalog.sequences() {
            let what = What::Sequence(Arc::clone(sequence));
            add(self, SEQUENCES, &sequence.schema, &sequence.name, what);
        }
    }

    fn add_constraints(&mut self, catalog: &Catalog, numbers: &mut Numbers) {
        let mut made = Vec::new();
        for table in catalog.tables() {
            let Some(class) = self.class_of_table(table.table.name()) else { continue };
            let (id, oid, namespace) = (table.table.id(), class.oid, class.namespace);
            let index_of = |name: &str| self.class_named(namespace, name).map_or(0, |c| c.oid);
            let mut add = |oid_of: u32, name: String, index: u32, what: ConstraintKind| {
                let constraint =
                    Constraint { oid: oid_of, name, namespace, table: oid, domain: 0, index, what };
                made.push(constraint);
            };
            let definition = table.table.definition();
            if matches!(definition.primary_key, PrimaryKey::Columns(_)) {
                let name = table.key_name();
                let index = index_of(&name);
                add(numbers.claim(KEYS + id), name, index, ConstraintKind::Primary);
            }
            let added = table.added_primary_key();
            for (at, index) in definition.indexes.iter().enumerate() {
                if added == Some(at) {
                    let number = numbers.claim(UNIQUES + index.id);
                    let of = index_of(&index.name);
                    add(number, index.name.clone(), of, ConstraintKind::Primary);
                } else if is_constraint(index) || table.note.has_unique(&index.name) {
                    let number = numbers.claim(UNIQUES + index.id);
                    let of = index_of(&index.name);
                    add(number, index.name.clone(), of, ConstraintKind::Unique(at));
                }
            }
            let of_domains = checks_of_domains(catalog, table);
            for (at, check) in definition.checks.iter().enumerate() {
                if of_domains.contains(&at) || check.name.ends_with(MATCH_FULL) {
                    continue;
                }
                let number = numbers.named(CONSTRAINTS, &format!("{oid}.{}", check.name));
                add(number, check.name.clone(), 0, ConstraintKind::Check(at));
            }
            for (at, key) in definition.foreign_keys.iter().enumerate() {
                let number = numbers.named(CONSTRAINTS, &format!("{oid}.{}", key.name));
                let index = self.index_of_key(catalog, key);
                add(number, key.name.clone(), index, ConstraintKind::Foreign(at));
            }
        }
        for ty in &self.types {
            let UserTypeKind::Domain(_, note) = &ty.what else { continue };
            for (at, (name, _)) in note.checks.iter().enumerate() {
                made.push(Constraint {
                    oid: numbers.named(CONSTRAINTS, &format!("{}.{name}", ty.oid)),
                    name: name.clone(),
                    namespace: ty.namespace,
                    table: 0,
                    domain: ty.oid,
                    index: 0,
                    what: ConstraintKind::Domain(at),
                });
            }
        }
        self.constraints = made;
    }

    /// The index of the key that a foreign key refers to.
    fn index_of_key(&self, catalog: &Catalog, key: &bourse::ForeignKey) -> u32 {
        let Some(parent) = catalog.table_of_store(&key.parent) else { return 0 };
        let definition = parent.table.definition();
        let columns = parent_columns(parent, key);
        let Some(namespace) = self.namespace(&parent.schema) else { return 0 };
        let name = match &definition.primary_key {
            PrimaryKey::Columns(positions) if *positions == columns => Some(parent.key_name()),
            _ => {
                let mut unique = definition.indexes.iter().filter(|index| index.unique);
                let found = unique.find(|index| {
                    let of_index = index.columns.iter().map(|column| column.column());
                    of_index.eq(columns.iter().map(|column| Some(*column)))
                });
                found.map(|index| index.name.clone())
            }
        };
        name.and_then(|name| self.class_named(namespace, &name)).map_or(0, |class| class.oid)
    }
}

/// Positions of the columns that a foreign key refers to.
pub(crate) fn parent_columns(parent: &TableEntry, key: &bourse::ForeignKey) -> Vec<u16> {
    let definition = parent.table.definition();
    if key.parent_columns.is_empty() {
        return definition.primary_key_positions().to_vec();
    }
    key.parent_columns.iter().filter_map(|name| definition.position(name).ok()).collect()
}

/// Whether a unique index goes for a UNIQUE constraint: the store does not tell them apart, so
/// that one over plain columns, ascending, of all rows does whose name says so. Those of other
/// names are in the note of their table.
pub(crate) fn is_constraint(index: &IndexDefinition) -> bool {
    index.unique
        && index.predicate.is_none()
        && index.include.is_empty()
        && index.columns.iter().all(|column| column.column().is_some() && !column.descending)
        && is_name_of_unique(&index.name)
}

/// The endings that PostgreSQL, Django and SQLAlchemy give to names of UNIQUE constraints.
pub(crate) fn is_name_of_unique(name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    stem.ends_with("_key")
        || stem.ends_with("_uniq")
        || stem.ends_with("_unique")
        || stem.ends_with("_uq")
        || name.starts_with("uq_")
        || name.starts_with("sqlite_autoindex")
}

/// A column's domain, if it was declared with one.
pub(crate) fn domain_of<'o>(objects: &'o Objects, column: &ColumnEntry) -> Option<&'o UserType> {
    let declared = column.note.declared.as_deref()?;
    let name = declared.rsplit('.').next().unwrap_or(declared).trim_matches('"');
    let mut types = objects.types.iter();
    types.find(|ty| {
        matches!(ty.what, UserTypeKind::Domain(..)) && ty.name.eq_ignore_ascii_case(name)
    })
}
