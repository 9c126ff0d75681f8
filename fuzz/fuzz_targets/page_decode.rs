//! Pages of any bytes: what `tree::validate` accepts can be read without a panic.
#![no_main]

use bourse_storage::id::{Batch, Link, PAGE_SIZE, PageId};
use bourse_storage::page::{Page, PageKind};
use bourse_storage::store::{PageSource, Step, Stop};
use bourse_storage::tree::{self, Leaf, Root, Seek};
use libfuzzer_sys::fuzz_target;

/// One page; any other is missing.
struct OnePage(Box<Page>);

impl PageSource for OnePage {
    fn page(&self, link: Link) -> Step<&Page> {
        if link == self.0.link() { Ok(&self.0) } else { Err(Stop::Miss(link)) }
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((shape, bytes)) = data.split_first_chunk::<3>() else { return };
    let mut page = Page::zeroed();
    let kind = if shape[0] % 2 == 0 { PageKind::Leaf } else { PageKind::Inner };
    let level = if kind == PageKind::Leaf { 0 } else { shape[1] % 4 + 1 };
    page.reset(kind, level, PageId::FIRST, Batch(1));
    let body = page.body_mut();
    let length = bytes.len().min(body.len());
    body[..length].copy_from_slice(&bytes[..length]);
    // The heap lies at the page's end.
    let end = PAGE_SIZE.min(body.len());
    if bytes.len() > 8 && shape[2] % 2 == 0 {
        let tail = &bytes[bytes.len() / 2..];
        let at = end.saturating_sub(tail.len());
        body[at..end].copy_from_slice(&tail[tail.len() - (end - at)..]);
    }
    if tree::validate(&page).is_err() {
        return;
    }
    let link = page.link();
    if kind == PageKind::Leaf {
        let leaf = Leaf::new(&page);
        let mut key = Vec::new();
        for slot in 0..leaf.count() {
            leaf.read_key(slot, &mut key);
            let _ = leaf.payload(slot).bytes();
        }
        let _ = (leaf.lower_fence(), leaf.upper_fence());
    }
    let root = Root { link, height: level + 1, count: 1 };
    let source = OnePage(page);
    let key = &bytes[..bytes.len().min(tree::MAX_KEY_BYTES)];
    let _ = tree::get(&source, root, key);
    for seek in [Seek::First, Seek::Last, Seek::AtLeast(key), Seek::Before(key)] {
        let _ = tree::leaf(&source, root, seek);
    }
    let _ = tree::rank(&source, root, key);
    let _ = tree::select(&source, root, 0);
});
