//! A tree against a map: the same answers, and old roots keep their contents.
#![no_main]

use std::collections::{BTreeMap, HashMap};

use bourse_storage::id::{Batch, Link, PageId};
use bourse_storage::page::{OVERFLOW_PAYLOAD, Page, PageKind, extent_pages};
use bourse_storage::store::{PageSource, PageStore, Step, Stop};
use bourse_storage::tree::{self, Payload, Root};
use libfuzzer_sys::fuzz_target;

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// Pages in memory. None is used again, so that old roots can be read.
struct Memory {
    pages: HashMap<PageId, Box<Page>>,
    batch: Batch,
}

impl Memory {
    fn value(&self, payload: Payload<'_>) -> Vec<u8> {
        match payload {
            Payload::Inline(value) => value.to_vec(),
            Payload::Extent { first, bytes } => {
                let mut value = Vec::new();
                done(tree::read_extent(self, first, bytes, &mut value));
                value
            }
        }
    }

    fn assert_is(&self, root: Root, model: &Model) {
        let mut contents = Model::new();
        let mut read = |link: Link| Ok(Box::new(Page(self.pages[&link.page].0)));
        tree::check(&mut read, root, &mut |_, _| {}, &mut |key, payload| {
            contents.insert(key.to_vec(), self.value(payload));
        })
        .expect("a sound tree");
        assert_eq!(&contents, model);
    }
}

impl PageSource for Memory {
    fn page(&self, link: Link) -> Step<&Page> {
        let page = &self.pages[&link.page];
        assert_eq!(page.link(), link);
        Ok(page)
    }
}

impl PageStore for Memory {
    fn batch(&self) -> Batch {
        self.batch
    }

    fn allocate(&mut self) -> Link {
        let id = PageId(PageId::FIRST.0 + u32::try_from(self.pages.len()).expect("few pages"));
        let mut page = Page::zeroed();
        page.reset(PageKind::Free, 0, id, self.batch);
        let link = page.link();
        self.pages.insert(id, page);
        link
    }

    fn writable(&mut self, link: Link) -> Link {
        let old = &self.pages[&link.page];
        if old.birth() == self.batch {
            return link;
        }
        let contents = old.0;
        let copy = self.allocate();
        let (id, birth) = (copy.page, self.batch);
        let page = self.page_mut(copy);
        page.0 = contents;
        page.set_identity(id, birth);
        copy
    }

    fn page_mut(&mut self, link: Link) -> &mut Page {
        self.pages.get_mut(&link.page).expect("a page that was allocated")
    }

    fn free(&mut self, _link: Link) {}

    fn allocate_extent(&mut self, value: &[u8]) -> Link {
        let links: Vec<Link> = (0..extent_pages(value.len())).map(|_| self.allocate()).collect();
        for (link, part) in links.iter().zip(value.chunks(OVERFLOW_PAYLOAD)) {
            let page = self.page_mut(*link);
            page.set_kind(PageKind::Overflow, 0);
            page.body_mut()[..part.len()].copy_from_slice(part);
        }
        links[0]
    }

    fn free_extent(&mut self, _first: Link, _bytes: usize) {}
}

fn done<T>(step: Step<T>) -> T {
    match step {
        Ok(value) => value,
        Err(Stop::Miss(link)) => panic!("{link} is in memory"),
        Err(Stop::Error(error)) => panic!("{error}"),
    }
}

fuzz_target!(|data: &[u8]| {
    let mut memory = Memory { pages: HashMap::new(), batch: Batch::first_of_open(1) };
    let (mut root, mut model) = (Root::EMPTY, Model::new());
    let mut kept: Vec<(Root, Model)> = Vec::new();
    for operation in data.chunks_exact(5) {
        let [kind, a, b, c, size] = operation else { unreachable!("chunks of five") };
        let mut key = vec![a % 8, *b];
        key.resize(2 + usize::from(c % 200) * 5, *c);
        match kind % 8 {
            0..=3 => {
                let length = usize::from(*size) * if kind & 0x80 == 0 { 2 } else { 40 };
                let value = vec![*size; length];
                let replaced = done(tree::put(&mut memory, &mut root, &key, &value));
                assert_eq!(replaced, model.insert(key, value).is_some());
            }
            4 | 5 => {
                let was = done(tree::delete(&mut memory, &mut root, &key));
                assert_eq!(was, model.remove(&key).is_some());
            }
            6 => {
                let found = done(tree::get(&memory, root, &key));
                assert_eq!(found.map(|payload| memory.value(payload)).as_ref(), model.get(&key));
                let rank = done(tree::rank(&memory, root, &key));
                assert_eq!(rank, model.range(..key).count() as u64);
            }
            _ => {
                if kept.len() < 4 {
                    kept.push((root, model.clone()));
                }
                memory.batch = memory.batch.next();
            }
        }
    }
    memory.assert_is(root, &model);
    for (root, model) in &kept {
        memory.assert_is(*root, model);
    }
});
