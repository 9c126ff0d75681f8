//! Finding one row: by its key in a tree, by its primary key wherever it lives.

use bourse_storage::tree::{self, Payload};
use bourse_storage::{Error, Result};

use crate::catalog::{Routing, TableInfo};
use crate::index::IndexInfo;
use crate::key;
use crate::schema::IndexColumn;
use crate::shard::map::{SLOTS, Slot};
use crate::snapshot::{Observation, Snapshot};
use crate::table::borrow;
use crate::value::{Value, ValueRef};

/// Where a row lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// The row's slot, where looking for it told; else the row does.
    pub(crate) slot: Option<Slot>,
    /// The shard that has the slot.
    pub(crate) shard: u16,
}

/// Reads a key of a tree into `out`. Returns whether it is there.
pub(crate) fn get<V: Snapshot>(
    snapshot: &V,
    shard: u16,
    tree: u32,
    key: &[u8],
    out: &mut Vec<u8>,
) -> Result<bool> {
    out.clear();
    if let Some(own) = snapshot.own(shard, tree, key) {
        out.extend_from_slice(own.unwrap_or_default());
        return Ok(own.is_some());
    }
    get_beneath(snapshot, shard, tree, key, out)
}

/// As [`get`], of the state beneath the snapshot's own changes.
pub(crate) fn get_beneath<V: Snapshot>(
    snapshot: &V,
    shard: u16,
    tree: u32,
    key: &[u8],
    out: &mut Vec<u8>,
) -> Result<bool> {
    out.clear();
    if snapshot.observes() {
        snapshot.observe(Observation::Point { shard, tree, key: key.into() });
    }
    let forest = snapshot.forest(shard)?;
    let mut extent = None;
    let found = snapshot.read(shard, |source| {
        let root = snapshot.tree_root(source, shard, forest, tree)?;
        Ok(match tree::get(source, root, key)? {
            None => false,
            Some(Payload::Inline(bytes)) => {
                out.extend_from_slice(bytes);
                true
            }
            Some(Payload::Extent { first, bytes }) => {
                extent = Some((first, bytes));
                true
            }
        })
    })?;
    if let Some((first, bytes)) = extent {
        snapshot.read_extent(shard, first, bytes, out)?;
    }
    Ok(found)
}

/// Finds a row by its primary key and reads it into `out`.
pub(crate) fn find<V: Snapshot>(
    snapshot: &V,
    table: &TableInfo,
    values: &[ValueRef<'_>],
    encoded: &[u8],
    out: &mut Vec<u8>,
) -> Result<Option<Place>> {
    let named = table.slot_of_key(values, encoded)?;
    let home = snapshot.catalog().map.shard(named);
    let mut found = find_from(snapshot, table, home, encoded, out)?;
    if let (Some(place), Routing::Key(_)) = (&mut found, &table.routing) {
        place.slot = Some(named);
    }
    Ok(found)
}

/// As [`find`], from the shard of the slot that the key names.
pub(crate) fn find_from<V: Snapshot>(
    snapshot: &V,
    table: &TableInfo,
    home: u16,
    encoded: &[u8],
    out: &mut Vec<u8>,
) -> Result<Option<Place>> {
    let at_home = Place { slot: None, shard: home };
    let forwarding = match table.routing {
        Routing::Key(_) => {
            let found = get(snapshot, home, table.id(), encoded, out)?;
            return Ok(found.then_some(at_home));
        }
        Routing::Id { forwarding } | Routing::Directory { forwarding } => forwarding,
    };
    if let Some(place) = find_held(snapshot, table, home, encoded, out)? {
        return Ok(Some(place));
    }
    // A table whose ids the store makes has no forwarding entries, and asking an empty tree is
    // cheap; one that was imported has one for nearly every row.
    if get(snapshot, home, forwarding, encoded, out)? {
        let slot = decode_slot(out)?;
        let shard = snapshot.catalog().map.shard(slot);
        let found = get(snapshot, shard, table.id(), encoded, out)?;
        return Ok(found.then_some(Place { slot: Some(slot), shard }));
    }
    let may_be_home = matches!(table.routing, Routing::Id { .. });
    let found = may_be_home && get(snapshot, home, table.id(), encoded, out)?;
    Ok(found.then_some(at_home))
}

/// Whether a key of a tree is there, to stay there (see [`Snapshot::rely_on`]). Only that is
/// observed: who changes the value is not in the way.
pub(crate) fn is_there<V: Snapshot>(
    snapshot: &V,
    shard: u16,
    tree: u32,
    key: &[u8],
) -> Result<bool> {
    if let Some(own) = snapshot.own(shard, tree, key) {
        return Ok(own.is_some());
    }
    if snapshot.observes() {
        snapshot.observe(Observation::Presence { shard, tree, key: key.into() });
    }
    let forest = snapshot.forest(shard)?;
    let is_there = snapshot.read(shard, |source| {
        let root = snapshot.tree_root(source, shard, forest, tree)?;
        Ok(tree::get(source, root, key)?.is_some())
    })?;
    if is_there {
        snapshot.rely_on(shard, tree, key);
    }
    Ok(is_there)
}

/// Whether a row with that primary key is there; as [`find`], without reading it.
pub(crate) fn row_is_there<V: Snapshot>(
    snapshot: &V,
    table: &TableInfo,
    values: &[ValueRef<'_>],
    encoded: &[u8],
) -> Result<bool> {
    let map = &snapshot.catalog().map;
    let home = map.shard(table.slot_of_key(values, encoded)?);
    let forwarding = match table.routing {
        Routing::Key(_) => return is_there(snapshot, home, table.id(), encoded),
        Routing::Id { forwarding } | Routing::Directory { forwarding } => forwarding,
    };
    let heads = snapshot.heads();
    if !table.definition.shard_key.is_empty() && !heads.iter().any(|head| head.shard == home) {
        for head in heads {
            if is_there(snapshot, head.shard, table.id(), encoded)? {
                return Ok(true);
            }
        }
    }
    let mut slot = Vec::with_capacity(2);
    if get(snapshot, home, forwarding, encoded, &mut slot)? {
        return is_there(snapshot, map.shard(decode_slot(&slot)?), table.id(), encoded);
    }
    let may_be_home = matches!(table.routing, Routing::Id { .. });
    Ok(may_be_home && is_there(snapshot, home, table.id(), encoded)?)
}

/// Whether no key that names the shard forwards to another one.
pub(crate) fn has_no_forwarding<V: Snapshot>(
    snapshot: &V,
    table: &TableInfo,
    shard: u16,
) -> Result<bool> {
    let forwarding = match table.routing {
        Routing::Key(_) => return Ok(true),
        Routing::Id { forwarding } | Routing::Directory { forwarding } => forwarding,
    };
    let forest = snapshot.forest(shard)?;
    Ok(snapshot
        .read(shard, |source| snapshot.tree_root(source, shard, forest, forwarding))?
        .is_empty())
}

/// Looks in the shards that a transaction holds, unless the one that the key names is among them:
/// a row found there is the row, as no other has its key, and spares a run with one more shard.
/// What is one user's stays a matter of one shard so, whoever gave it its ids.
fn find_held<V: Snapshot>(
    snapshot: &V,
    table: &TableInfo,
    home: u16,
    encoded: &[u8],
    out: &mut Vec<u8>,
) -> Result<Option<Place>> {
    let heads = snapshot.heads();
    if table.definition.shard_key.is_empty() || heads.iter().any(|head| head.shard == home) {
        return Ok(None);
    }
    for head in heads {
        if get(snapshot, head.shard, table.id(), encoded, out)? {
            return Ok(Some(Place { slot: None, shard: head.shard }));
        }
    }
    Ok(None)
}

/// Shows `body` a primary key as values of the columns' types, and encoded. One integer, the key of
/// most tables, costs no allocation, others one.
pub(crate) fn with_key<T>(
    table: &TableInfo,
    key: &[Value],
    body: impl FnOnce(&[ValueRef<'_>], &[u8]) -> Result<T>,
) -> Result<T> {
    if let ([shape], [Value::Integer(id)]) = (&*table.key_shape, key)
        && let Some(encoded) = key::plain_bigint(shape, *id)
    {
        return body(&[ValueRef::Integer(*id)], &encoded);
    }
    let shapes = table.key_shape.iter();
    let is_typed = shapes.len() == key.len()
        && shapes.zip(key).all(|(shape, value)| shape.data_type.leaves_as_is(value));
    let coerced;
    let key = if is_typed {
        key
    } else {
        coerced = table.coerce_key(key)?;
        &coerced
    };
    let mut few = [ValueRef::Null; FEW];
    let many;
    let values = match few.get_mut(..key.len()) {
        Some(few) => {
            few.iter_mut().zip(key).for_each(|(to, value)| *to = value.as_value());
            &*few
        }
        None => {
            many = borrow(key);
            &many
        }
    };
    let encoded = encode_primary_key(table, values)?;
    body(values, &encoded)
}

/// Columns that a key has at most, mostly.
const FEW: usize = 8;

/// Value of a forwarding entry.
pub(crate) fn encode_slot(slot: Slot) -> Vec<u8> {
    slot.0.to_le_bytes().to_vec()
}

/// Reads the value of a forwarding entry.
pub(crate) fn decode_slot(value: &[u8]) -> Result<Slot> {
    let bytes: [u8; 2] =
        value.try_into().map_err(|_| Error::corrupt("a forwarding entry is damaged"))?;
    Ok(Slot(u16::from_le_bytes(bytes) % SLOTS))
}

/// Encodes a primary key given as values.
pub(crate) fn encode_primary_key(table: &TableInfo, values: &[ValueRef<'_>]) -> Result<Vec<u8>> {
    let mut encoded = Vec::with_capacity(32);
    encode_primary_key_to(table, values, &mut encoded)?;
    Ok(encoded)
}

/// Encodes a primary key given as values into a buffer, in place of what it holds.
pub(crate) fn encode_primary_key_to(
    table: &TableInfo,
    values: &[ValueRef<'_>],
    encoded: &mut Vec<u8>,
) -> Result<()> {
    encoded.clear();
    if values.len() != table.key_shape.len() {
        return Err(Error::invalid(format!(
            "the primary key of table {} has {} columns, {} values were given",
            table.definition.name,
            table.key_shape.len(),
            values.len()
        ))
        .with_sqlstate("42601"));
    }
    key::encode_key(&table.key_shape, values, encoded)?;
    check_length(encoded, &table.definition.name)
}

/// Refuses keys longer than a tree takes.
pub(crate) fn check_length(key: &[u8], name: &str) -> Result<()> {
    if key.len() <= tree::MAX_KEY_BYTES {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "a key of {name} takes {} bytes, the limit is {}",
        key.len(),
        tree::MAX_KEY_BYTES
    ))
    .with_sqlstate("54000"))
}

/// The shards that an index must be read in when its first columns are known: the one that a
/// global index's first column names, the one that a known shard key names, or all.
pub(crate) fn shards_of_prefix<V: Snapshot>(
    snapshot: &V,
    table: &TableInfo,
    index: Option<&IndexInfo>,
    prefix: &[ValueRef<'_>],
) -> Result<Vec<u16>> {
    let map = &snapshot.catalog().map;
    let all = || (0..u16::try_from(snapshot.core().shards.len()).unwrap_or(u16::MAX)).collect();
    if let Some(index) = index.filter(|index| index.is_global()) {
        return Ok(match prefix.first() {
            Some(first) => vec![map.shard(index.slot(*first)?)],
            None => all(),
        });
    }
    let columns: Vec<Option<u16>> = match index {
        Some(index) => index.definition.columns.iter().map(IndexColumn::column).collect(),
        None => table.key_columns.iter().copied().map(Some).collect(),
    };
    let values: Option<Vec<ValueRef<'_>>> = table
        .definition
        .shard_key
        .iter()
        .map(|column| {
            let at = columns.iter().position(|c| *c == Some(*column))?;
            prefix.get(at).copied()
        })
        .collect();
    Ok(match values {
        Some(values) if !values.is_empty() => vec![map.shard(table.slot_of_shard_key(&values)?)],
        _ => all(),
    })
}
