//! Chosen situations: order of arrival, splits in three, in-place changes, emptying, errors.

use super::super::edit::NodeMut;
use super::super::measure::get_comparing_keys;
use super::super::node::{EXTENT_TAG, Node};
use super::super::{
    Leaf, MAX_KEY_BYTES, Payload, Root, Seek, beside, count_range, delete, get, leaf,
    leaf_observed, leaf_of, leaf_placed, pages_needed, put, put_over,
};
use super::memory::{Memory, Random};
use super::model::{Keys, World, key};
use crate::error::ErrorKind;
use crate::id::{Link, PAGE_SIZE, PageId};
use crate::page::PageKind;
use crate::store::{PageSource, Step, Stop};
use std::ops::Bound;

/// How full the leaves are, in order, as bytes used.
pub(super) fn leaf_fill(memory: &Memory, root: Root) -> Vec<usize> {
    let mut fill = Vec::new();
    let mut seek = Some(Seek::First);
    while let Some(now) = seek {
        let Some((link, _)) = memory.read(|memory| leaf(memory, root, now)) else { break };
        let page = &memory.pages[&link.page];
        let node = Node::new(page);
        fill.push(node.heap_start().abs_diff(PAGE_SIZE) + 40 + 8 * node.count() - node.garbage());
        seek = Leaf::new(page).next();
    }
    fill
}

/// What benchmarks compare heads with gives the same answers.
#[test]
fn a_search_without_heads_answers_alike() {
    let mut world = World::new(Keys::Numbers, 3, 0);
    for number in 0..9_000_u64 {
        world.put(&(number * 2).to_be_bytes(), &number.to_le_bytes());
    }
    for number in 0..18_003_u64 {
        let (root, key) = (world.root, number.to_be_bytes());
        let found = world.memory.read(|memory| get(memory, root, &key));
        let other = world.memory.read(|memory| get_comparing_keys(memory, root, &key));
        assert_eq!(found, other, "{number}");
    }
}

/// Who puts a value is shown the one that is there, in its leaf or not, and may leave it.
#[test]
fn what_is_replaced_is_shown_and_may_stay() {
    let mut world = World::new(Keys::Numbers, 5, 0);
    let long = vec![3; 20_000];
    for number in 0..2_000_u64 {
        let value = if number % 50 == 0 { &long[..] } else { &[7; 90] };
        world.put(&number.to_be_bytes(), value);
    }
    let mut root = world.root;
    for number in (0..2_010_u64).step_by(5) {
        let (key, existed) = (number.to_be_bytes(), number < 2_000);
        let before = world.memory.read(|memory| get(memory, root, &key)).map(payload_bytes);
        for stays in [true, false] {
            let mut shown = None;
            let done = world.memory.write(&mut root, |memory, root| {
                put_over(memory, root, &key, &[9; 60], |payload| {
                    shown = Some(payload_bytes(payload));
                    !stays
                })
            });
            assert_eq!(done, (!stays || !existed).then_some(existed), "{number}");
            let now = world.memory.read(|memory| get(memory, root, &key)).map(payload_bytes);
            assert_eq!(now, if stays && existed { before } else { Some(60) }, "{number}");
            assert_eq!(shown, before, "{number}");
            if !existed {
                break;
            }
        }
    }
    assert_eq!(root.count, 2_002);
    world.memory.check(root);
}

/// Values of neighbours are written in one turn a leaf, unless their lengths differ.
#[test]
fn neighbours_are_renewed_in_one_turn() {
    let mut world = World::new(Keys::Numbers, 7, 0);
    for number in 0..1_000_u64 {
        world.put(&number.to_be_bytes(), &[1; 30]);
    }
    let of = |numbers: std::ops::Range<u64>, value: &[u8]| -> Vec<_> {
        numbers.map(|number| (number.to_be_bytes().to_vec(), value.to_vec())).collect()
    };
    let leaves = leaf_fill(&world.memory, world.root).len();
    assert_eq!(world.renew(&of(0..1_000, &[2; 30])), leaves);
    assert_eq!(world.renew(&of(100..104, &[3; 31])), 4, "each is of another length");
    assert_eq!(world.memory.check(world.root), world.map);
}

/// Bytes of a value.
fn payload_bytes(payload: Payload<'_>) -> usize {
    match payload {
        Payload::Inline(value) => value.len(),
        Payload::Extent { bytes, .. } => bytes,
    }
}

/// Leaves of one parent are found from each other, forwards and backwards, and they are those that
/// descents by the fences find; at the parent's edge there is none.
#[test]
fn leaves_are_found_beside_each_other() {
    let mut world = World::new(Keys::Numbers, 1, 0);
    for number in 0..20_000_u64 {
        world.put(&number.to_be_bytes(), &[7; 100]);
    }
    let (root, memory) = (world.root, &world.memory);
    for behind in [true, false] {
        let mut seek = if behind { Seek::First } else { Seek::Last };
        let (mut stepped, mut descended) = (0, 0);
        let mut expected = None;
        loop {
            let found = memory.read(|memory| leaf_placed(memory, root, seek));
            let Some((link, _, Some(place))) = found else { break };
            if let Some(expected) = expected {
                assert_eq!(link, expected);
            }
            descended += 1;
            let next = memory.read(|memory| beside(memory, place, behind));
            stepped += usize::from(next.is_some());
            expected = next.map(|(link, _)| link);
            let leaf = Leaf::new(&memory.pages[&link.page]);
            let Some(further) = (if behind { leaf.next() } else { leaf.previous() }) else { break };
            seek = further;
        }
        assert!(stepped > descended * 9 / 10 && stepped < descended - 1, "{stepped} {descended}");
        assert_eq!(expected, None, "the last leaf has none beside it");
    }
}

/// Entries that arrive in order leave full pages behind, but for what the prefix saves once the
/// page has an upper fence.
#[test]
fn ascending_keys_leave_full_pages() {
    let mut world = World::new(Keys::Numbers, 1, 0);
    for number in 0..20_000_u64 {
        world.put(&number.to_be_bytes(), &[7; 100]);
    }
    assert_eq!(world.memory.check_alone(world.root), world.map);
    assert!(world.root.height >= 3);
    let mut fill = leaf_fill(&world.memory, world.root);
    fill.pop();
    assert!(fill.iter().all(|&bytes| bytes > PAGE_SIZE * 91 / 100), "{fill:?}");
}

/// Entries in any order, deleted in another, leave nothing behind.
#[test]
fn random_order_and_back_to_nothing() {
    let mut world = World::new(Keys::Numbers, 2, 0);
    let mut random = Random(5);
    for _ in 0..30_000 {
        let number = random.next() % 40_000;
        world.put(&number.to_be_bytes(), &number.to_le_bytes());
    }
    assert_eq!(world.memory.check_alone(world.root), world.map);
    let fill = leaf_fill(&world.memory, world.root);
    assert!(fill.iter().sum::<usize>() > fill.len() * PAGE_SIZE * 6 / 10);
    for number in [3, 8, 1000, 65_535] {
        world.look(number);
    }
    world.memory.next_batch();
    for index in 0..40_000_u64 {
        let number = index * 17_389 % 40_000;
        world.delete(&number.to_be_bytes());
        if index % 4096 == 0 {
            world.memory.next_batch();
            assert_eq!(world.memory.check_alone(world.root), world.map);
        }
    }
    assert_eq!(world.root, Root::EMPTY);
    world.memory.check_alone(world.root);
}

/// A queue: in at the end, out at the front. The tree must not grow.
#[test]
fn queue_stays_small() {
    let mut world = World::new(Keys::Numbers, 3, 0);
    for number in 0..20_000_u64 {
        world.put(&number.to_be_bytes(), &[1; 30]);
        if number >= 500 {
            world.delete(&(number - 500).to_be_bytes());
        }
        world.memory.next_batch();
    }
    assert!(leaf_fill(&world.memory, world.root).len() < 20);
    assert!(world.root.height <= 2);
    assert_eq!(world.memory.check_alone(world.root), world.map);
}

/// Two pages do not always suffice (see `split`); three do.
#[test]
fn split_in_three() {
    let mut world = World::new(Keys::Numbers, 4, 0);
    let long = |last: u8| {
        let mut key = vec![b'k'; MAX_KEY_BYTES - 1];
        key.push(last);
        key
    };
    world.put(b"a", &[1; 890]);
    world.put(&long(1), &[1; 64]);
    world.put(&long(3), &[1; 64]);
    world.put(b"z", &[1; 890]);
    assert_eq!(world.root.height, 1);
    world.put(&long(2), &[1; 64]);
    assert_eq!(world.root.height, 2);
    assert_eq!(leaf_fill(&world.memory, world.root).len(), 3);
    assert_eq!(world.memory.check_alone(world.root), world.map);
    for last in 1..4 {
        world.delete(&long(last));
    }
    assert_eq!(world.memory.check_alone(world.root), world.map);
    assert_eq!(leaf_fill(&world.memory, world.root).len(), 2);
}

/// Keys and values of every length around the limits of lying in a leaf.
#[test]
fn lengths_around_the_limits() {
    let mut world = World::new(Keys::Numbers, 5, 7);
    for (key_bytes, value_bytes) in
        [(0, 0), (0, 1024), (0, 1025), (64, 1024), (65, 1024), (1024, 64), (1024, 65), (9, 65_536)]
    {
        world.put(&vec![b'k'; key_bytes], &vec![b'v'; value_bytes]);
        let key = vec![b'k'; key_bytes];
        let found = world.memory.read(|memory| get(memory, world.root, &key)).unwrap();
        let is_inline = value_bytes <= 1024 && key_bytes + value_bytes <= 1088;
        assert_eq!(matches!(found, Payload::Inline(_)), is_inline);
    }
    assert_eq!(world.memory.check_alone(world.root), world.map);
    for bytes in [5000, 10, 3, 70_000, 0, 1024, 1025] {
        for (key, _) in world.map.clone() {
            world.put(&key, &vec![9; bytes]);
        }
        world.memory.next_batch();
        assert_eq!(world.memory.check_alone(world.root), world.map);
    }
    assert_eq!(u16::MAX, EXTENT_TAG);
}

/// Within a batch a page is changed in place, and an equal-length value allocates nothing.
#[test]
fn changes_in_place() {
    let mut world = World::new(Keys::Numbers, 6, 0);
    for number in 0..2000_u64 {
        world.put(&number.to_be_bytes(), &[1; 50]);
    }
    let old = (world.root, world.map.clone());
    let batch = world.memory.next_batch();
    world.memory.held.push(batch);
    world.put(&77_u64.to_be_bytes(), &[2; 50]);
    assert_eq!(world.memory.allocated, usize::from(world.root.height));
    let root = world.root;
    world.put(&77_u64.to_be_bytes(), &[3; 50]);
    assert_eq!((world.memory.allocated, world.root), (0, root));
    world.put(&78_u64.to_be_bytes(), &[3; 50]);
    assert_eq!(world.memory.allocated, 0);
    assert_eq!(world.memory.check(old.0), old.1);
    assert_eq!(world.memory.check(world.root), world.map);
}

/// Deleting what is not there changes nothing, not even in an empty tree.
#[test]
fn delete_of_absent_keys() {
    let mut world = World::new(Keys::Numbers, 7, 0);
    world.delete(b"nothing");
    world.put(b"some", b"thing");
    let root = world.root;
    world.memory.next_batch();
    world.delete(b"nothing");
    assert_eq!(world.root, root);
    assert_eq!(world.memory.allocated, 0);
}

/// The lowest page that holds a counted range stays the same when others change.
#[test]
fn counted_range_names_its_page() {
    let mut world = World::new(Keys::Numbers, 8, 0);
    for number in 0..20_000_u64 {
        world.put(&number.to_be_bytes(), &[1; 50]);
    }
    let (low, high) = (5000_u64.to_be_bytes(), 5010_u64.to_be_bytes());
    let range = (Bound::Included(&low[..]), Bound::Excluded(&high[..]));
    let count = |world: &World| {
        world.memory.read(|memory| count_range(memory, world.root, range.0, range.1))
    };
    let before = count(&world);
    world.memory.next_batch();
    world.put(&17_000_u64.to_be_bytes(), b"elsewhere");
    assert_eq!(count(&world), before);
    world.delete(&5005_u64.to_be_bytes());
    let after = count(&world);
    assert_eq!((before.count, after.count), (10, 9));
    assert_ne!(before.lowest, after.lowest);
}

/// Whoever validates reads by page identity hears of all leaves that an answer rests on.
#[test]
fn all_leaves_read_are_observed() {
    let mut world = World::new(Keys::Numbers, 14, 0);
    for number in 0..2000_u64 {
        world.put(&number.to_be_bytes(), &[1; 50]);
    }
    let observed = |world: &World, seek: Seek<'_>| {
        world.memory.read(|memory| {
            let mut links = Vec::new();
            let found = leaf_observed(memory, world.root, seek, &mut |link| links.push(link))?;
            Ok((found.map(|(link, _)| link), links))
        })
    };
    let (first, _) = world.memory.read(|memory| leaf(memory, world.root, Seek::First)).unwrap();
    let view = Leaf::new(&world.memory.pages[&first.page]);
    let last_key = &(view.count() as u64 - 1).to_be_bytes();
    let (second, links) = observed(&world, Seek::After(last_key));
    assert_eq!(links, [first, second.unwrap()]);
    assert_ne!(links[0], links[1]);
    let (found, links) = observed(&world, Seek::AtMost(last_key));
    assert_eq!((found, &links[..]), (Some(first), &[first][..]));
    let (found, links) = observed(&world, Seek::After(&[0xFF]));
    assert_eq!((found, links.len()), (None, 1));
    let absent = [&last_key[..], &[1]].concat();
    let link = world.memory.read(|memory| leaf_of(memory, world.root, &absent)).unwrap();
    assert_eq!(link, first);
    // The answer to both is another one now, and so is the leaf.
    world.memory.next_batch();
    world.put(&absent, b"new");
    let link = world.memory.read(|memory| leaf_of(memory, world.root, &absent)).unwrap();
    assert_ne!(link, first);
}

/// A tree whose every part is written in one batch after another keeps all snapshots whole.
#[test]
fn many_snapshots() {
    let mut world = World::new(Keys::Text, 9, 0);
    let mut snapshots = Vec::new();
    for number in 0..400_u16 {
        world.put(&key(Keys::Text, number), &vec![3; usize::from(number) * 7]);
        if number % 20 == 0 {
            let batch = world.memory.next_batch();
            world.memory.held.push(batch);
            snapshots.push((world.root, world.map.clone()));
        }
    }
    for (root, map) in &snapshots {
        assert_eq!(world.memory.check(*root), *map);
    }
    world.drop_all(5);
    for (root, map) in &snapshots {
        assert_eq!(world.memory.check(*root), *map);
    }
}

/// Pages that do not belong where a link leads end an operation with `Corrupt`, before changes.
#[test]
fn misplaced_pages_are_refused() {
    let mut world = World::new(Keys::Numbers, 10, 0);
    for number in 0..2000_u64 {
        world.put(&number.to_be_bytes(), &[1; 50]);
    }
    let (link, _) = world.memory.read(|memory| leaf(memory, world.root, Seek::First)).unwrap();
    let page = world.memory.pages.get_mut(&link.page).unwrap();
    page.set_kind(PageKind::Inner, 1);
    let key = 1_u64.to_be_bytes();
    let corrupt = |stop: Stop| match stop {
        Stop::Error(error) => assert_eq!(error.kind(), ErrorKind::Corrupt),
        Stop::Miss(link) => panic!("{link} missed"),
    };
    let mut root = world.root;
    world.memory.read(|memory| {
        corrupt(get(memory, root, &key).unwrap_err());
        Ok(())
    });
    corrupt(put(&mut world.memory, &mut root, &key, b"x").unwrap_err());
    corrupt(delete(&mut world.memory, &mut root, &key).unwrap_err());
    assert_eq!(root, world.root);
    // A root that is not the root: the page of another range.
    let page = world.memory.pages.get_mut(&link.page).unwrap();
    page.set_kind(PageKind::Leaf, 0);
    let mut root = Root { link, height: 1, count: 50 };
    corrupt(put(&mut world.memory, &mut root, &[0xFF; 9], b"x").unwrap_err());
    assert!(pages_needed(root, 0) > 0);
}

/// A page source that gives pages to whoever asks, and counts them.
struct Counting<'m>(&'m Memory, std::cell::Cell<usize>);

impl PageSource for Counting<'_> {
    fn page(&self, link: Link) -> Step<&crate::page::Page> {
        self.1.set(self.1.get() + 1);
        self.0.page(link)
    }
}

/// A point read touches one page a level, and a leaf is asked for keys of any range.
#[test]
fn reads_touch_one_page_a_level() {
    let mut world = World::new(Keys::Numbers, 11, 0);
    for number in 100..20_000_u64 {
        world.put(&number.to_be_bytes(), &[1; 50]);
    }
    let key = 5000_u64.to_be_bytes();
    let place = world.memory.read(|memory| leaf(memory, world.root, Seek::AtLeast(&key)));
    let (link, at) = place.unwrap();
    let counting = Counting(&world.memory, std::cell::Cell::new(0));
    let found = get(&counting, world.root, &key).unwrap();
    assert_eq!(found, Some(Payload::Inline(&[1; 50])));
    assert_eq!(counting.1.get(), usize::from(world.root.height));
    let view = Leaf::new(&world.memory.pages[&link.page]);
    assert_eq!(view.lower_bound(&key), Ok(at));
    assert_eq!(view.lower_bound(&[]), Err(0));
    assert_eq!(view.lower_bound(&[0; 9]), Err(0));
    assert_eq!(view.lower_bound(&[0xFF]), Err(view.count()));
    assert_eq!(view.link(), link);
    assert!(view.prefix().len() >= 6 && view.lower_fence() <= &key[..]);
}

/// Garbage in a page's heap is room for the next entry.
#[test]
fn garbage_is_reused() {
    let mut world = World::new(Keys::Numbers, 12, 0);
    for round in 0..200_usize {
        for number in 0..8_u64 {
            world.put(&number.to_be_bytes(), &vec![1; 300 + (round * 37 + 11) % 90]);
        }
    }
    assert_eq!(world.root.height, 1);
    let page = world.memory.pages.get_mut(&PageId(world.root.link.page.0)).unwrap();
    assert!(NodeMut::new(page).room() < PAGE_SIZE);
    assert_eq!(world.memory.check_alone(world.root), world.map);
}

/// Leaves that are divided in three give their parents two separators of the greatest length at
/// once, so inner pages overflow as badly as they can.
#[test]
fn splits_in_three_reach_the_inner_pages() {
    let mut world = World::new(Keys::Threes, 13, 0);
    let mut random = Random(21);
    for _ in 0..3000 {
        let number = u16::try_from(random.below(1600)).unwrap();
        let bytes = if number.is_multiple_of(4) { 840 + random.below(100) } else { 64 };
        world.put(&key(Keys::Threes, number), &vec![1; bytes]);
        if random.below(4) == 0 {
            world.delete(&key(Keys::Threes, u16::try_from(random.below(1600)).unwrap()));
        }
        world.memory.next_batch();
    }
    assert_eq!(world.memory.check_alone(world.root), world.map);
    assert!(world.root.height >= 4);
}
