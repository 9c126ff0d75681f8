//! Row operations of a transaction: what they check, and which entries follow from them.

use std::cell::Cell;
use std::sync::Arc;

use bourse_storage::{Error, ErrorKind, Result, Violation};

use super::write_set::Logged;
use super::{Base, Transaction};
use crate::catalog::{GivenIds, Routing, TableInfo};
use crate::index::{Entry, IndexInfo};
use crate::lookup;
use crate::row::Row;
use crate::schema::PrimaryKey;
use crate::shard::COUNTERS;
use crate::shard::apply::{counter_key, decode_count};
use crate::shard::map::{SLOTS, Slot};
use crate::shard::progress;
use crate::snapshot::Snapshot;
use crate::table::{OwnedRow, Table, borrow};
use crate::value::{Value, ValueRef};

/// A row with its slot before and after a change; none where there is none.
pub(super) type OldAndNew<'r> = (Option<(Slot, &'r Row<'r>)>, Option<(Slot, &'r Row<'r>)>);

/// Bytes that one value may have.
const VALUE_BYTES_MAX: usize = 64 << 20;

/// Bytes of what a value has beside its own.
#[inline]
fn bytes_of(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Json(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        _ => 0,
    }
}

const FOUND_ROW: Logged = Logged::Row { was_found: true };
const NEW_ROW: Logged = Logged::Row { was_found: false };

impl Transaction<'_> {
    /// The row of a primary key.
    ///
    /// # Errors
    /// Wrong number or types of values; whatever ends the transaction.
    pub fn get(&self, table: &Table, key: &[Value]) -> Result<Option<OwnedRow>> {
        let info = self.info(table)?;
        OwnedRow::find(self, &info, key)
    }

    pub(super) fn insert_into(
        &mut self,
        table: &Table,
        mut values: Vec<Value>,
    ) -> Result<Vec<Value>> {
        self.insert_values(table, &mut values)
    }

    /// Inserts a row whose values stay what they are, but for being of the columns' types then.
    pub(super) fn insert_values(
        &mut self,
        table: &Table,
        values: &mut Vec<Value>,
    ) -> Result<Vec<Value>> {
        let info = self.info(table)?;
        let given = values.len();
        self.lengthen(&info, table, values);
        let inserted = self.operation(&info, |transaction| transaction.insert_row(&info, values));
        values.truncate(given);
        inserted
    }

    /// Values for the columns that a handle knows, with the DEFAULT of those behind them.
    fn lengthen(&self, info: &TableInfo, table: &Table, values: &mut Vec<Value>) {
        info.lengthen(table, values, |column| info.default_of(column, self.now()));
    }

    /// Inserts a row of such values, with an id of the store's where they leave it to that.
    fn insert_row(&mut self, info: &Arc<TableInfo>, values: &mut [Value]) -> Result<Vec<Value>> {
        info.complete_all(values)?;
        if !info.makes_id(values) {
            return self.insert_keyed(info, values, true);
        }
        let inserted = self.insert_keyed(info, values, false);
        // Another run makes another id.
        if let Some(column) = info.key_columns.first() {
            values[usize::from(*column)] = Value::Null;
        }
        inserted
    }

    fn insert_keyed(
        &mut self,
        info: &Arc<TableInfo>,
        values: &mut [Value],
        is_given: bool,
    ) -> Result<Vec<Value>> {
        // Before its key is looked at, which would tell of NULL without the column's name.
        if is_given {
            info.check_not_null(values)?;
        }
        let slot = self.choose_slot(info, values)?;
        let key =
            if is_given { info.key_of(values) } else { self.key_of_new_row(info, slot, values)? };
        if is_given && info.given_ids != GivenIds::Taken {
            self.take_given_id(info, &key)?;
        }
        if !is_given {
            info.check_not_null(values)?;
        }
        let slot = match info.routing {
            Routing::Key(_) => info.slot_of_row(values)?,
            _ => slot,
        };
        let encoded = lookup::encode_primary_key(info, &borrow(&key))?;
        // One that was made was looked for then.
        if is_given {
            self.check_key_is_free(info, &key, &encoded)?;
        }
        let row = info.encode_row(values)?;
        let new = info.layout.row(&row)?;
        info.check_row(&new)?;
        let shard = self.catalog.map.shard(slot);
        self.check_room(encoded.len(), row.len())?;
        self.change_entries(info, &encoded, None, Some((slot, &new)))?;
        let forwards = self.add_forwarding(info, &key, &encoded, slot)?;
        self.forest(shard)?;
        if info.has_references() {
            self.note_change(info, (shard, &encoded), None, Some(&new))?;
        }
        // Where its key does not lead elsewhere it was looked for here.
        let was_seen = !forwards && !matches!(info.routing, Routing::Directory { .. });
        self.writes.set(shard, info.id(), &encoded, Some(row), NEW_ROW.seen(was_seen));
        Ok(key)
    }

    pub(super) fn upsert_into(&mut self, table: &Table, mut values: Vec<Value>) -> Result<bool> {
        let info = self.info(table)?;
        self.lengthen(&info, table, &mut values);
        info.complete_all(&mut values)?;
        let key = info.key_of(&values);
        let given = !key.is_empty() && key.iter().all(|value| *value != Value::Null);
        if given && let Some(old) = OwnedRow::find(self, &info, &key)? {
            self.operation(&info, |transaction| transaction.replace(&info, &old, &values))?;
            return Ok(true);
        }
        self.operation(&info, |transaction| transaction.insert_row(&info, &mut values))?;
        Ok(false)
    }

    pub(super) fn update_in(
        &mut self,
        table: &Table,
        key: &[Value],
        changes: &[(&str, Value)],
    ) -> Result<bool> {
        let info = self.info(table)?;
        let Some(old) = OwnedRow::find(self, &info, key)? else { return Ok(false) };
        let mut coerced = Vec::with_capacity(changes.len());
        for (name, value) in changes {
            let column = info.definition.position(name)?;
            coerced.push((column, info.types[usize::from(column)].coerce(value.clone())?));
        }
        self.operation(&info, |transaction| transaction.change_columns(&info, &old, coerced))?;
        Ok(true)
    }

    /// Gives columns of a row new values, which are of the columns' types.
    pub(super) fn change_columns(
        &mut self,
        info: &Arc<TableInfo>,
        old: &OwnedRow,
        changes: Vec<(u16, Value)>,
    ) -> Result<()> {
        if !changes.iter().any(|(column, _)| info.places_rows(*column)) {
            return self.patch(info, old, &changes);
        }
        let mut values = old.values();
        for (column, value) in changes {
            values[usize::from(column)] = value;
        }
        self.replace(info, old, &values)
    }

    /// Gives a row that was found the values that `change` makes of it.
    pub(super) fn rewrite_found(
        &mut self,
        table: &Table,
        info: &Arc<TableInfo>,
        old: Option<OwnedRow>,
        change: impl FnOnce(&OwnedRow) -> Result<Vec<Value>>,
    ) -> Result<bool> {
        let Some(old) = old else { return Ok(false) };
        let kept = |column: u16| old.get(usize::from(column)).to_value();
        let mut values = change(&old)?;
        info.lengthen(table, &mut values, kept);
        info.complete_all(&mut values)?;
        self.operation(info, |transaction| transaction.replace(info, &old, &values))?;
        Ok(true)
    }

    /// Changes columns of a row that stays where it is.
    fn patch(&mut self, info: &TableInfo, old: &OwnedRow, changes: &[(u16, Value)]) -> Result<()> {
        for (column, value) in changes {
            info.check_value(usize::from(*column), value)?;
        }
        let changes: Vec<_> =
            changes.iter().map(|(column, value)| (*column, value.as_value())).collect();
        let mut row = Vec::with_capacity(old.bytes.len() + 64);
        info.layout.encode_changed(&old.row(), &changes, &mut row)?;
        self.overwrite(info, old, row)
    }

    /// Gives a row that stays where it is other bytes.
    fn overwrite(&mut self, info: &TableInfo, old: &OwnedRow, row: Vec<u8>) -> Result<()> {
        let (before, after) = (old.row(), info.layout.row(&row)?);
        info.check_row(&after)?;
        self.check_room(old.key().len(), row.len())?;
        let touches = |index: &IndexInfo| !index.is_untouched(&before, &after);
        if !info.views.is_empty() || info.indexes.iter().any(touches) {
            let slot = old.slot()?;
            self.change_entries(info, old.key(), Some((slot, &before)), Some((slot, &after)))?;
        }
        if info.has_references() {
            self.note_change(info, (old.shard(), old.key()), Some(&before), Some(&after))?;
        }
        let before = info.has_feed.then_some(&*old.bytes);
        self.writes.set_over(old.shard(), info.id(), old.key(), Some(row), FOUND_ROW, before);
        Ok(())
    }

    pub(super) fn delete_from(&mut self, table: &Table, key: &[Value]) -> Result<bool> {
        let info = self.info(table)?;
        let Some(old) = OwnedRow::find(self, &info, key)? else { return Ok(false) };
        self.operation(&info, |transaction| transaction.delete_row(&info, &old))?;
        Ok(true)
    }

    /// Deletes a row that has expired.
    pub(crate) fn delete_expired(&mut self, info: &Arc<TableInfo>, old: &OwnedRow) -> Result<()> {
        self.operation(info, |transaction| transaction.delete_row(info, old))
    }

    /// Deletes a row that was read.
    pub(super) fn delete_row(&mut self, info: &TableInfo, old: &OwnedRow) -> Result<()> {
        if info.has_references() {
            self.note_change(info, (old.shard(), old.key()), Some(&old.row()), None)?;
        }
        self.remove(info, old)
    }

    fn remove(&mut self, info: &TableInfo, old: &OwnedRow) -> Result<()> {
        let slot = old.slot()?;
        self.check_room(old.key().len(), 0)?;
        self.change_entries(info, old.key(), Some((slot, &old.row())), None)?;
        let key = old.primary_key()?;
        self.remove_forwarding(info, &key, old.key(), slot)?;
        let before = info.has_feed.then_some(&*old.bytes);
        let expires = self.is_expiring(info, &old.row());
        let logged = if expires { Logged::Expired } else { FOUND_ROW };
        self.writes.set_over(old.shard(), info.id(), old.key(), None, logged, before);
        Ok(())
    }

    /// Gives a row new values; it moves when its primary key or its slot changes.
    fn replace(&mut self, info: &TableInfo, old: &OwnedRow, values: &[Value]) -> Result<()> {
        let row = old.row();
        let stays =
            |column: &u16| row.get(usize::from(*column)) == values[usize::from(*column)].as_value();
        if info.key_columns.iter().chain(&info.definition.shard_key).all(stays) {
            info.check_not_null(values)?;
            return self.overwrite(info, old, info.encode_row(values)?);
        }
        let key = match info.definition.primary_key {
            PrimaryKey::HiddenRowId => old.primary_key()?,
            PrimaryKey::Columns(_) => info.key_of(values),
        };
        info.check_not_null(values)?;
        let encoded = lookup::encode_primary_key(info, &borrow(&key))?;
        let old_slot = old.slot()?;
        let slot =
            if info.definition.shard_key.is_empty() { old_slot } else { info.slot_of_row(values)? };
        let row = info.encode_row(values)?;
        let new = info.layout.row(&row)?;
        info.check_row(&new)?;
        let shard = self.catalog.map.shard(slot);
        self.check_room(encoded.len(), row.len())?;
        if encoded == old.key() && slot == old_slot {
            let before = (slot, &old.row());
            self.change_entries(info, &encoded, Some(before), Some((slot, &new)))?;
        } else {
            if encoded != old.key() && info.given_ids != GivenIds::Taken {
                self.take_given_id(info, &key)?;
            }
            // Where the new place turns out to be taken the row stays where it was.
            self.whole(|transaction| {
                transaction.remove(info, old)?;
                transaction.check_key_is_free(info, &key, &encoded)?;
                transaction.change_entries(info, &encoded, None, Some((slot, &new)))?;
                transaction.add_forwarding(info, &key, &encoded, slot).map(drop)
            })?;
        }
        self.forest(shard)?;
        if info.has_references() {
            self.note_change(info, (shard, &encoded), Some(&old.row()), Some(&new))?;
        }
        let stays = encoded == old.key() && shard == old.shard();
        let before = (info.has_feed && stays).then_some(&*old.bytes);
        let logged = Logged::Row { was_found: stays };
        self.writes.set_over(shard, info.id(), &encoded, Some(row), logged, before);
        Ok(())
    }

    fn choose_slot(&self, info: &TableInfo, values: &[Value]) -> Result<Slot> {
        if !info.definition.shard_key.is_empty() {
            return match info.routing {
                // The id is its own shard key: its low bits are chosen when it is made.
                Routing::Key(_) if info.makes_id(values) => self.any_slot(),
                _ => info.slot_of_row(values),
            };
        }
        self.any_slot()
    }

    /// A slot for a row that may live anywhere: of a shard that the transaction has anyway.
    fn any_slot(&self) -> Result<Slot> {
        let slots = (0..SLOTS).map(Slot);
        match &self.base {
            Base::Heads(heads) => {
                let shard = heads.first().map_or(0, |head| head.shard);
                let mut own = slots.filter(|slot| self.catalog.map.shard(*slot) == shard);
                own.next().ok_or_else(|| Error::invalid("the shard has no slots any more"))
            }
            Base::Cut { .. } => match &self.session {
                Some(session) if self.core.shards.len() > 1 => {
                    Ok(Transaction::slot_of_session(session))
                }
                _ => Ok(TableInfo::any_slot(self.core)),
            },
        }
    }

    /// The primary key that the store makes for a new row: one that is free.
    fn key_of_new_row(
        &mut self,
        info: &TableInfo,
        slot: Slot,
        values: &mut [Value],
    ) -> Result<Vec<Value>> {
        if self.session.is_some() {
            return self.key_of_block(info, slot, values);
        }
        let shard = self.catalog.map.shard(slot);
        let counter = counter_key(info.id(), slot);
        let mut value = Vec::with_capacity(8);
        let found = lookup::get(self, shard, COUNTERS, &counter, &mut value)?;
        let mut count = if found { decode_count(&value)? } else { 1 };
        let key = loop {
            let key = vec![Value::Integer(slot.id(count)?)];
            count += 1;
            let encoded = lookup::encode_primary_key(info, &borrow(&key))?;
            // An id given by hand may be ahead of the counter.
            if lookup::find(self, info, &borrow(&key), &encoded, &mut value)?.is_none() {
                break key;
            }
        };
        // Where the id is its own shard key the row may live in another shard than its counter.
        let derived = !matches!(info.routing, Routing::Key(_));
        let logged = if derived { Logged::Derived } else { Logged::Entry };
        let value = Some(count.to_le_bytes().to_vec());
        self.writes.set(shard, COUNTERS, &counter, value, logged.seen(true));
        if let Some(column) = info.key_columns.first() {
            values[usize::from(*column)] = key[0].clone();
        }
        Ok(key)
    }

    fn check_key_is_free(&self, info: &TableInfo, key: &[Value], encoded: &[u8]) -> Result<()> {
        let mut row = Vec::new();
        if let Some(place) = lookup::find(self, info, &borrow(key), encoded, &mut row)? {
            self.note_obstacle(place.shard, info.id(), encoded);
            let constraint = format!("{}_pkey", info.definition.name);
            let columns =
                info.key_columns.iter().map(|c| &info.definition.columns[usize::from(*c)]);
            let names = columns.map(|column| column.name.clone()).collect();
            return Err(duplicate(info, constraint, names));
        }
        Ok(())
    }

    /// Where the key, which was looked for, does not name its row's slot, the shard that it names
    /// gets an entry. Returns whether it does.
    fn add_forwarding(
        &mut self,
        info: &TableInfo,
        key: &[Value],
        encoded: &[u8],
        slot: Slot,
    ) -> Result<bool> {
        let place = self.forwarding_place(info, key, encoded, slot)?;
        if let Some((shard, tree)) = place {
            let value = Some(lookup::encode_slot(slot));
            self.writes.set(shard, tree, encoded, value, Logged::Entry.seen(true));
        }
        Ok(place.is_some())
    }

    fn remove_forwarding(
        &mut self,
        info: &TableInfo,
        key: &[Value],
        encoded: &[u8],
        slot: Slot,
    ) -> Result<()> {
        if let Some((shard, tree)) = self.forwarding_place(info, key, encoded, slot)? {
            self.forest(shard)?;
            self.writes.set(shard, tree, encoded, None, Logged::Entry);
        }
        Ok(())
    }

    fn forwarding_place(
        &self,
        info: &TableInfo,
        key: &[Value],
        encoded: &[u8],
        slot: Slot,
    ) -> Result<Option<(u16, u32)>> {
        let named = info.slot_of_key(&borrow(key), encoded)?;
        let home = self.catalog.map.shard(named);
        Ok(match info.routing {
            Routing::Key(_) => None,
            Routing::Id { .. } if named == slot => None,
            Routing::Id { forwarding } | Routing::Directory { forwarding } => {
                Some((home, forwarding))
            }
        })
    }

    /// Brings all index entries from the old row to the new one, checking unique ones.
    fn change_entries(
        &mut self,
        info: &TableInfo,
        key: &[u8],
        old: Option<(Slot, &Row<'_>)>,
        new: Option<(Slot, &Row<'_>)>,
    ) -> Result<()> {
        if !info.views.is_empty() {
            self.touch_views(info, key, (old, new))?;
            self.contribute(info, key, (old, new))?;
        }
        thread_local! {
            /// Memory for entries, before and after a change.
            static ENTRIES: Cell<(Entry, Entry)> = Cell::default();
        }
        if info.indexes.is_empty() {
            return Ok(());
        }
        let mut entries = ENTRIES.take();
        let mut changed = Ok(());
        for (position, index) in info.indexes.iter().enumerate() {
            if let Err(error) = self.change_entry(info, index, key, (old, new), &mut entries) {
                changed = self.take_entries_back(info, position, key, (old, new)).and(Err(error));
                break;
            }
        }
        ENTRIES.set(entries);
        changed
    }

    /// Brings a row's entry in one index from the old row to the new one; all or nothing of it.
    fn change_entry(
        &mut self,
        info: &TableInfo,
        index: &IndexInfo,
        key: &[u8],
        (old, new): OldAndNew<'_>,
        (before, after): &mut (Entry, Entry),
    ) -> Result<()> {
        if let (Some((old_slot, old)), Some((slot, new))) = (old, new)
            && old_slot == slot
            && index.is_untouched(old, new)
        {
            return Ok(());
        }
        let had = match old {
            Some((slot, row)) if self.is_in(index, slot, key)? => {
                index.entry(row, key, slot, before)?
            }
            _ => false,
        };
        let has = match new {
            Some((slot, row)) if self.is_in(index, slot, key)? => {
                index.entry(row, key, slot, after)?
            }
            _ => false,
        };
        if had && has && before.key == after.key && before.value == after.value {
            return Ok(());
        }
        let to = match new.filter(|_| has) {
            Some((slot, row)) => Some(self.entry_shard(index, slot, row)?),
            None => None,
        };
        if let Some(shard) = to {
            if after.constrained {
                self.check_entry_is_free(info, index, shard, after, key)?;
            }
            self.forest(shard)?;
        }
        let logged = if index.is_global() { Logged::Entry } else { Logged::Derived };
        if had && let Some((slot, row)) = old {
            let shard = self.entry_shard(index, slot, row)?;
            self.forest(shard)?;
            self.writes.set(shard, index.id(), &before.key, None, logged);
        }
        if let Some(shard) = to {
            let value = Some(after.value.clone());
            let logged = logged.seen(after.constrained);
            self.writes.set(shard, index.id(), &after.key, value, logged);
        }
        Ok(())
    }

    /// Undoes what was done to the first `count` indexes when a later one refused: the closure may
    /// catch the error and go on.
    #[cold]
    fn take_entries_back(
        &mut self,
        info: &TableInfo,
        count: usize,
        key: &[u8],
        (old, new): OldAndNew<'_>,
    ) -> Result<()> {
        let mut entries = (Entry::default(), Entry::default());
        for index in &info.indexes[..count] {
            self.change_entry(info, index, key, (new, old), &mut entries)?;
        }
        self.contribute(info, key, (new, old))
    }

    fn entry_shard(&self, index: &IndexInfo, slot: Slot, row: &Row<'_>) -> Result<u16> {
        let slot = if index.is_global() { index.slot_of_row(row)? } else { slot };
        Ok(self.catalog.map.shard(slot))
    }

    /// Whether an index has, or is to have, the entry of a row: while it is built, only when the
    /// build has come as far as the row (progress B1).
    fn is_in(&self, index: &IndexInfo, slot: Slot, key: &[u8]) -> Result<bool> {
        if !index.building {
            return Ok(true);
        }
        progress::is_in(self, self.catalog.map.shard(slot), index.id(), key)
    }

    fn check_entry_is_free(
        &self,
        info: &TableInfo,
        index: &IndexInfo,
        shard: u16,
        entry: &Entry,
        key: &[u8],
    ) -> Result<()> {
        let mut value = Vec::new();
        // A build puts entries in whatever is locked, so that locks do not keep this one away.
        let builds = index.building && self.observes_builds();
        let observes = self.observes.replace(self.observes.get() || builds);
        let found = lookup::get(self, shard, index.id(), &entry.key, &mut value);
        self.observes.set(observes);
        if found? && index.parse(entry.key.len(), &value)?.primary_key_in(&entry.key) != key {
            self.note_obstacle(shard, index.id(), &entry.key);
            let names = info.definition.index_key_parts(&index.definition);
            return Err(duplicate(info, index.definition.name.clone(), names));
        }
        Ok(())
    }
}

fn duplicate(info: &TableInfo, constraint: String, columns: Vec<String>) -> Error {
    let table = info.definition.name.clone();
    let message = format!(
        "a row of table {table} with the same {} exists: it violates unique constraint \
         {constraint}",
        columns.join(", ")
    );
    Error::new(ErrorKind::Constraint, message).with_sqlstate("23505").with_violation(Violation {
        table,
        constraint,
        columns,
        ..Violation::default()
    })
}

impl TableInfo {
    /// A row's values made whole: right number, defaults filled in, types as declared.
    pub(crate) fn complete(&self, mut values: Vec<Value>) -> Result<Vec<Value>> {
        self.complete_all(&mut values)?;
        Ok(values)
    }

    /// Whether a row's values are whole and of the declared types.
    pub(crate) fn leaves_as_they_are(&self, values: &[Value]) -> bool {
        let mut typed = values.iter().zip(&self.types);
        values.len() == self.types.len() && typed.all(|(value, kind)| kind.leaves_as_is(value))
    }

    /// As [`TableInfo::complete`], where the values are.
    pub(crate) fn complete_all(&self, values: &mut [Value]) -> Result<()> {
        if values.len() != self.types.len() {
            return Err(Error::invalid(format!(
                "table {} has {} columns, {} values were given",
                self.definition.name,
                self.types.len(),
                values.len()
            ))
            .with_sqlstate("42601"));
        }
        for (value, kind) in values.iter_mut().zip(&self.types) {
            if !kind.leaves_as_is(value) {
                *value = kind.coerce(std::mem::take(value))?;
            }
        }
        Ok(())
    }

    /// The bytes of a row.
    ///
    /// # Errors
    /// `InvalidInput` (54000) for a value of more than 64 MiB.
    pub(crate) fn encode_row(&self, values: &[Value]) -> Result<Vec<u8>> {
        let mut row = Vec::with_capacity(128);
        self.encode_row_to(values, &mut row)?;
        Ok(row)
    }

    /// Writes the bytes of a row into a buffer, in place of what it holds.
    ///
    /// # Errors
    /// As [`TableInfo::encode_row`].
    pub(crate) fn encode_row_to(&self, values: &[Value], row: &mut Vec<u8>) -> Result<()> {
        (0..).zip(values).try_for_each(|(at, value)| self.check_length(at, value))?;
        row.clear();
        self.layout.encode_values(values, row)
    }

    #[inline]
    fn check_length(&self, at: usize, value: &Value) -> Result<()> {
        match bytes_of(value) {
            bytes if bytes > VALUE_BYTES_MAX => Err(self.too_long(at, bytes)),
            _ => Ok(()),
        }
    }

    #[cold]
    fn too_long(&self, at: usize, bytes: usize) -> Error {
        Error::invalid(format!(
            "a value of {bytes} bytes for column {} of table {} is larger than the limit of \
             {VALUE_BYTES_MAX}: store it in parts",
            self.definition.columns[at].name, self.definition.name
        ))
        .with_sqlstate("54000")
    }

    /// Refuses a value that the column of that position cannot take.
    fn check_value(&self, at: usize, value: &Value) -> Result<()> {
        self.check_column_not_null(at, value)?;
        self.check_length(at, value)
    }

    /// Whether the store makes the primary key of such a row.
    pub(crate) fn makes_id(&self, values: &[Value]) -> bool {
        let key = self.key_columns.first();
        self.generates_ids && key.is_none_or(|column| values[usize::from(*column)] == Value::Null)
    }

    /// Refuses NULL where a column is NOT NULL.
    pub(crate) fn check_not_null(&self, values: &[Value]) -> Result<()> {
        (0..).zip(values).try_for_each(|(at, value)| self.check_column_not_null(at, value))
    }

    #[inline]
    fn check_column_not_null(&self, at: usize, value: &Value) -> Result<()> {
        match matches!(value, Value::Null) && self.definition.columns[at].not_null {
            true => Err(self.null_refused(at)),
            false => Ok(()),
        }
    }

    #[cold]
    fn null_refused(&self, at: usize) -> Error {
        let column = &self.definition.columns[at].name;
        Error::new(
            ErrorKind::Constraint,
            format!(
                "null value in column {column} of table {} violates not-null constraint",
                self.definition.name
            ),
        )
        .with_sqlstate("23502")
        .with_violation(Violation {
            table: self.definition.name.clone(),
            columns: vec![column.clone()],
            ..Violation::default()
        })
    }

    /// Whether a column has a say in where a row lies.
    fn places_rows(&self, column: u16) -> bool {
        self.key_columns.contains(&column) || self.definition.shard_key.contains(&column)
    }

    /// The primary key among a row's values; empty for a hidden rowid.
    pub(crate) fn key_of(&self, values: &[Value]) -> Vec<Value> {
        self.key_columns.iter().map(|column| values[usize::from(*column)].clone()).collect()
    }

    /// The shard key among a row's columns.
    pub(crate) fn shard_values<'r>(&self, row: &Row<'r>) -> Vec<ValueRef<'r>> {
        self.definition.shard_key.iter().map(|column| row.get(usize::from(*column))).collect()
    }
}
