//! A scan of a large table must not cost those who read a small set of pages again and again.

use std::collections::VecDeque;

use crate::id::{Batch, Link};

use super::{Fixture, Random};

const FRAMES: usize = 512;
const HOT: u64 = 300;
const TABLE: u64 = 4000;

/// The policy that a scan ruins: whoever was read last goes last.
#[derive(Default)]
struct Lru {
    /// The page read last is at the end.
    order: VecDeque<Link>,
}

impl Lru {
    /// Reads a page. Whether it was there.
    fn read(&mut self, link: Link) -> bool {
        let found = self.order.iter().position(|other| *other == link);
        if let Some(at) = found {
            self.order.remove(at);
        } else if self.order.len() == FRAMES {
            self.order.pop_front();
        }
        self.order.push_back(link);
        found.is_some()
    }
}

/// The same reads of both.
struct Both {
    fixture: Fixture,
    lru: Lru,
    cut: Batch,
}

impl Both {
    /// Reads pages. How many were there, in the cache and with LRU.
    fn read<'l>(&mut self, links: impl IntoIterator<Item = &'l Link>) -> (u64, u64) {
        let (mut count, mut found_by_lru) = (0, 0);
        let misses = self.fixture.cache.statistics().leaf.misses;
        for link in links {
            count += 1;
            self.fixture.read(self.cut, *link).unwrap();
            found_by_lru += u64::from(self.lru.read(*link));
        }
        let missed = self.fixture.cache.statistics().leaf.misses - misses;
        (count - missed, found_by_lru)
    }
}

/// A service at work: it reads mostly the hot pages, now and then one of the table.
fn warm() -> (Both, Vec<Link>, Vec<Link>) {
    let mut fixture = Fixture::create();
    let mut insert = |value| fixture.insert(value).unwrap();
    let hot: Vec<Link> = (0..HOT).map(&mut insert).collect();
    let table: Vec<Link> = (HOT..HOT + TABLE).map(&mut insert).collect();
    let cut = fixture.publish();
    fixture.checkpoint(cut).unwrap();
    let mut both = Both { fixture, lru: Lru::default(), cut };
    let mut random = Random::new(1);
    for _ in 0..20 {
        both.read(&hot);
        for _ in 0..30 {
            both.read([&table[usize::try_from(random.below(TABLE)).unwrap()]]);
        }
    }
    assert_eq!(both.read(&hot), (HOT, HOT), "both have learnt it");
    (both, hot, table)
}

#[test]
fn a_scan_does_not_evict_what_is_used_often() {
    let (mut both, hot, table) = warm();
    both.read(&table);
    let (kept, kept_by_lru) = both.read(&hot);
    assert_eq!(kept_by_lru, 0, "LRU has the end of the table");
    assert!(kept * 100 >= HOT * 95, "{kept} of {HOT} hot pages were there after the scan");
}

/// The same while the service goes on during the scan.
#[test]
fn hot_pages_are_hit_during_a_scan() {
    let (mut both, hot, table) = warm();
    let (mut found, mut found_by_lru, mut reads) = (0, 0, 0);
    for (pages, link) in table.chunks(10).zip(hot.iter().cycle()) {
        both.read(pages);
        let now = both.read([link]);
        (found, found_by_lru, reads) = (found + now.0, found_by_lru + now.1, reads + 1);
    }
    assert!(found * 100 >= reads * 95, "{found} of {reads} were there");
    assert!(found_by_lru * 4 < reads, "{found_by_lru} of {reads} would have been there with LRU");
}
