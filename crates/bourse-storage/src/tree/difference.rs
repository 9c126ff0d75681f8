//! What two states of a tree do not share.
//!
//! A page that is sealed never changes, so where the same page hangs in both nothing below it
//! differs. The walk goes down both trees level by level, leaves out what both have, and so reads
//! inner pages in proportion to what was changed between the two, whatever the tree's size.

use hashbrown::HashSet;

use super::Root;
use super::node::Node;
use super::search::page_at;
use crate::id::Link;
use crate::store::{PageSource, Step};

/// The pages of one level that the other tree may not have, from left to right.
struct Front {
    links: Vec<Link>,
    /// Levels from here down; 0 for a tree without pages.
    height: u8,
}

impl Front {
    fn of(root: Root) -> Front {
        let links = if root.link.is_none() { Vec::new() } else { vec![root.link] };
        Front { links, height: root.height }
    }

    /// Goes down one level.
    fn descend<S: PageSource + ?Sized>(&mut self, source: &S) -> Step<()> {
        let level = self.height - 1;
        let mut below = Vec::new();
        for link in &self.links {
            let node = Node::new(page_at(source, *link, level)?);
            below.extend((0..node.count()).map(|at| node.child(at).link));
        }
        (self.links, self.height) = (below, level);
        Ok(())
    }
}

/// The leaves of each of two states of a tree that the other one does not have, from left to right.
/// Both must be held, and pages of the newer one that are not sealed must not change meanwhile.
///
/// # Errors
/// Those of reading inner pages.
pub fn leaves_apart<S: PageSource + ?Sized>(
    source: &S,
    old: Root,
    new: Root,
) -> Step<(Vec<Link>, Vec<Link>)> {
    let (mut old, mut new) = (Front::of(old), Front::of(new));
    loop {
        while old.height > new.height.max(1) {
            old.descend(source)?;
        }
        while new.height > old.height.max(1) {
            new.descend(source)?;
        }
        leave_out_common(&mut old.links, &mut new.links);
        if old.height <= 1 && new.height <= 1 {
            return Ok((old.links, new.links));
        }
        old.descend(source)?;
        new.descend(source)?;
    }
}

fn leave_out_common(left: &mut Vec<Link>, right: &mut Vec<Link>) {
    let of_left: HashSet<Link> = left.iter().copied().collect();
    let common: HashSet<Link> =
        right.iter().copied().filter(|link| of_left.contains(link)).collect();
    left.retain(|link| !common.contains(link));
    right.retain(|link| !common.contains(link));
}
