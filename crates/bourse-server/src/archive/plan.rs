//! Which records of which segments make a state: those that the newest term's history has (A3).

use bourse::replication::History;

use super::names::{Base, Segment};

/// Records of a segment that are taken, up to one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Step {
    pub(super) segment: Segment,
    pub(super) until: u64,
}

/// Until where what a term wrote counts; none where the history does not have the term.
pub(super) fn end_of(history: &History, term: u64) -> Option<u64> {
    let epochs = history.epochs();
    let at = epochs.iter().position(|epoch| epoch.term == term)?;
    Some(epochs.get(at + 1).map_or(u64::MAX, |next| next.after.0))
}

/// The steps from behind `after` to `target`, or as far as there are segments; and how far that is.
pub(super) fn steps(
    segments: &[Segment],
    end_of: impl Fn(u64) -> Option<u64>,
    after: u64,
    target: u64,
) -> (Vec<Step>, u64) {
    let (mut steps, mut reached) = (Vec::new(), after);
    while reached < target {
        let goes_on = segments.iter().filter_map(|segment| {
            let until = segment.last.min(end_of(segment.term)?);
            let fits = segment.first <= reached.saturating_add(1) && until > reached;
            fits.then_some((until, segment.term, *segment))
        });
        let Some((until, _, segment)) = goes_on.max_by_key(|(until, term, _)| (*until, *term))
        else {
            break;
        };
        let until = until.min(target);
        steps.push(Step { segment, until });
        reached = until;
    }
    (steps, reached)
}

/// The first record that counts of segments beyond the end of the steps, where there are any: then
/// those between are missing.
pub(super) fn behind_gap(
    segments: &[Segment],
    end_of: impl Fn(u64) -> Option<u64>,
    reached: u64,
) -> Option<u64> {
    let counts = |segment: &&Segment| {
        end_of(segment.term).is_some_and(|end| segment.first <= end && segment.first > reached)
    };
    segments.iter().filter(counts).map(|segment| segment.first).min()
}

/// The newest backup that is no newer than what is wanted, and from which the log is there up to
/// its own state.
pub(super) fn base<'b>(
    bases: &'b [Base],
    segments: &[Segment],
    end_of: impl Fn(u64) -> Option<u64> + Copy,
    is_early_enough: impl Fn(&Base) -> bool,
) -> Option<&'b Base> {
    let counts = |base: &&Base| end_of(base.term).is_some_and(|end| base.lsn <= end);
    let is_whole = |base: &&Base| steps(segments, end_of, base.after, base.lsn).1 >= base.lsn;
    let fit = bases.iter().filter(|base| is_early_enough(base)).filter(counts).filter(is_whole);
    fit.max_by_key(|base| (base.lsn, base.taken_us))
}
