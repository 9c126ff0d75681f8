//! The definitions of a moment, compiled for use.
//!
//! They live in a tree under every shard's root ([`crate::shard::DEFINITIONS`]), the same in each,
//! and change only by records that contain definitions. A [`Catalog`] is that tree read and
//! compiled; every Cut and every shard's head carries the one that belongs to it.
//!
//! ```text
//! KEY                       VALUE
//! 0                         u64 version, u32 next object number
//! 1, u32 table (big-endian) u32 forwarding tree or 0, encoded TableDefinition
//! 2                         shard map
//! 3, u32 (big-endian)       u8 1 for an index, 2 for a view; u32 table: it is being built
//! 4, u32 view (big-endian)  encoded view, with its table and its trees
//! 5, u32 feed (big-endian)  encoded feed (see `crate::feed::definition`)
//! 7, u32 table (big-endian)  which of its rows have expired (see `crate::expiry`)
//! 6, u32 table, u64 version of the definitions (big-endian)
//!                           as for key 1: the table from that version on, kept while it has feeds
//! ```

use std::sync::Arc;

use bourse_storage::{Error, Result};
use hashbrown::HashMap;

use crate::core::Core;
use crate::expiry::Expiry;
use crate::feed::{Source, StoredFeed};
use crate::foreign_key::Reference;
use crate::index::IndexInfo;
use crate::key::{self, KeyColumn, KeyReader};
use crate::lookup;
use crate::row::RowLayout;
use crate::schema::{Default, ForeignKeyInfo, PrimaryKey, TableDefinition, resolve};
use crate::shard::FIRST_OBJECT;
use crate::shard::map::{ShardMap, Slot};
use crate::value::{Type, Value, ValueRef};
use crate::view::{NumberedView, ViewInfo};

/// Key of the version entry.
pub(crate) const KEY_VERSION: &[u8] = &[0];
/// Key of the shard map.
pub(crate) const KEY_MAP: &[u8] = &[2];

/// Key of a table's definition.
pub(crate) fn table_key(id: u32) -> Vec<u8> {
    let mut key = vec![1];
    key.extend_from_slice(&id.to_be_bytes());
    key
}

/// Key of the mark of an index or a view under build.
pub(crate) fn build_key(object: u32) -> Vec<u8> {
    let mut key = vec![3];
    key.extend_from_slice(&object.to_be_bytes());
    key
}

/// Key of a view's definition.
pub(crate) fn view_key(view: u32) -> Vec<u8> {
    let mut key = vec![4];
    key.extend_from_slice(&view.to_be_bytes());
    key
}

/// Key of a feed's definition.
pub(crate) fn feed_key(feed: u32) -> Vec<u8> {
    let mut key = vec![5];
    key.extend_from_slice(&feed.to_be_bytes());
    key
}

/// Key of a table's definition as it is from a version of the definitions on.
pub(crate) fn past_table_key(table: u32, version: u64) -> Vec<u8> {
    let mut key = vec![6];
    key.extend_from_slice(&table.to_be_bytes());
    key.extend_from_slice(&version.to_be_bytes());
    key
}

/// Key of a table's expiry.
pub(crate) fn expiry_key(table: u32) -> Vec<u8> {
    let mut key = vec![7];
    key.extend_from_slice(&table.to_be_bytes());
    key
}

/// What can be under build.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Built {
    Index,
    View,
}

/// An index or a view under build.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Build {
    /// Its number.
    pub(crate) object: u32,
    /// Number of its table.
    pub(crate) table: u32,
    /// Which of the two it is.
    pub(crate) built: Built,
}

impl Build {
    /// Value of the mark.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut value = vec![match self.built {
            Built::Index => 1,
            Built::View => 2,
        }];
        value.extend_from_slice(&self.table.to_le_bytes());
        value
    }

    fn decode(key: &[u8], value: &[u8]) -> Result<Build> {
        let damaged = || Error::corrupt("the mark of a build is damaged");
        let object = u32::from_be_bytes(key.try_into().map_err(|_| damaged())?);
        let (built, table) = match value {
            [1, table @ ..] => (Built::Index, table),
            [2, table @ ..] => (Built::View, table),
            _ => return Err(damaged()),
        };
        let table = u32::from_le_bytes(table.try_into().map_err(|_| damaged())?);
        Ok(Build { object, table, built })
    }
}

/// How the row of a primary key is found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Routing {
    /// The primary key holds the shard key, at these of its positions.
    Key(Vec<usize>),
    /// The low ten bits of the id name the slot; where they do not, the shard that they name
    /// has a forwarding entry in this tree.
    Id { forwarding: u32 },
    /// The shard that the key's hash names has an entry in this tree, for every row.
    Directory { forwarding: u32 },
}

impl Routing {
    /// The tree of forwarding entries, 0 without one.
    pub(crate) fn forwarding(&self) -> u32 {
        match self {
            Routing::Key(_) => 0,
            Routing::Id { forwarding } | Routing::Directory { forwarding } => *forwarding,
        }
    }
}

/// What a table does with a primary key given by hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum GivenIds {
    /// It is a key like any other.
    Taken,
    /// The counter goes on behind it.
    Counted,
    /// It is refused.
    Refused,
}

/// A table's definition, compiled.
#[derive(Debug)]
pub(crate) struct TableInfo {
    /// The definition.
    pub(crate) definition: TableDefinition,
    /// Types of the columns.
    pub(crate) types: Vec<Type>,
    /// Layout of the rows.
    pub(crate) layout: RowLayout,
    /// Columns of the primary key; empty for a hidden rowid.
    pub(crate) key_columns: Vec<u16>,
    /// How the primary key is encoded.
    pub(crate) key_shape: Vec<KeyColumn>,
    /// How the shard key is encoded.
    shard_shape: Vec<KeyColumn>,
    /// How a row is found by its primary key.
    pub(crate) routing: Routing,
    /// The indexes.
    pub(crate) indexes: Vec<IndexInfo>,
    /// Whether ids are made by the store: the hidden rowid, or a generated key column.
    pub(crate) generates_ids: bool,
    /// What becomes of ids that are given by hand where the store makes them.
    pub(crate) given_ids: GivenIds,
    /// The foreign keys, in the order of the definition's.
    pub(crate) foreign_keys: Vec<ForeignKeyInfo>,
    /// The foreign keys that refer to this table.
    pub(crate) referenced_by: Vec<Reference>,
    /// The views over its rows, by number.
    pub(crate) views: Vec<Arc<ViewInfo>>,
    /// Whether a feed tells of its rows, so that records carry what they replace.
    pub(crate) has_feed: bool,
    /// Which rows have expired, if any do.
    pub(crate) expiry: Option<Expiry>,
}

impl TableInfo {
    /// Compiles a definition.
    pub(crate) fn new(definition: TableDefinition, forwarding: u32) -> Result<TableInfo> {
        let types: Vec<Type> = definition.columns.iter().map(|c| c.data_type).collect();
        let key_columns = definition.primary_key_positions().to_vec();
        let key_shape = definition.primary_key_columns();
        let routing = routing(&definition, &key_columns, &types, forwarding);
        let indexes = definition
            .indexes
            .iter()
            .map(|index| IndexInfo::new(&definition, index, &key_shape))
            .collect::<Result<Vec<_>>>()?;
        let default = match key_columns.as_slice() {
            [column] => definition.columns[usize::from(*column)].default.as_ref(),
            _ => None,
        };
        let generates_ids = definition.primary_key == PrimaryKey::HiddenRowId
            || default.is_some_and(Default::makes_ids);
        let given_ids = match default {
            Some(Default::Identity) => GivenIds::Counted,
            Some(Default::IdentityAlways) => GivenIds::Refused,
            _ => GivenIds::Taken,
        };
        Ok(TableInfo {
            layout: definition.row_layout(),
            shard_shape: definition.shard_key_columns(),
            types,
            key_columns,
            key_shape,
            routing,
            indexes,
            generates_ids,
            given_ids,
            foreign_keys: Vec::new(),
            referenced_by: Vec::new(),
            views: Vec::new(),
            has_feed: false,
            expiry: None,
            definition,
        })
    }

    /// Whether the rows are bound to those of other tables, or those to them.
    pub(crate) fn has_references(&self) -> bool {
        !(self.foreign_keys.is_empty() && self.referenced_by.is_empty())
    }

    /// Number of the table and of its tree.
    pub(crate) fn id(&self) -> u32 {
        self.definition.id
    }

    /// The slot of a row.
    pub(crate) fn slot_of_row(&self, values: &[Value]) -> Result<Slot> {
        if let [column] = self.definition.shard_key[..] {
            return self.slot_of_shard_key(&[values[usize::from(column)].as_value()]);
        }
        let columns = self.definition.shard_key.iter();
        let of_row: Vec<ValueRef<'_>> =
            columns.map(|column| values[usize::from(*column)].as_value()).collect();
        self.slot_of_shard_key(&of_row)
    }

    /// The slot of a shard key, its values in the order of the definition.
    pub(crate) fn slot_of_shard_key(&self, values: &[ValueRef<'_>]) -> Result<Slot> {
        if let ([shape], [ValueRef::Integer(id)]) = (&*self.shard_shape, values)
            && let Some(encoded) = key::plain_bigint(shape, *id)
        {
            return Ok(Slot::of_key(&encoded));
        }
        if values.len() != self.shard_shape.len() {
            return Err(Error::invalid(format!(
                "table {} is sharded by {} columns, {} values were given",
                self.definition.name,
                self.shard_shape.len(),
                values.len()
            ))
            .with_sqlstate("42601"));
        }
        let mut encoded = Vec::with_capacity(32);
        key::encode_key(&self.shard_shape, values, &mut encoded)?;
        Ok(Slot::of_key(&encoded))
    }

    /// The slot that a primary key names by itself: the row's own for [`Routing::Key`], the one
    /// where lookup and uniqueness look for the others.
    pub(crate) fn slot_of_key(&self, values: &[ValueRef<'_>], encoded: &[u8]) -> Result<Slot> {
        match &self.routing {
            Routing::Key(positions)
                if positions[..] == [0] && self.key_shape[0].is_plain_bigint() =>
            {
                Ok(Slot::of_key(&encoded[..encoded.len().min(size_of::<i64>())]))
            }
            Routing::Key(positions) if is_prefix(positions) => {
                // The key's first components are the shard key's bytes already.
                let mut reader = KeyReader::new(&self.key_shape, encoded);
                for _ in positions {
                    reader.skip()?;
                }
                Ok(Slot::of_key(&encoded[..encoded.len() - reader.remaining().len()]))
            }
            Routing::Key(positions) => {
                let of_key: Vec<ValueRef<'_>> = positions.iter().map(|p| values[*p]).collect();
                self.slot_of_shard_key(&of_key)
            }
            Routing::Id { .. } => match values.first() {
                Some(ValueRef::Integer(id)) => Ok(Slot::of_id(*id)),
                _ => Err(Error::invalid(format!(
                    "the key of table {} is one integer",
                    self.definition.name
                ))),
            },
            Routing::Directory { .. } => Ok(Slot::of_key(encoded)),
        }
    }

    /// The slot of a row as it is stored.
    pub(crate) fn slot_of_stored_row(&self, bytes: &[u8], key: &[u8]) -> Result<Slot> {
        if self.definition.shard_key.is_empty() {
            let mut reader = KeyReader::new(&self.key_shape, key);
            return match reader.next_value()? {
                Value::Integer(id) => Ok(Slot::of_id(id)),
                _ => Err(Error::corrupt("a hidden rowid is no integer")),
            };
        }
        let row = self.layout.row(bytes)?;
        self.slot_of_shard_key(&self.shard_values(&row))
    }

    /// A slot for a row that may live anywhere: in turn, so that all shards get some. Where there
    /// is one shard it is always the same slot, and the ids of rows ascend as they are made.
    pub(crate) fn any_slot(core: &Core) -> Slot {
        if core.shards.len() == 1 {
            return Slot(0);
        }
        Slot::of_key(&core.next_owner().to_le_bytes())
    }

    /// The slots that a new row is written to, as far as its values tell: its own and those of its
    /// entries in global indexes, and the one that its key names.
    pub(crate) fn slots_of_new_row(&self, core: &Core, values: &[Value]) -> Result<Vec<Slot>> {
        let makes_id = self.makes_id(values);
        let lies_anywhere = self.definition.shard_key.is_empty()
            || (matches!(self.routing, Routing::Key(_)) && makes_id);
        let mut slots = Vec::with_capacity(4);
        slots.push(if lies_anywhere {
            TableInfo::any_slot(core)
        } else {
            self.slot_of_row(values)?
        });
        // What is wrong with a value is for the transaction to say.
        let global = self.indexes.iter().filter(|index| index.is_global());
        slots.extend(global.filter_map(|index| index.slot_of_values(values)));
        if !makes_id && !matches!(self.routing, Routing::Key(_)) {
            slots.extend(self.slot_of_new_key(values).ok());
        }
        Ok(slots)
    }

    /// The slot that the primary key among a row's values names.
    fn slot_of_new_key(&self, values: &[Value]) -> Result<Slot> {
        let key: Vec<_> =
            self.key_columns.iter().map(|at| values[usize::from(*at)].as_value()).collect();
        let encoded = match self.routing {
            Routing::Directory { .. } => lookup::encode_primary_key(self, &key)?,
            _ => Vec::new(),
        };
        self.slot_of_key(&key, &encoded)
    }

    /// Position of the index of that name.
    pub(crate) fn index_position(&self, name: &str) -> Result<usize> {
        let mut indexes = self.indexes.iter();
        indexes.position(|i| i.definition.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
            let table = &self.definition.name;
            Error::invalid(format!("table {table} has no index {name}")).with_sqlstate("42704")
        })
    }

    /// The trees whose keys are looked for before one is inserted: of rows, of forwarding entries
    /// and of unique indexes.
    pub(crate) fn unique_trees(&self) -> Vec<u32> {
        let forwarding = Some(self.routing.forwarding()).filter(|tree| *tree != 0);
        let unique = self.indexes.iter().filter(|index| index.definition.unique);
        [self.id()].into_iter().chain(forwarding).chain(unique.map(IndexInfo::id)).collect()
    }

    /// The index of that name.
    pub(crate) fn index(&self, name: &str) -> Result<&IndexInfo> {
        Ok(&self.indexes[self.index_position(name)?])
    }
}

fn routing(
    definition: &TableDefinition,
    key_columns: &[u16],
    types: &[Type],
    forwarding: u32,
) -> Routing {
    let positions: Option<Vec<usize>> = definition
        .shard_key
        .iter()
        .map(|column| key_columns.iter().position(|key| key == column))
        .collect();
    match positions {
        Some(positions) if !positions.is_empty() => Routing::Key(positions),
        _ if needs_low_bits(key_columns, types) => Routing::Id { forwarding },
        _ => Routing::Directory { forwarding },
    }
}

/// Whether these are the first positions, in order.
fn is_prefix(positions: &[usize]) -> bool {
    positions.iter().enumerate().all(|(at, position)| at == *position)
}

/// Whether the key is an id whose low bits can name a slot.
fn needs_low_bits(key_columns: &[u16], types: &[Type]) -> bool {
    match key_columns {
        [] => true,
        [column] => types[usize::from(*column)] == Type::BigInt,
        _ => false,
    }
}

/// All definitions of a moment.
#[derive(Debug)]
pub(crate) struct Catalog {
    /// Grows with every change of a definition.
    pub(crate) version: u64,
    /// The next number for a tree.
    pub(crate) next_object: u32,
    /// Which shard has which slot.
    pub(crate) map: ShardMap,
    /// The indexes and views under build.
    pub(crate) builds: Vec<Build>,
    tables: HashMap<u32, Arc<TableInfo>>,
    names: HashMap<String, u32>,
    views: HashMap<String, Arc<ViewInfo>>,
    /// The feeds, by number.
    feeds: Vec<Arc<StoredFeed>>,
    /// The views that feeds tell of, by number.
    fed_views: Vec<Arc<ViewInfo>>,
    /// Of tables with feeds, what they were from which version of the definitions on, ascending.
    past_tables: HashMap<u32, Vec<(u64, Arc<TableInfo>)>>,
    numbered_views: HashMap<u32, Arc<ViewInfo>>,
}

impl Catalog {
    /// The catalog of a new store.
    pub(crate) fn new(shards: u16) -> Catalog {
        Catalog {
            version: 0,
            next_object: FIRST_OBJECT,
            map: ShardMap::new(shards),
            builds: Vec::new(),
            tables: HashMap::new(),
            names: HashMap::new(),
            views: HashMap::new(),
            feeds: Vec::new(),
            fed_views: Vec::new(),
            past_tables: HashMap::new(),
            numbered_views: HashMap::new(),
        }
    }

    /// Compiles the entries of a definitions tree.
    pub(crate) fn from_entries(entries: &[(Vec<u8>, Vec<u8>)], shards: u16) -> Result<Catalog> {
        let mut catalog = Catalog::new(shards);
        for (key, value) in entries {
            match key.as_slice() {
                [0] => {
                    let (version, next) = decode_version(value)?;
                    catalog.version = version;
                    catalog.next_object = next;
                }
                [2] => catalog.map = ShardMap::decode(value, shards)?,
                [1, ..] => catalog.add(value)?,
                [3, index @ ..] => catalog.builds.push(Build::decode(index, value)?),
                [4, ..] => catalog.add_view(value)?,
                [5, feed @ ..] => catalog.add_feed(StoredFeed::decode(feed, value)?)?,
                [6, past @ ..] => catalog.add_past_table(past, value)?,
                [7, table @ ..] => catalog.add_expiry(table, value)?,
                _ => return Err(Error::corrupt("a definition has a key of unknown kind")),
            }
        }
        catalog.mark_builds()?;
        catalog.tie()?;
        Ok(catalog)
    }

    /// Marks the indexes under build; views were marked when they were added.
    fn mark_builds(&mut self) -> Result<()> {
        for build in self.builds.clone() {
            let table = self.tables.get_mut(&build.table).and_then(Arc::get_mut);
            let defined = table.is_some_and(|table| match build.built {
                Built::Index => {
                    let mut indexes = table.indexes.iter_mut();
                    let index = indexes.find(|index| index.id() == build.object);
                    index.map(|index| index.building = true).is_some()
                }
                Built::View => table.views.iter().any(|view| view.id() == build.object),
            });
            if !defined {
                return Err(Error::corrupt("an index or view is being built and not defined"));
            }
        }
        Ok(())
    }

    /// Ties foreign keys to the keys that they refer to.
    fn tie(&mut self) -> Result<()> {
        let lost = |error: Error| {
            Error::corrupt("a foreign key of the definitions has no key to refer to")
                .with_source(error)
        };
        let mut ties = Vec::new();
        for (id, child) in &self.tables {
            for (key, foreign) in child.definition.foreign_keys.iter().enumerate() {
                let parent = self.table_named(&foreign.parent).map_err(lost)?;
                let tie = resolve(foreign, &child.definition, &parent.definition);
                ties.push((Reference { child: *id, key }, tie.map_err(lost)?));
            }
        }
        ties.sort_by_key(|(reference, _)| (reference.child, reference.key));
        for (reference, tie) in ties {
            self.unshared(tie.parent).referenced_by.push(reference);
            self.unshared(reference.child).foreign_keys.push(tie);
        }
        Ok(())
    }

    /// A table of a catalog that nobody else has yet.
    fn unshared(&mut self, table: u32) -> &mut TableInfo {
        match self.tables.get_mut(&table).and_then(Arc::get_mut) {
            Some(info) => info,
            None => unreachable!("the catalog is being made, of tables that it has"),
        }
    }

    fn add(&mut self, value: &[u8]) -> Result<()> {
        let info = Arc::new(decode_table(value)?);
        let name = info.definition.name.to_lowercase();
        self.names.insert(name, info.id());
        self.tables.insert(info.id(), info);
        Ok(())
    }

    /// Adds a view; its table and the mark of its build are there already, as their keys come
    /// before.
    fn add_view(&mut self, value: &[u8]) -> Result<()> {
        let view = NumberedView::decode(value)?;
        if let Some(base) = view.base {
            // Its base has a lower number, so it is there already.
            let lost = || Error::corrupt("a view rolls up none");
            let base = self.numbered_views.get(&base).ok_or_else(lost)?;
            let unfit = |error| Error::corrupt("a view does not fit its base").with_source(error);
            let view = Arc::new(ViewInfo::rolled_up(view, base, self).map_err(unfit)?);
            self.insert_view(view);
            return Ok(());
        }
        let Some(table) = self.tables.get(&view.table) else {
            return Err(Error::corrupt("a view is defined over no table"));
        };
        let lost = |error| Error::corrupt("a view does not fit its table").with_source(error);
        let mut view = ViewInfo::new(view, &table.definition, self).map_err(lost)?;
        let is_of_it = |build: &Build| build.built == Built::View && build.object == view.id();
        view.building = self.builds.iter().any(is_of_it);
        let view = Arc::new(view);
        self.unshared(view.view.table).views.push(Arc::clone(&view));
        self.insert_view(view);
        Ok(())
    }

    /// Adds a feed; its table or view is there already.
    fn add_feed(&mut self, feed: StoredFeed) -> Result<()> {
        match feed.source {
            Source::Table(table) => {
                let Some(table) = self.tables.get_mut(&table).and_then(Arc::get_mut) else {
                    return Err(Error::corrupt("a feed tells of no table"));
                };
                table.has_feed = true;
            }
            Source::View(view) => {
                let Some(view) = self.numbered_views.get(&view) else {
                    return Err(Error::corrupt("a feed tells of no view"));
                };
                if self.fed_views.iter().all(|fed| fed.id() != view.id()) {
                    self.fed_views.push(Arc::clone(view));
                    self.fed_views.sort_by_key(|view| view.id());
                }
            }
        }
        self.feeds.push(Arc::new(feed));
        Ok(())
    }

    fn add_expiry(&mut self, table: &[u8], value: &[u8]) -> Result<()> {
        let table = table.try_into().ok().map(u32::from_be_bytes);
        let Some(table) = table.and_then(|table| self.tables.get_mut(&table)) else {
            return Err(Error::corrupt("rows of no table expire"));
        };
        let Some(info) = Arc::get_mut(table) else { unreachable!("the catalog is being made") };
        info.expiry = Some(Expiry::decode(value, info)?);
        Ok(())
    }

    fn add_past_table(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        let damaged = || Error::corrupt("a definition of the past has a damaged key");
        let (table, version) = key.split_first_chunk::<4>().ok_or_else(damaged)?;
        let version = u64::from_be_bytes(version.try_into().map_err(|_| damaged())?);
        let info = Arc::new(decode_table(value)?);
        let past = self.past_tables.entry(u32::from_be_bytes(*table)).or_default();
        past.push((version, info));
        Ok(())
    }

    /// The feeds, by number.
    pub(crate) fn feeds(&self) -> &[Arc<StoredFeed>] {
        &self.feeds
    }

    /// The views that feeds tell of, by number.
    pub(crate) fn fed_views(&self) -> &[Arc<ViewInfo>] {
        &self.fed_views
    }

    /// The table of a feed, or that of its view.
    pub(crate) fn table_of_feed(&self, feed: &StoredFeed) -> Result<&Arc<TableInfo>> {
        match feed.source {
            Source::Table(table) => self.table(table),
            Source::View(view) => {
                let view = self.view_numbered(view);
                let view = view.ok_or_else(|| Error::corrupt("a feed tells of no view"))?;
                self.table(view.view.table)
            }
        }
    }

    /// The feed of that name, in any case.
    pub(crate) fn feed_named(&self, name: &str) -> Result<&Arc<StoredFeed>> {
        let found = self.feeds.iter().find(|feed| feed.name.eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            Error::invalid(format!("feed {name} does not exist")).with_sqlstate("42704")
        })
    }

    /// What a table with feeds was from which version of the definitions on.
    pub(crate) fn past_of(&self, table: u32) -> &[(u64, Arc<TableInfo>)] {
        self.past_tables.get(&table).map(Vec::as_slice).unwrap_or_default()
    }

    fn insert_view(&mut self, view: Arc<ViewInfo>) {
        self.numbered_views.insert(view.id(), Arc::clone(&view));
        self.views.insert(view.name().to_lowercase(), view);
    }

    /// The view of that number.
    pub(crate) fn view_numbered(&self, number: u32) -> Option<&Arc<ViewInfo>> {
        self.numbered_views.get(&number)
    }

    /// The roll-ups of a view, by number, and those of them.
    pub(crate) fn rollups_of(&self, view: u32) -> Vec<&Arc<ViewInfo>> {
        let mut found: Vec<_> =
            self.views.values().filter(|above| above.base() == Some(view)).collect();
        for at in 0..found.len() {
            found.extend(self.rollups_of(found[at].id()));
        }
        found.sort_by_key(|view| view.id());
        found
    }

    /// The view of that name, in any case.
    pub(crate) fn view_named(&self, name: &str) -> Result<&Arc<ViewInfo>> {
        self.views.get(&name.to_lowercase()).ok_or_else(|| {
            Error::invalid(format!("view {name} does not exist")).with_sqlstate("42P01")
        })
    }

    /// All views, by name.
    pub(crate) fn views(&self) -> Vec<&Arc<ViewInfo>> {
        let mut views: Vec<_> = self.views.values().collect();
        views.sort_by(|a, b| a.name().cmp(b.name()));
        views
    }

    /// Refuses a name that a table or a view has.
    pub(crate) fn check_name_is_free(&self, name: &str) -> Result<()> {
        let what = match (self.table_named(name), self.view_named(name)) {
            (Ok(_), _) => "table",
            (_, Ok(_)) => "view",
            _ => return Ok(()),
        };
        Err(Error::invalid(format!("{what} {name} exists already")).with_sqlstate("42P07"))
    }

    /// The table of that number.
    pub(crate) fn table(&self, id: u32) -> Result<&Arc<TableInfo>> {
        self.tables.get(&id).ok_or_else(|| {
            Error::invalid(format!("table number {id} does not exist any more"))
                .with_sqlstate("42P01")
        })
    }

    /// The table of that name, in any case.
    pub(crate) fn table_named(&self, name: &str) -> Result<&Arc<TableInfo>> {
        let id = self.names.get(&name.to_lowercase()).ok_or_else(|| {
            Error::invalid(format!("table {name} does not exist")).with_sqlstate("42P01")
        })?;
        self.table(*id)
    }

    /// All tables, by name.
    pub(crate) fn tables(&self) -> Vec<&Arc<TableInfo>> {
        let mut tables: Vec<_> = self.tables.values().collect();
        tables.sort_by(|a, b| a.definition.name.cmp(&b.definition.name));
        tables
    }
}

/// Value of the version entry.
pub(crate) fn encode_version(version: u64, next_object: u32) -> Vec<u8> {
    let mut value = version.to_le_bytes().to_vec();
    value.extend_from_slice(&next_object.to_le_bytes());
    value
}

fn decode_version(value: &[u8]) -> Result<(u64, u32)> {
    let damaged = || Error::corrupt("the version of the definitions is damaged");
    let (version, next) = value.split_first_chunk::<8>().ok_or_else(damaged)?;
    let next: [u8; 4] = next.try_into().map_err(|_| damaged())?;
    Ok((u64::from_le_bytes(*version), u32::from_le_bytes(next)))
}

fn decode_table(value: &[u8]) -> Result<TableInfo> {
    let Some((forwarding, definition)) = value.split_first_chunk::<4>() else {
        return Err(Error::corrupt("a table's definition is cut short"));
    };
    let definition = TableDefinition::decode(definition)?;
    TableInfo::new(definition, u32::from_le_bytes(*forwarding))
}

/// Value of a table's definition.
pub(crate) fn encode_table(definition: &TableDefinition, forwarding: u32) -> Result<Vec<u8>> {
    let mut value = forwarding.to_le_bytes().to_vec();
    value.extend_from_slice(&definition.encode()?);
    Ok(value)
}
