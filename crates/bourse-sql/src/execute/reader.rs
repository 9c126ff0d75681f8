//! What a statement reads from: a Cut, a transaction, or the newest state for a single row.

use std::ops::ControlFlow;

use bourse::key::KeyReader;
use bourse::{
    Cut, Database, Error, ErrorKind, IndexEntry, Order, Range, Result, Row, Table, Transaction,
    Value, View,
};

/// Which index is read, in which way.
pub(crate) struct IndexScan<'s> {
    pub(crate) table: &'s Table,
    pub(crate) index: &'s str,
    pub(crate) range: &'s Range,
    pub(crate) order: Order,
    /// How many rows are wanted at least, as far as that is known.
    pub(crate) least: Option<usize>,
}

/// Takes rows by the number of their key, if there are such.
pub(crate) type ShowNumbered<'s> =
    dyn FnMut(usize, Option<Row<'_>>) -> Result<ControlFlow<()>> + 's;

/// Takes the values of groups of a view.
pub(crate) type ShowGroup<'s> = dyn FnMut(&[Value]) -> ControlFlow<()> + 's;

/// A state of the store. Closures end a read by breaking; what went wrong in them they keep.
pub(crate) trait Reader {
    /// Shows the row of a primary key. Returns whether there is one.
    fn get(&self, table: &Table, key: &[Value], show: &mut dyn FnMut(Row<'_>)) -> Result<bool>;

    /// Shows the rows of many primary keys, by number, read together.
    fn get_many(
        &self,
        table: &Table,
        keys: &[Vec<Value>],
        show: &mut ShowNumbered<'_>,
    ) -> Result<()>;

    /// Shows rows of a range of the primary key.
    fn rows(
        &self,
        table: &Table,
        range: &Range,
        order: Order,
        show: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    ) -> Result<()>;

    /// As [`Reader::rows`], with the rows' keys.
    fn keyed_rows(
        &self,
        table: &Table,
        range: &Range,
        order: Order,
        show: &mut dyn FnMut(KeyReader<'_>, Row<'_>) -> ControlFlow<()>,
    ) -> Result<()>;

    /// Shows entries of an index.
    fn entries(
        &self,
        scan: &IndexScan<'_>,
        show: &mut dyn FnMut(&IndexEntry<'_>) -> ControlFlow<()>,
    ) -> Result<()>;

    /// Shows rows of those entries of an index that `keep` accepts, at most `limit`.
    fn fetch(
        &self,
        scan: &IndexScan<'_>,
        limit: usize,
        keep: &mut dyn FnMut(&IndexEntry<'_>) -> ControlFlow<(), bool>,
        show: &mut dyn FnMut(KeyReader<'_>, Row<'_>) -> ControlFlow<()>,
    ) -> Result<()>;

    /// How many rows a range of a table has, or entries one of an index.
    fn count(&self, table: &Table, index: Option<&str>, range: &Range) -> Result<u64>;

    /// Shows the groups of a range of the columns by which a view groups; the one group, where the
    /// range is a value of each.
    fn groups(
        &self,
        view: &View,
        range: &Range,
        order: Order,
        show: &mut ShowGroup<'_>,
    ) -> Result<()>;

    /// Shows the first groups of a view by an output column.
    fn first_groups(
        &self,
        view: &View,
        column: &str,
        order: Order,
        limit: usize,
        show: &mut ShowGroup<'_>,
    ) -> Result<()>;
}

/// Ends a read from within; it never leaves this module.
#[cold]
fn enough() -> Error {
    Error::new(ErrorKind::InvalidInput, "no more rows are wanted")
}

/// The key of the one group that a range has, where it is a value of each of a view's columns.
fn whole_key<'r>(view: &View, range: &'r Range) -> Option<&'r [Value]> {
    let columns = view.definition().group.len();
    let key = range.prefix_values();
    (columns > 0 && key.len() == columns).then_some(key)
}

macro_rules! reader {
    ($reader:ty) => {
        impl Reader for $reader {
            fn get(
                &self,
                table: &Table,
                key: &[Value],
                show: &mut dyn FnMut(Row<'_>),
            ) -> Result<bool> {
                Ok(self.get_with(table, key, show)?.is_some())
            }

            fn get_many(
                &self,
                table: &Table,
                keys: &[Vec<Value>],
                show: &mut ShowNumbered<'_>,
            ) -> Result<()> {
                self.multi_get_with(table, keys, show)
            }

            fn rows(
                &self,
                table: &Table,
                range: &Range,
                order: Order,
                show: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
            ) -> Result<()> {
                self.scan(table, range, order)?.each_with(|row| Ok(show(row)))
            }

            fn keyed_rows(
                &self,
                table: &Table,
                range: &Range,
                order: Order,
                show: &mut dyn FnMut(KeyReader<'_>, Row<'_>) -> ControlFlow<()>,
            ) -> Result<()> {
                self.scan(table, range, order)?.each_keyed(|key, row| Ok(show(key, row)))
            }

            fn entries(
                &self,
                scan: &IndexScan<'_>,
                show: &mut dyn FnMut(&IndexEntry<'_>) -> ControlFlow<()>,
            ) -> Result<()> {
                let IndexScan { table, index, range, order, .. } = *scan;
                self.scan_index(table, index, range, order)?.each_with(|entry| Ok(show(entry)))
            }

            fn fetch(
                &self,
                scan: &IndexScan<'_>,
                limit: usize,
                keep: &mut dyn FnMut(&IndexEntry<'_>) -> ControlFlow<(), bool>,
                show: &mut dyn FnMut(KeyReader<'_>, Row<'_>) -> ControlFlow<()>,
            ) -> Result<()> {
                let IndexScan { table, index, range, order, least } = *scan;
                let stopped = std::cell::Cell::new(false);
                let stop = || {
                    stopped.set(true);
                    enough()
                };
                let mut entries = self.scan_index(table, index, range, order)?;
                let mut fetch = |rows| {
                    let result = entries.fetch_keyed(
                        rows,
                        |entry| match keep(entry) {
                            ControlFlow::Continue(keep) => Ok(keep),
                            ControlFlow::Break(()) => Err(stop()),
                        },
                        |key, row| match show(key, row) {
                            ControlFlow::Continue(()) => Ok(()),
                            ControlFlow::Break(()) => Err(stop()),
                        },
                    );
                    if stopped.get() { Ok(0) } else { result }
                };
                // More than are wanted at least are fetched when it is seen that they are.
                let (mut left, mut round) = (limit, least.unwrap_or(limit).min(limit));
                loop {
                    let fetched = fetch(round)?;
                    left -= fetched;
                    if fetched < round || left == 0 {
                        return Ok(());
                    }
                    round = round.saturating_mul(2).min(left);
                }
            }

            fn count(&self, table: &Table, index: Option<&str>, range: &Range) -> Result<u64> {
                match index {
                    Some(index) => self.count_index(table, index, range),
                    None => self.count_range(table, range),
                }
            }

            fn groups(
                &self,
                view: &View,
                range: &Range,
                order: Order,
                show: &mut ShowGroup<'_>,
            ) -> Result<()> {
                if let Some(key) = whole_key(view, range) {
                    if let Some(group) = self.group(view, key)? {
                        let _ = show(group.values());
                    }
                    return Ok(());
                }
                for group in <$reader>::groups(self, view, range, order)? {
                    if show(group?.values()).is_break() {
                        break;
                    }
                }
                Ok(())
            }

            fn first_groups(
                &self,
                view: &View,
                column: &str,
                order: Order,
                limit: usize,
                show: &mut ShowGroup<'_>,
            ) -> Result<()> {
                for group in self.top_groups(view, &Range::all(), column, order, limit)? {
                    if show(group.values()).is_break() {
                        break;
                    }
                }
                Ok(())
            }
        }
    };
}

reader!(Cut);
reader!(Transaction<'_>);

/// The newest state, for statements that read it once.
pub(crate) struct Newest<'d>(pub(crate) &'d Database);

impl Reader for Newest<'_> {
    fn get(&self, table: &Table, key: &[Value], show: &mut dyn FnMut(Row<'_>)) -> Result<bool> {
        Ok(self.0.get_with(table, key, show)?.is_some())
    }

    fn get_many(
        &self,
        table: &Table,
        keys: &[Vec<Value>],
        show: &mut ShowNumbered<'_>,
    ) -> Result<()> {
        self.0.cut().get_many(table, keys, show)
    }

    fn rows(
        &self,
        table: &Table,
        range: &Range,
        order: Order,
        show: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>,
    ) -> Result<()> {
        self.0.cut().rows(table, range, order, show)
    }

    fn keyed_rows(
        &self,
        table: &Table,
        range: &Range,
        order: Order,
        show: &mut dyn FnMut(KeyReader<'_>, Row<'_>) -> ControlFlow<()>,
    ) -> Result<()> {
        self.0.cut().keyed_rows(table, range, order, show)
    }

    fn entries(
        &self,
        scan: &IndexScan<'_>,
        show: &mut dyn FnMut(&IndexEntry<'_>) -> ControlFlow<()>,
    ) -> Result<()> {
        self.0.cut().entries(scan, show)
    }

    fn fetch(
        &self,
        scan: &IndexScan<'_>,
        limit: usize,
        keep: &mut dyn FnMut(&IndexEntry<'_>) -> ControlFlow<(), bool>,
        show: &mut dyn FnMut(KeyReader<'_>, Row<'_>) -> ControlFlow<()>,
    ) -> Result<()> {
        self.0.cut().fetch(scan, limit, keep, show)
    }

    fn count(&self, table: &Table, index: Option<&str>, range: &Range) -> Result<u64> {
        Reader::count(&self.0.cut(), table, index, range)
    }

    fn groups(
        &self,
        view: &View,
        range: &Range,
        order: Order,
        show: &mut ShowGroup<'_>,
    ) -> Result<()> {
        Reader::groups(&self.0.cut(), view, range, order, show)
    }

    fn first_groups(
        &self,
        view: &View,
        column: &str,
        order: Order,
        limit: usize,
        show: &mut ShowGroup<'_>,
    ) -> Result<()> {
        self.0.cut().first_groups(view, column, order, limit, show)
    }
}
