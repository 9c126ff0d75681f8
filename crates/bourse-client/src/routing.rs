//! What is known of the nodes, and from that who is written to and who is read.
//!
//! A leader is found by asking: each node says whether it follows another one, and the newest term
//! that it has heard of. After a promotion two nodes may say that they take writes, for nobody
//! stops the old one: the newer term tells them apart.
//!
//! # Invariants
//! - **R1** The newest term that was seen never falls.
//! - **R2** The leader is a node that takes writes in the newest term. A node of an older term is
//!   never written to, also while no other is there: its writes would be lost.
//! - **R3** Of several that take writes in one term, which only two promotions by mistake bring
//!   about, the one that was leader stays leader as long as it says that it is one.
//! - **R4** A node of an older term is not read either: it may have records that were lost.
//! - **R5** The first store that answers says of which lineage the nodes are; another one's store
//!   is never asked for anything.

/// What a node said of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Seen {
    /// It only follows another one.
    pub(crate) is_follower: bool,
    /// The newest term that it has heard of.
    pub(crate) term: u64,
    pub(crate) lineage: u128,
}

/// What was found out when a node was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    /// Nothing that matters to anybody.
    None,
    /// It can be read, or no longer, or it has another term.
    Nodes,
    /// There is another leader, or none any more.
    Leader,
}

/// See the module's head. Nodes are named by their place in the list that the client was given.
#[derive(Debug)]
pub(crate) struct Routing {
    nodes: Vec<Option<Seen>>,
    newest_term: u64,
    leader: Option<usize>,
    lineage: Option<u128>,
}

impl Routing {
    pub(crate) fn new(nodes: usize) -> Routing {
        Routing { nodes: vec![None; nodes], newest_term: 0, leader: None, lineage: None }
    }

    /// A node has answered.
    ///
    /// # Errors
    /// Says of which lineage the nodes are, where this one is of another (R5).
    pub(crate) fn seen(&mut self, node: usize, seen: Seen) -> Result<Change, u128> {
        let lineage = *self.lineage.get_or_insert(seen.lineage);
        if lineage != seen.lineage {
            self.lost(node);
            return Err(lineage);
        }
        self.newest_term = self.newest_term.max(seen.term); // R1
        Ok(self.set(node, Some(seen)))
    }

    /// A node does not answer.
    pub(crate) fn lost(&mut self, node: usize) -> Change {
        self.set(node, None)
    }

    /// A node that was taken for the leader refused a write: it takes none until it says otherwise.
    pub(crate) fn refused_write(&mut self, node: usize) -> Change {
        let seen = self.nodes[node].map(|seen| Seen { is_follower: true, ..seen });
        self.set(node, seen)
    }

    fn set(&mut self, node: usize, seen: Option<Seen>) -> Change {
        let before = std::mem::replace(&mut self.nodes[node], seen);
        let leader = match self.leader {
            Some(leader) if self.takes_writes(leader) => Some(leader), // R3
            _ => (0..self.nodes.len()).find(|node| self.takes_writes(*node)),
        };
        match (leader == self.leader, before == seen) {
            (true, true) => Change::None,
            (true, false) => Change::Nodes,
            (false, _) => {
                self.leader = leader;
                Change::Leader
            }
        }
    }

    /// R2.
    fn takes_writes(&self, node: usize) -> bool {
        self.nodes[node].is_some_and(|seen| !seen.is_follower && seen.term == self.newest_term)
    }

    /// Who is written to.
    pub(crate) fn leader(&self) -> Option<usize> {
        self.leader
    }

    /// The newest term that was seen.
    pub(crate) fn newest_term(&self) -> u64 {
        self.newest_term
    }

    /// What a node said last, if it answers.
    pub(crate) fn of(&self, node: usize) -> Option<Seen> {
        self.nodes[node]
    }

    /// Whether a node may be read (R4).
    pub(crate) fn may_be_read(&self, node: usize) -> bool {
        self.nodes[node].is_some_and(|seen| seen.term == self.newest_term)
    }

    /// Other nodes than the leader that say that they take writes: in the same term (R3), or in an
    /// older one (R2).
    pub(crate) fn pretenders(&self) -> impl Iterator<Item = usize> + '_ {
        let others = (0..self.nodes.len()).filter(|node| Some(*node) != self.leader);
        others.filter(|node| self.nodes[*node].is_some_and(|seen| !seen.is_follower))
    }

    /// Who is read, the best first: replicas by how many connections of them are in use, those
    /// with equally many in turn, and the leader when nobody else is there.
    pub(crate) fn readers(&self, busy: &[u32], turn: usize) -> Vec<usize> {
        let count = self.nodes.len();
        let is_replica = |node: &usize| Some(*node) != self.leader && self.may_be_read(*node);
        let mut readers: Vec<usize> =
            (0..count).map(|offset| (turn + offset) % count).filter(is_replica).collect();
        readers.sort_by_key(|node| busy[*node]);
        readers.extend(self.leader);
        readers
    }
}

#[cfg(test)]
mod tests;
