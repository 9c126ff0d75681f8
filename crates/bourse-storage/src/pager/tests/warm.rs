//! Reading all that a checkpoint reaches at once.

use crate::error::ErrorKind;

use super::Fixture;

#[test]
fn a_warm_shard_waits_for_no_page() {
    let mut f = Fixture::create();
    let links: Vec<_> = (0..400).map(|value| f.insert(value).unwrap()).collect();
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    let (g, _) = Fixture::open(f.vfs.current()).unwrap();
    assert_eq!(g.pager.reached_pages(), 400);
    assert_eq!(g.pager.loads_before_warming(), 20);
    assert_eq!(g.read(cut, links[7]).unwrap(), 7);
    assert_eq!(g.pager.loads(), 1, "asked for alone");
    // Once with a page that is there already, and once with nothing to do.
    for _ in 0..2 {
        g.pager.warm().unwrap();
        assert_eq!(g.cache.statistics().misses, 400, "each page once");
    }
    for (value, link) in (0..).zip(&links) {
        assert_eq!(g.read(cut, *link).unwrap(), value);
    }
    assert_eq!(g.pager.loads(), 1, "nothing was waited for");
}

#[test]
fn a_damaged_page_is_left_to_who_asks_for_it() {
    let mut f = Fixture::create();
    let links: Vec<_> = (0..8).map(|value| f.insert(value).unwrap()).collect();
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    let offset = usize::try_from(links[3].page.offset()).unwrap();
    f.vfs.overwrite(offset + 100, &[0xff; 8]);
    let (g, _) = Fixture::open(f.vfs.current()).unwrap();
    g.pager.warm().unwrap();
    assert_eq!(g.read(cut, links[2]).unwrap(), 2);
    assert_eq!(g.read(cut, links[3]).unwrap_err().kind(), ErrorKind::Corrupt);
}

#[test]
fn a_page_that_died_since_is_no_obstacle() {
    let mut f = Fixture::create();
    let links: Vec<_> = (0..64).map(|value| f.insert(value).unwrap()).collect();
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    let (mut g, _) = Fixture::open(f.vfs.current()).unwrap();
    g.writer.begin_batch(cut.next());
    let copy = g.update(links[5], 500).unwrap();
    g.delete(links[6]).unwrap();
    g.pager.warm().unwrap();
    assert_eq!(g.read(g.writer.batch(), copy).unwrap(), 500);
    // Two checkpoints later the positions belong to others.
    for value in 0..2 {
        let next = g.publish();
        g.checkpoint(next).unwrap();
        g.insert(value).unwrap();
    }
    let links: Vec<_> = (0..200).map(|value| g.insert(value).unwrap()).collect();
    for (value, link) in (0..).zip(&links) {
        assert_eq!(g.read(g.writer.batch(), *link).unwrap(), value);
    }
}
