//! The watermark of a table whose rows expire, as a change of definitions. See `crate::expiry`.

use bourse_storage::{Error, Result};

use super::views::next_version;
use super::{Change, change};
use crate::catalog::{TableInfo, expiry_key};
use crate::core::Core;
use crate::expiry::Expiry;
use crate::expression::literal;
use crate::value::{Type, Value};

/// Raises the watermark of a table, or gives it its first one.
pub(crate) fn raise_watermark(
    core: &Core,
    table: &str,
    column: &str,
    before: &Value,
) -> Result<()> {
    change(core, |catalog, _| {
        let info = catalog.table_named(table)?;
        let expiry = raised(info, column, before)?;
        for view in &info.views {
            view.check_can_outlive_rows(&info.definition.name)?;
        }
        // A bulk load under way knows nothing of it.
        let mut change = Change::of(catalog, info, next_version(info));
        change.marks.push((expiry_key(info.id()), Some(expiry.encode()?)));
        Ok(change)
    })
}

fn raised(info: &TableInfo, column: &str, before: &Value) -> Result<Expiry> {
    let position = info.definition.position(column)?;
    let of_table = &info.definition.columns[usize::from(position)];
    let refused = |what: &str, sqlstate: &'static str| {
        let name = &info.definition.name;
        let message = format!("rows of table {name} cannot expire by column {column}: {what}");
        Err(Error::invalid(message).with_sqlstate(sqlstate))
    };
    let is_number = |of: Type| {
        matches!(of, Type::SmallInt | Type::Integer | Type::BigInt | Type::Decimal { .. })
    };
    let is_time =
        |of: Type| matches!(of, Type::Date | Type::Timestamp { .. } | Type::TimestampTz { .. });
    let has_age = is_number(of_table.data_type) || is_time(of_table.data_type);
    if !has_age {
        return refused(&format!("its type {} tells no age", of_table.data_type), "42804");
    }
    let before = of_table.data_type.coerce(before.clone())?;
    if before.is_null() {
        return refused("NULL is no watermark", "22004");
    }
    if let Some(now) = &info.expiry {
        if now.column != position {
            return refused(&format!("they expire by column {}", now.name), "22023");
        }
        if !now.is_lower_than(&before) && now.before != before {
            return refused(
                &format!("rows before {} are gone already", literal(&now.before)),
                "22023",
            );
        }
    }
    Ok(Expiry { name: of_table.name.clone(), column: position, before, done: false })
}

/// Notes that no row before a watermark is left, if it is still the newest.
pub(crate) fn note_done(core: &Core, table: u32, watermark: &Value) -> Result<()> {
    change(core, |catalog, _| {
        let info = catalog.table(table)?;
        let mut change = Change::of(catalog, info, info.definition.clone());
        if let Some(expiry) = info.expiry.as_ref().filter(|now| now.before == *watermark) {
            let done = Expiry { done: true, ..expiry.clone() };
            change.marks.push((expiry_key(table), Some(done.encode()?)));
        }
        Ok(change)
    })
}
