//! The allocator against a set of positions.

use std::collections::BTreeSet;

use super::Random;
use crate::pager::allocator::Allocator;

struct Model {
    allocator: Allocator,
    used: BTreeSet<u32>,
}

impl Model {
    fn claim(&mut self, first: u32, count: u32) {
        for page in first..first + count {
            assert!(page >= 4 && page < self.allocator.pages());
            assert!(self.used.insert(page), "position {page} was given twice");
        }
    }

    fn check(&self) {
        let pages = self.allocator.pages();
        let used = u32::try_from(self.used.len()).unwrap();
        assert_eq!(self.allocator.free_count(), pages - 4 - used);
        assert!(self.allocator.tail_count() <= self.allocator.free_count());
        for page in 4..pages + 70 {
            assert_eq!(self.allocator.is_used(page), self.used.contains(&page) || page >= pages);
        }
    }

    fn step(&mut self, random: &mut Random) {
        let some = u32::try_from(random.below(12) + 1).unwrap();
        match random.below(20) {
            0..=7 => match self.allocator.take() {
                Some(page) => self.claim(page, 1),
                None => assert_eq!(self.allocator.free_count(), 0, "a single page is always found"),
            },
            8..=10 => {
                let promised = self.allocator.tail_count() >= some;
                match self.allocator.take_run(some) {
                    Some(first) => self.claim(first, some),
                    None => assert!(!promised, "the tail keeps its promise"),
                }
            }
            11 => {
                let moved = self.allocator.move_tail(some);
                assert_eq!(moved, self.allocator.tail_count() >= some);
            }
            12 if self.allocator.pages() < 700 => {
                self.allocator.grow(self.allocator.pages() + some);
            }
            _ => {
                let Some(page) = self.used.iter().nth(usize::try_from(some).unwrap() * 3) else {
                    return;
                };
                let page = *page;
                let run = (page..page + some).take_while(|page| self.used.contains(page)).count();
                let run = u32::try_from(run).unwrap();
                if run == 1 {
                    self.allocator.free(page);
                } else {
                    self.allocator.free_run(page, run);
                }
                self.used.retain(|used| !(page..page + run).contains(used));
            }
        }
    }
}

#[test]
fn positions_are_given_once() {
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let pages = 5 + u32::try_from(random.below(200)).unwrap();
        let mut model =
            Model { allocator: Allocator::new(Vec::new(), pages), used: BTreeSet::new() };
        for _ in 0..600 {
            model.step(&mut random);
            model.check();
        }
    }
}

#[test]
fn the_last_freed_is_the_next_taken() {
    let mut allocator = Allocator::new(Vec::new(), 100);
    let taken: Vec<u32> = (0..10).map(|_| allocator.take().unwrap()).collect();
    for page in &taken {
        allocator.free(*page);
    }
    let again: Vec<u32> = (0..10).map(|_| allocator.take().unwrap()).collect();
    assert!(again.iter().eq(taken.iter().rev()));
}
