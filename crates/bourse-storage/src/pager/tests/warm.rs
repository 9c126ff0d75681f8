//! Reading many pages at once, and what leaves memory while nobody else reads.

use crate::error::ErrorKind;
use crate::id::{Link, PageId};

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
        g.writer.warm().unwrap();
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
    g.writer.warm().unwrap();
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
    g.writer.warm().unwrap();
    assert_eq!(g.cache.statistics().misses, 63, "but for the one that was deleted");
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

#[test]
fn many_pages_are_loaded_by_their_links_and_no_others() {
    let mut f = Fixture::create();
    let links: Vec<_> = (0..400).map(|value| f.insert(value).unwrap()).collect();
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    let offset = usize::try_from(links[30].page.offset()).unwrap();
    f.vfs.overwrite(offset + 100, &[0xff; 8]);
    let (g, _) = Fixture::open(f.vfs.current()).unwrap();
    // Near to each other and far apart, in no order, one of them twice.
    let mut wanted = vec![links[300], links[3], links[9], links[1], links[3], links[200]];
    assert_eq!(g.pager.load_many(&mut wanted).unwrap(), 5);
    assert_eq!(g.cache.statistics().misses, 5, "what lies between is read and not kept");
    for at in [1, 3, 9, 200, 300] {
        assert_eq!(g.read(cut, links[at]).unwrap(), at as u64);
    }
    assert_eq!(g.pager.loads(), 0, "nothing was waited for");
    // A damaged one, one that was another's before, and one beyond the file.
    let before = Link { birth: links[40].birth + 1, ..links[40] };
    let beyond = Link { page: PageId(g.pager.pages()), ..links[40] };
    let mut wanted = vec![links[30], before, beyond, links[31], Link::NONE];
    assert_eq!(g.pager.load_many(&mut wanted).unwrap(), 1);
    assert_eq!(g.read(cut, links[31]).unwrap(), 31);
    assert_eq!(g.read(cut, links[40]).unwrap(), 40);
    assert_eq!(g.read(cut, links[30]).unwrap_err().kind(), ErrorKind::Corrupt);
}

#[test]
fn what_dies_while_nobody_reads_leaves_memory_and_not_the_disk() {
    let mut f = Fixture::create();
    let links: Vec<_> = (0..200).map(|value| f.insert(value).unwrap()).collect();
    let cut = f.publish();
    f.checkpoint(cut).unwrap();
    let (mut g, _) = Fixture::open(f.vfs.current()).unwrap();
    g.writer.begin_batch(cut.next());
    g.writer.begin_alone();
    g.pager.load_many(&mut links.clone()).unwrap();
    let resident = g.cache.statistics().resident;
    let copies: Vec<_> =
        (500..).zip(&links).map(|(value, link)| g.update(*link, value).unwrap()).collect();
    assert!(g.cache.statistics().resident < resident + 100, "frames of the dead are used again");
    for (copy, link) in copies.iter().zip(&links) {
        assert_ne!(copy.page, link.page, "positions that a superblock reaches are not");
        assert!(g.pager.file.table.frame(link.page).is_none());
    }
    g.writer.end_alone();
    let next = g.publish();
    for (value, copy) in (500..).zip(&copies) {
        assert_eq!(g.read(next, *copy).unwrap(), value);
    }
    // From now on readers may have the Cut, and what dies stays for them.
    let newest = g.update(copies[0], 900).unwrap();
    assert_eq!(g.read(next, copies[0]).unwrap(), 500);
    assert_eq!(g.read(g.writer.batch(), newest).unwrap(), 900);
    // A crash before the next checkpoint finds the old pages.
    let (h, _) = Fixture::open(g.vfs.current()).unwrap();
    for (value, link) in (0..).zip(&links) {
        assert_eq!(h.read(cut, *link).unwrap(), value);
    }
}
