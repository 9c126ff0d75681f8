//! Where views stand in the place of the groups that a statement asks for.

use bourse::View;

use super::answer::answer;
use super::grouping::Grouping;
use crate::algebra::{ColumnId, Query, Rel, Rewrite, Statement};
use crate::catalog::Catalog;
use crate::error::{Result, SqlError};

/// Which views are chosen for queries that do not name them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Chosen {
    /// None.
    Nothing,
    /// Those that answer in the same digits (M1).
    Exact,
    /// Those whose sums of floating numbers are rounded otherwise, too.
    All,
}

impl Chosen {
    /// What the setting says.
    pub(crate) fn of_setting(value: Option<&str>) -> Chosen {
        match value {
            Some("off") => Chosen::Nothing,
            Some("all") => Chosen::All,
            _ => Chosen::Exact,
        }
    }
}

struct Choosing<'c> {
    catalog: &'c Catalog,
    chosen: Chosen,
    next: u32,
}

impl Rewrite for Choosing<'_> {
    fn rel(&mut self, rel: &mut Rel) {
        if let Rel::Aggregate { .. } = rel
            && let Some(found) = self.replace(rel)
        {
            *rel = found;
        }
    }
}

impl Choosing<'_> {
    fn replace(&mut self, rel: &Rel) -> Option<Rel> {
        let Rel::Aggregate { input, .. } = rel else { return None };
        let views = self.catalog.views_over(base_of(input)?);
        if views.is_empty() {
            return None;
        }
        let grouping = Grouping::of(rel).ok()?;
        let is_exact = grouping.items.iter().all(|(_, item)| item.is_exact());
        if !grouping.joined.is_empty() || self.chosen == Chosen::Exact && !is_exact {
            return None;
        }
        if grouping.table.has_expiry() {
            return None; // M2
        }
        // Of several that answer, the one with the fewest columns of the group has the fewest
        // groups.
        let mut views: Vec<&View> = views.iter().filter(|view| may_stand_in(view)).collect();
        views.sort_by_key(|view| view.definition().group.len());
        views.into_iter().find_map(|view| {
            let next = &mut self.next;
            let mut number = || {
                *next += 1;
                ColumnId(*next - 1)
            };
            answer(&grouping, view, &mut number)
        })
    }
}

/// The table at the bottom of what is grouped.
fn base_of(rel: &Rel) -> Option<&str> {
    match rel {
        Rel::Scan(scan) => Some(scan.table.name()),
        Rel::Filter { input, .. } => base_of(input),
        _ => None,
    }
}

/// M2.
fn may_stand_in(view: &View) -> bool {
    let definition = view.definition();
    view.is_ready()
        && definition.having.is_none()
        && definition.lookups.iter().all(|lookup| !lookup.is_inner)
}

/// Puts views into the place of the groups that they have.
pub(crate) fn choose(statement: &mut Statement, catalog: &Catalog, chosen: Chosen) {
    if chosen == Chosen::Nothing || !catalog.has_aggregate_views() {
        return;
    }
    let next = u32::try_from(crate::plan::slots_of(statement)).unwrap_or(u32::MAX);
    statement.rewrite_statement(&mut Choosing { catalog, chosen, next });
}

/// Puts a view into the place of the groups of the query that it was made of.
///
/// # Errors
/// 55000 when the table has changed so that they are others.
pub(crate) fn read_through(
    query: &mut Query,
    view: &View,
    name: &str,
    next: &mut dyn FnMut() -> ColumnId,
) -> Result<()> {
    let other = || {
        let message = format!("materialized view \"{name}\" is not what its query says any more");
        SqlError::new("55000", message).with_hint("Drop it, and make it anew.")
    };
    let groups = groups_mut(&mut query.rel).ok_or_else(other)?;
    let grouping = Grouping::of(groups).map_err(|why| other().with_detail(why))?;
    *groups = answer(&grouping, view, &mut || next()).ok_or_else(other)?;
    Ok(())
}

/// As [`groups_below`](super::make::groups_below), to be replaced.
fn groups_mut(rel: &mut Rel) -> Option<&mut Rel> {
    match rel {
        Rel::Aggregate { .. } => Some(rel),
        Rel::Project { input, .. }
        | Rel::Filter { input, .. }
        | Rel::Sort { input, .. }
        | Rel::Limit { input, .. }
        | Rel::Distinct { input, .. } => groups_mut(input),
        _ => None,
    }
}
