//! A graph whose edges have kinds: its strongly connected parts, and ways by edges of some kinds.

/// Who wrote the version before.
pub(super) const WROTE_BEFORE: u8 = 1;
/// Who wrote what the other read.
pub(super) const READ_FROM: u8 = 2;
/// Who read what the other replaced.
pub(super) const READ_BEFORE: u8 = 4;
/// Who had ended when the other began.
pub(super) const TIME: u8 = 8;

/// Nodes by number, edges with a set of kinds each.
#[derive(Clone, Default)]
pub(super) struct Graph {
    edges: Vec<Vec<(usize, u8)>>,
}

impl Graph {
    pub(super) fn new(nodes: usize) -> Graph {
        Graph { edges: vec![Vec::new(); nodes] }
    }

    pub(super) fn add(&mut self, from: usize, to: usize, kind: u8) {
        if from != to {
            self.edges[from].push((to, kind));
        }
    }

    /// The edges of some kinds, with where they come from.
    pub(super) fn edges_of(&self, kinds: u8) -> impl Iterator<Item = (usize, usize)> {
        let nodes = self.edges.iter().enumerate();
        nodes.flat_map(move |(from, edges)| {
            edges.iter().filter(move |(_, kind)| kind & kinds != 0).map(move |(to, _)| (from, *to))
        })
    }

    fn next(&self, node: usize, kinds: u8) -> impl Iterator<Item = usize> {
        self.edges[node].iter().filter(move |(_, kind)| kind & kinds != 0).map(|(to, _)| *to)
    }

    /// The number of each node's strongly connected part, over edges of some kinds: the second walk
    /// of Kosaraju goes against the edges, from the node that the first one left last.
    pub(super) fn parts(&self, kinds: u8) -> Vec<usize> {
        let nodes = self.edges.len();
        let mut back = Graph::new(nodes);
        self.edges_of(kinds).for_each(|(from, to)| back.add(to, from, kinds));
        let mut left = Vec::with_capacity(nodes);
        let mut seen = vec![false; nodes];
        for node in 0..nodes {
            self.walk(node, kinds, &mut seen, &mut |node| left.push(node));
        }
        let (mut parts, mut part) = (vec![0; nodes], 0);
        seen.fill(false);
        for node in left.into_iter().rev() {
            if !seen[node] {
                part += 1;
                back.walk(node, kinds, &mut seen, &mut |node| parts[node] = part);
            }
        }
        parts
    }

    /// Depth first, without recursion; calls back as nodes are left.
    fn walk(&self, first: usize, kinds: u8, seen: &mut [bool], left: &mut dyn FnMut(usize)) {
        if std::mem::replace(&mut seen[first], true) {
            return;
        }
        let mut stack = vec![(first, 0)];
        while let Some((node, at)) = stack.last_mut() {
            match self.edges[*node].get(*at) {
                Some((next, kind)) => {
                    *at += 1;
                    if kind & kinds != 0 && !std::mem::replace(&mut seen[*next], true) {
                        stack.push((*next, 0));
                    }
                }
                None => {
                    left(*node);
                    stack.pop();
                }
            }
        }
    }

    /// Whether a way by edges of some kinds leads there, inside of one part.
    pub(super) fn leads(&self, from: usize, to: usize, kinds: u8, parts: &[usize]) -> bool {
        let mut seen = vec![false; self.edges.len()];
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            if node == to {
                return true;
            }
            if !std::mem::replace(&mut seen[node], true) {
                open.extend(self.next(node, kinds).filter(|next| parts[*next] == parts[from]));
            }
        }
        false
    }

    /// Whether a way leads there on which no two edges of kind [`READ_BEFORE`] follow each other,
    /// nor one is the first or the last.
    pub(super) fn leads_apart(&self, from: usize, to: usize, kinds: u8, parts: &[usize]) -> bool {
        // A node is seen once after such an edge and once after another.
        let mut seen = vec![[false; 2]; self.edges.len()];
        let mut open = vec![(from, true)];
        while let Some((node, after_read)) = open.pop() {
            if std::mem::replace(&mut seen[node][usize::from(after_read)], true) {
                continue;
            }
            for (next, kind) in &self.edges[node] {
                let reads = kind & READ_BEFORE != 0;
                if kind & kinds == 0 || parts[*next] != parts[from] || (reads && after_read) {
                    continue;
                }
                if *next == to && !reads {
                    return true;
                }
                open.push((*next, reads));
            }
        }
        false
    }
}
