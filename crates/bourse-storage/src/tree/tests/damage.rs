//! Bytes that nobody wrote must not panic, and each kind of damage to a tree must be found.

use proptest::prelude::{ProptestConfig, proptest};

use super::super::edit::{Fences, NodeMut, build};
use super::super::node::{FLAGS_AT, Item, Node, PREFIX_AT, SKIP_AT, SLOT_SIZE, SLOTS_AT};
use super::super::{MAX_KEY_BYTES, Payload, Root, Seek, check, leaf, leaf_observed, validate};
use super::memory::{Memory, Random};
use super::model::{Keys, World, key};
use crate::error::ErrorKind;
use crate::id::{Batch, Link, PageId};
use crate::page::{Page, PageKind};
use crate::store::{PageStore, Stop};

/// Touches everything that an accessor can touch, and changes the page.
fn use_page(page: &Page) {
    let node = Node::new(page);
    let _ = (node.lower_fence(), node.upper_fence(), node.prefix());
    for at in 0..node.count() {
        let item = node.item(at);
        assert_eq!(item.size(), SLOT_SIZE + node.entry_bytes(at));
        if node.is_leaf() {
            let _ = node.payload(at);
        } else {
            let _ = node.child(at);
        }
    }
    for probe in [&b""[..], b"a", &[0; 5], &[0xFF; MAX_KEY_BYTES]] {
        if node.is_leaf() {
            let _ = node.lower_bound(probe);
        } else {
            let _ = (node.child_holding(probe), node.child_below(probe));
        }
    }
    let mut copy = Page(page.0);
    let mut edit = NodeMut::new(&mut copy);
    let fixed = if node.is_leaf() { &[0; 2][..] } else { &[0; 14][..] };
    let item = Item { fixed, lead: &[], suffix: b"", rest: &[] };
    if node.count() > 1 {
        edit.remove(node.count() - 1);
    }
    while edit.room() >= item.size() {
        edit.insert(edit.node().count(), item);
    }
    validate(&copy).unwrap();
}

fn expect_sound_or_corrupt(page: &Page) {
    match validate(page) {
        Ok(()) if page.kind() != Some(PageKind::Overflow) => use_page(page),
        Ok(()) => {}
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Corrupt);
            assert!(error.message().contains(&page.link().to_string()));
        }
    }
}

/// A tree with inner pages, leaves, prefixes, garbage and extents.
fn sample() -> World {
    let mut world = World::new(Keys::Mixed, 3, 0);
    for number in 0..900 {
        let bytes = usize::from(number % 90);
        world.put(&key(Keys::Mixed, number), &vec![1; bytes]);
        if number % 100 == 0 {
            world.put(&key(Keys::Mixed, number), &vec![1; 9000]);
        }
    }
    for number in (0..900).step_by(3) {
        world.delete(&key(Keys::Mixed, number + 1));
    }
    assert!(world.root.height >= 3);
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Random bytes under a header of a tree's page.
    #[test]
    fn random_bytes_never_panic(seed: u64, is_leaf: bool, count in 0_u8..12) {
        let mut random = Random(seed);
        let mut page = Page::zeroed();
        page.0.fill_with(|| random.next().to_le_bytes()[0]);
        expect_sound_or_corrupt(&page);
        if is_leaf { page.set_kind(PageKind::Leaf, 0) } else { page.set_kind(PageKind::Inner, 1) }
        expect_sound_or_corrupt(&page);
        page.0[24..SLOTS_AT].fill(0);
        page.0[24] = count;
        page.0[27] = 15;
        expect_sound_or_corrupt(&page);
    }
}

/// Pages of a real tree with a few bytes changed: most are refused, and none panics.
#[test]
fn changed_bytes_never_panic() {
    let world = sample();
    let mut random = Random(11);
    for page in world.memory.pages.values() {
        for _ in 0..200 {
            let mut copy = Page(page.0);
            for _ in 0..1 + random.below(3) {
                let at = if random.below(2) == 0 { random.below(120) } else { random.below(4096) };
                copy.0[at] = random.next().to_le_bytes()[0];
            }
            expect_sound_or_corrupt(&copy);
        }
    }
}

/// Guards against a search without end: an empty leaf whose fences lead back to itself. Found by
/// the fuzz target `page_decode`.
#[test]
fn a_leaf_that_its_own_fence_leads_to_is_damaged() {
    let mut memory = Memory::new(1, 0);
    let link = memory.allocate();
    let fences = Fences { prefix: b"", lower: b"m", upper: Some(b"m") };
    build(memory.page_mut(link), 0, fences, &[]);
    let root = Root { link, height: 1, count: 0 };
    let seeks = [
        Seek::First,
        Seek::Last,
        Seek::AtLeast(b"m"),
        Seek::After(b"m"),
        Seek::AtMost(b"m"),
        Seek::Before(b"m"),
    ];
    for seek in seeks {
        let mut leaves = 0;
        let found = memory.read(|memory| {
            leaves = 0;
            let observe = &mut |_| {
                leaves += 1;
                assert!(leaves < 4, "{seek:?} goes round");
            };
            match leaf_observed(memory, root, seek, observe) {
                Err(Stop::Error(error)) => Ok(Err(error)),
                other => other.map(Ok),
            }
        });
        assert_eq!(found.unwrap_err().kind(), ErrorKind::Corrupt, "{seek:?}");
    }
}

/// Breaks a page, and expects the check to name it and to say `what`.
fn expect_found(what: &str, choose: impl Fn(&World) -> Link, harm: impl Fn(&mut Page)) {
    let mut world = sample();
    let link = choose(&world);
    harm(world.memory.pages.get_mut(&link.page).unwrap());
    let message = check_fails(&world.memory, world.root);
    assert!(message.contains(what), "{message}");
    assert!(message.contains(&link.to_string()), "{message} does not name {link}");
}

fn check_fails(memory: &Memory, root: Root) -> String {
    let mut read = |link: Link| Ok(Box::new(Page(memory.pages[&link.page].0)));
    let error = check(&mut read, root, &mut |_, _| {}, &mut |_, _| {}).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    error.message().to_owned()
}

/// A leaf in the middle with several entries and a lower fence.
fn some_leaf(world: &World) -> Link {
    let mut found = None;
    for number in 100..700 {
        let key = key(Keys::Mixed, number);
        let seek = Seek::AtLeast(&key);
        let place = world.memory.read(|memory| leaf(memory, world.root, seek));
        let node = Node::new(&world.memory.pages[&place.unwrap().0.page]);
        if node.count() > 5 && node.prefix_bytes() > 0 && node.garbage() == 0 {
            found = place;
        }
    }
    found.unwrap().0
}

fn some_inner(world: &World) -> Link {
    Node::new(&world.memory.pages[&world.root.link.page]).child(0).link
}

fn root_page(world: &World) -> Link {
    world.root.link
}

#[test]
fn check_finds_wrong_identity() {
    for choose in [some_leaf, some_inner, root_page] {
        let mut world = sample();
        let link = choose(&world);
        let page = world.memory.pages.get_mut(&link.page).unwrap();
        page.set_identity(PageId(link.page.0 + 1), page.birth());
        let message = check_fails(&world.memory, world.root);
        assert!(message.contains("the page found there is"), "{message}");
        page_of(&mut world, link).set_identity(link.page, Batch(u64::from(link.birth) + 1));
        let message = check_fails(&world.memory, world.root);
        assert!(message.contains("the page found there is"), "{message}");
    }
}

fn page_of(world: &mut World, link: Link) -> &mut Page {
    world.memory.pages.get_mut(&link.page).unwrap()
}

#[test]
fn check_finds_children_younger_than_parents() {
    expect_found("after its parent", some_leaf, |page| {
        // Of the next open, and with the same link.
        let later = page.birth().0 + (1 << 40);
        let low = page.birth().low().wrapping_sub(Batch(later & !0xffff_ffff).low());
        let birth = Batch(later & !0xffff_ffff | u64::from(low));
        page.set_identity(page.id(), birth);
    });
}

#[test]
fn check_finds_wrong_kind_and_level() {
    expect_found("kind and level", some_leaf, |page| page.set_kind(PageKind::Bitmap, 0));
    expect_found("not a page of level 0", some_leaf, |page| page.set_kind(PageKind::Overflow, 0));
    expect_found("not a page of level", some_inner, |page| {
        page.set_kind(PageKind::Inner, page.level() + 1);
    });
}

#[test]
fn check_finds_wrong_fences_and_prefix() {
    expect_found("separators", some_leaf, |page| {
        let node = Node::new(page);
        let last = 4096 - node.upper_fence().unwrap().len() - 1;
        page.0[last] ^= 1;
    });
    // Two children of one page, each in the other's place.
    let mut world = sample();
    let inner = some_inner(&world);
    let node = Node::new(&world.memory.pages[&inner.page]);
    let (first, second) = (node.child(0), node.child(1));
    let mut edit = NodeMut::new(page_of(&mut world, inner));
    edit.set_child(0, second);
    edit.set_child(1, first);
    let message = check_fails(&world.memory, world.root);
    assert!(message.contains("separators"), "{message}");
    assert!(message.contains(&second.link.to_string()), "{message}");
    expect_found("in common", some_leaf, |page| page.0[PREFIX_AT] -= 1);
    expect_found("flags", some_leaf, |page| page.0[FLAGS_AT] = 2);
}

#[test]
fn check_finds_wrong_order_and_heads() {
    expect_found("not above the last", some_leaf, |page| {
        let (first, second) = (SLOTS_AT, SLOTS_AT + SLOT_SIZE);
        let slot: [u8; SLOT_SIZE] = page.0[first..second].try_into().unwrap();
        page.0.copy_within(second..second + SLOT_SIZE, first);
        page.0[second..second + SLOT_SIZE].copy_from_slice(&slot);
    });
    expect_found("the head of entry 2", some_leaf, |page| {
        page.0[SLOTS_AT + 2 * SLOT_SIZE + 5] ^= 1
    });
    expect_found("skipped bytes", some_leaf, |page| page.0[SKIP_AT] += 1);
    expect_found("outside its fences", some_leaf, |page| {
        let node = Node::new(page);
        let (at, slot) = (node.count() - 1, node.slot(node.count() - 1));
        page.0[slot.offset + 2] = 0xFF;
        page.0[SLOTS_AT + SLOT_SIZE * at + 7] = 0xFF;
    });
}

#[test]
fn check_finds_wrong_counts() {
    let in_or_below =
        |world: &World| Node::new(&world.memory.pages[&some_inner(world).page]).child(0).link;
    let mut world = sample();
    let child = in_or_below(&world);
    let inner = some_inner(&world);
    let offset = Node::new(page_of(&mut world, inner)).slot(0).offset;
    page_of(&mut world, inner).0[offset + 8] ^= 1;
    let message = check_fails(&world.memory, world.root);
    assert!(message.contains("counted") && message.contains(&child.to_string()), "{message}");
    let world = sample();
    for root in [
        Root { count: world.root.count + 1, ..world.root },
        Root { height: world.root.height + 1, ..world.root },
        Root { height: 1, ..world.root },
        Root { height: 0, ..world.root },
        Root { link: Link::NONE, ..world.root },
    ] {
        check_fails(&world.memory, root);
    }
}

#[test]
fn check_finds_wrong_sums_in_pages() {
    expect_found("add up", some_leaf, |page| page.0[28] = 1);
    expect_found("overlap", some_leaf, |page| page.0[27] = 0xFF);
    expect_found("outside the heap", some_leaf, |page| page.0[SLOTS_AT + 1] = 0xFF);
}

#[test]
fn check_finds_damaged_extents() {
    let mut found = None;
    let world = sample();
    let mut read = |link: Link| Ok(Box::new(Page(world.memory.pages[&link.page].0)));
    let mut on_entry = |_: &[u8], payload: Payload<'_>| {
        if let Payload::Extent { first, bytes: 9000 } = payload {
            found = Some(first);
        }
    };
    check(&mut read, world.root, &mut |_, _| {}, &mut on_entry).unwrap();
    let Some(first) = found else { panic!("the sample has an extent of several pages") };
    let second = Link { page: PageId(first.page.0 + 1), ..first };
    expect_found("not part of an extent", |_| second, |page| page.set_kind(PageKind::Free, 0));
    expect_found(
        "the page found there",
        |_| second,
        |page| {
            page.set_identity(page.id(), Batch(page.birth().0 + 1));
        },
    );
}
