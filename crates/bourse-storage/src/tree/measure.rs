//! The search that heads replace, to measure what they are worth (RFC 1). Only benchmarks have it.

use super::node::Node;
use super::search::{page_at, suffix_in};
use super::{Payload, Root};
use crate::store::{PageSource, Step};

/// As [`super::get`] in every answer, but each step of the search within a page compares with a
/// key where it lies, in the heap, instead of with its head beside the slot.
///
/// # Errors
/// As [`super::get`].
pub fn get_comparing_keys<'s, S: PageSource + ?Sized>(
    source: &'s S,
    root: Root,
    key: &[u8],
) -> Step<Option<Payload<'s>>> {
    if root.link.is_none() {
        return Ok(None);
    }
    let mut link = root.link;
    for level in (1..root.height).rev() {
        let node = Node::new(page_at(source, link, level)?);
        let (at, equal) = search(node, suffix_in(node, link, key)?);
        link = node.child(if equal { at } else { at - 1 }).link;
        source.prefetch(link);
    }
    let node = Node::new(page_at(source, link, 0)?);
    let (at, found) = search(node, suffix_in(node, link, key)?);
    Ok(found.then(|| node.payload(at)))
}

/// The first entry whose key is not less, and whether it is equal.
fn search(node: Node<'_>, suffix: &[u8]) -> (usize, bool) {
    let (mut low, mut high) = (node.first_key(), node.count());
    while low < high {
        let middle = usize::midpoint(low, high);
        match node.suffix(middle).cmp(suffix) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return (middle, true),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    (low, false)
}
