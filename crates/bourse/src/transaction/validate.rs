//! Validation of an optimistic transaction: is what it read still so in the heads?
//!
//! First by page identity: a leaf of the sealed Cut that the head still has is unchanged, and so is
//! all that was read there, found or not found (phantoms included). Where the leaf was replaced,
//! key by key: the Cut is still held, so the entries read are compared with those of the head.

use bourse_storage::Result;
use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Link;
use bourse_storage::store::{PageSource, Step, Stop};
use bourse_storage::tree::{self, Leaf, Payload, Root, Seek};

use crate::commit::Held;
use crate::core::Core;
use crate::cut::CutState;
use crate::shard::{progress, roots};
use crate::snapshot::{KeyRange, Observation};
use crate::transaction::run;
use crate::transaction::session::Guard;
use crate::transaction::{Base, Halt, Transaction};

/// What validation found.
pub(crate) enum Verdict {
    /// All is as it was read.
    Unchanged,
    /// Something changed: the transaction must run again.
    Changed,
    /// A page is missing in memory.
    Halted(Halt),
}

/// Whether all that a transaction over a Cut has read is still so, loading what pages that takes.
///
/// # Errors
/// The disk's.
pub(crate) fn is_still_so(
    core: &Core,
    states: &mut Held<'_>,
    seen: Transaction<'_>,
) -> Result<bool> {
    let Base::Cut { cut, .. } = &seen.base else {
        unreachable!("what reads heads holds their mutexes and needs no validation");
    };
    let reads = seen.reads.take();
    loop {
        match validate(core, states, cut, &reads)? {
            Verdict::Unchanged => return Ok(true),
            Verdict::Halted(Halt::Miss(shard, link)) => {
                run::load_to_validate(core, cut.batch, (shard, link))?;
            }
            Verdict::Changed | Verdict::Halted(_) => return Ok(false),
        }
    }
}

/// Judges what a transaction read over its Cut, and what its constraints found over others.
pub(crate) fn validate_all(
    core: &Core,
    states: &mut Held<'_>,
    (cut, reads): (&CutState, &[Observation]),
    guards: &[Guard],
) -> Result<Verdict> {
    let guards = guards.iter().map(|guard| (&*guard.cut, &*guard.reads));
    for (cut, reads) in std::iter::once((cut, reads)).chain(guards) {
        match validate(core, states, cut, reads)? {
            Verdict::Unchanged => {}
            other => return Ok(other),
        }
    }
    Ok(Verdict::Unchanged)
}

/// Judges what was read over `cut` against the heads in `states`.
pub(crate) fn validate(
    core: &Core,
    states: &mut Held<'_>,
    cut: &CutState,
    reads: &[Observation],
) -> Result<Verdict> {
    if bug::switched_on(Bug::ValidationOff) {
        return Ok(Verdict::Unchanged);
    }
    for observation in reads {
        let shard = observation.shard();
        let Some(state) = states.iter_mut().find(|state| state.number == shard) else {
            if bug::switched_on(Bug::OnlyWrittenShardsLocked) {
                continue;
            }
            unreachable!("T4: every shard that was read is held");
        };
        let (then, now) = (cut.roots[usize::from(shard)], state.head);
        if then.link == now.link {
            continue;
        }
        let pager = &core.shards[usize::from(shard)].pager;
        let step = {
            let pin = core.epochs().pin();
            // What was read can no longer be looked at.
            if core.held.has_expired(cut.batch) {
                return Ok(Verdict::Changed);
            }
            let source = pager.source(&pin, state.batch);
            let tree = observation.tree();
            let store = core.epochs().instance();
            let tree_then = || roots::sealed_tree_root(store, shard, &source, then, tree);
            match observation {
                Observation::Build { index, key, is_in, .. } => {
                    progress::covers_in(&source, now, *index, key).map(|now| now == *is_in)
                }
                _ => tree_then().and_then(|then| {
                    let now = state.roots.of(&source, now, tree)?;
                    is_unchanged(&source, then, now, observation)
                }),
            }
        };
        match step {
            Ok(true) => {}
            Ok(false) => return Ok(Verdict::Changed),
            Err(Stop::Miss(link)) => return Ok(Verdict::Halted(Halt::Miss(shard, link))),
            Err(Stop::Error(error)) => return Err(error),
        }
    }
    Ok(Verdict::Unchanged)
}

/// Whether what was read of a tree is still so, given its roots.
fn is_unchanged<S: PageSource>(
    source: &S,
    then: Root,
    now: Root,
    observation: &Observation,
) -> Step<bool> {
    if then.link == now.link {
        return Ok(true);
    }
    match observation {
        Observation::Point { key, .. } => {
            if leaf_of(source, then, key)? == leaf_of(source, now, key)? {
                return Ok(true);
            }
            same(source, tree::get(source, then, key)?, tree::get(source, now, key)?)
        }
        Observation::Presence { key, .. } => {
            if leaf_of(source, then, key)? == leaf_of(source, now, key)? {
                return Ok(true);
            }
            let there = tree::get(source, then, key)?.is_some();
            Ok(there == tree::get(source, now, key)?.is_some())
        }
        Observation::Build { .. } => unreachable!("how far a build is is no state of a tree"),
        Observation::Range { range, leaf, .. } => {
            if leaf.is_some() && covering_leaf(source, now, range)? == *leaf {
                return Ok(true);
            }
            same_range(source, then, now, range)
        }
    }
}

fn leaf_of<S: PageSource>(source: &S, root: Root, key: &[u8]) -> Step<Option<Link>> {
    // Where the leaf that would hold the key has nothing from there on this is a later one; it
    // serves as well, as it shows what comes next.
    Ok(tree::leaf(source, root, Seek::AtLeast(key))?.map(|(link, _)| link))
}

/// The leaf that covers the whole range, if one does.
fn covering_leaf<S: PageSource>(source: &S, root: Root, range: &KeyRange) -> Step<Option<Link>> {
    use std::ops::Bound;
    let (Bound::Included(key) | Bound::Excluded(key)) = &range.lower else {
        return Ok(None);
    };
    let Some(link) = leaf_of(source, root, key)? else { return Ok(None) };
    let leaf = Leaf::new(source.page(link)?);
    let covers = !leaf.upper_fence().is_some_and(|fence| range.ends_after(fence));
    Ok(covers.then_some(link))
}

/// Whether two values are the same. Extents never change, so the same extent is the same value.
fn same<S: PageSource>(
    source: &S,
    then: Option<Payload<'_>>,
    now: Option<Payload<'_>>,
) -> Step<bool> {
    Ok(match (then, now) {
        (None, None) => true,
        (Some(Payload::Inline(then)), Some(Payload::Inline(now))) => then == now,
        (
            Some(Payload::Extent { first: then, bytes }),
            Some(Payload::Extent { first: now, bytes: now_bytes }),
        ) => {
            if then == now {
                return Ok(true);
            }
            if bytes != now_bytes {
                return Ok(false);
            }
            let (mut a, mut b) = (Vec::new(), Vec::new());
            tree::read_extent(source, then, bytes, &mut a)?;
            tree::read_extent(source, now, bytes, &mut b)?;
            a == b
        }
        _ => false,
    })
}

fn same_range<S: PageSource>(source: &S, then: Root, now: Root, range: &KeyRange) -> Step<bool> {
    use std::ops::Bound;
    let seek = match &range.lower {
        Bound::Unbounded => Seek::First,
        Bound::Included(key) => Seek::AtLeast(key),
        Bound::Excluded(key) => Seek::After(key),
    };
    let (mut old, mut new) = (tree::Cursor::new(source, then), tree::Cursor::new(source, now));
    let (mut old_key, mut new_key) = (Vec::new(), Vec::new());
    let (mut has_old, mut has_new) = (old.seek(seek)?, new.seek(seek)?);
    loop {
        if has_old {
            old.read_key(&mut old_key);
        }
        if has_new {
            new.read_key(&mut new_key);
        }
        let (a, b) = (has_old && range.ends_after(&old_key), has_new && range.ends_after(&new_key));
        if !a || !b {
            return Ok(a == b);
        }
        if old_key != new_key || !same(source, Some(old.payload()), Some(new.payload()))? {
            return Ok(false);
        }
        (has_old, has_new) = (old.next()?, new.next()?);
    }
}
