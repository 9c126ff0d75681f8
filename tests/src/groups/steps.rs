//! What happens in a world: one step after the other.

use bourse::replication::Parcel;
use bourse::replication::group::{EntryId, EntryReader};
use bourse::{Database, ErrorKind};
use bourse_storage::sync::sim::Random;
use bourse_storage::vfs::sim::SimVfs;

use super::node::{FOLDER, Node};
use super::{
    Change, Counts, FIRST_ROWS, LONG, Rows, STEPS, Step, World, definition, is_unknown, key, many,
    row, table, violated,
};

impl World {
    /// A group of three, the first of which had rows before there was a group.
    pub(super) fn new(seed: u64) -> bourse::Result<World> {
        let disk = SimVfs::new(seed);
        Node::found(&disk, |store| {
            let table = store.create_table(&definition()?)?;
            (0..FIRST_ROWS).try_for_each(|id| store.insert(&table, row(id, id, 0)).map(drop))
        })?;
        let first = Node::open(disk, FOLDER.into())?;
        let mut world = World {
            random: Random::new(seed),
            counts: Counts::default(),
            nodes: vec![first],
            leader: None,
            term: 0,
            changes: [(EntryId { term: 0, index: 0 }, Vec::new())].into(),
            unended: Vec::new(),
            agreed: Vec::new(),
            next_value: 1_000_000,
        };
        // The first member is a group of its own, until others are made of it.
        let member = world.nodes[0].member();
        let Some(member) = member else { return Err(bourse::Error::invalid("it is no member")) };
        let first = EntryId { term: 0, index: 0 };
        member.flush(member.end_entry(first, b"members")?)?;
        member.commit(0)?;
        world.agreed.push(first);
        (world.nodes[0].durable, world.nodes[0].agreed) = (Some(0), Some(0));
        for seed in 1..3 {
            let made = Node::made_of(&world.nodes[0], seed)?;
            let Some((disk, folder)) = made else {
                return Err(bourse::Error::invalid("the first member gives no backup"));
            };
            world.nodes.push(Node::open(disk, folder)?);
            let (disk, folder) = (world.nodes[0].disk.reboot(seed), world.nodes[0].folder.clone());
            world.nodes[0].store = None;
            world.nodes[0] = Node::open(disk, folder)?;
            let member = world.nodes[0].member();
            member.map_or(Ok(()), |member| member.commit(0).map(drop))?;
            world.nodes[0].agreed = Some(0);
        }
        Ok(world)
    }

    /// All steps, and the end: when all work and talk to each other they are equal.
    pub(super) fn live(&mut self) -> Step {
        for _ in 0..STEPS {
            let node = self.random.index(3);
            if self.leader.is_none() && self.random.one_in(4) {
                self.elect(node)?;
            }
            match self.random.below(40) {
                0..=11 => self.write()?,
                12..=17 => self.end_entry()?,
                18..=25 => self.replicate(node)?,
                26..=30 => self.flush(node)?,
                31..=33 => self.agree(node)?,
                34 => self.crash(node)?,
                35 => self.elect(node)?,
                36 => self.checkpoint(node)?,
                37 => self.save(node)?,
                _ => self.look(node)?,
            }
        }
        self.bring_together()
    }

    fn leading(&self) -> Option<(usize, Database)> {
        let leader = self.leader?;
        Some((leader, self.nodes[leader].store.clone()?))
    }

    fn write(&mut self) -> Step {
        let Some((_, store)) = self.leading() else { return Ok(()) };
        self.next_value += 1;
        let (key, value) = (key(&mut self.random), self.next_value);
        let change = match self.random.below(20) {
            0..=3 => Change::Delete(key),
            4 => Change::PutMany(value),
            _ => Change::Put(key, value),
        };
        let table = table(&store)?;
        let done = match &change {
            Change::Put(key, value) => store.upsert(&table, row(*key, *value, 0)).map(drop),
            Change::Delete(key) => store.delete(&table, &[(*key).into()]).map(drop),
            Change::PutMany(value) => store.transaction(|transaction| {
                many().try_for_each(|key| {
                    transaction.upsert(&table, row(key, *value, LONG)).map(drop)
                })
            }),
        };
        match done {
            // Nothing was deleted: it depends on no record.
            Ok(()) if matches!(change, Change::Delete(_)) => {}
            Ok(()) => return violated("nothing is shown before it is agreed on", "a write"),
            Err(error) if is_unknown(&error) => {}
            Err(error) => return Err(error.into()),
        }
        self.counts.writes += 1;
        self.unended.push(change);
        Ok(())
    }

    fn end_entry(&mut self) -> Step {
        let Some((leader, _)) = self.leading() else { return Ok(()) };
        let Some(member) = self.nodes[leader].member() else { return Ok(()) };
        let index = member.last().map_or(0, |last| last.id.index + 1);
        let id = EntryId { term: self.term, index };
        let appended = member.end_entry(id, &index.to_le_bytes())?;
        self.nodes[leader].appended.push_back((index, appended));
        self.changes.insert(id, std::mem::take(&mut self.unended));
        Ok(())
    }

    /// Has a node make durable what it has appended, or some of it.
    fn flush(&mut self, node: usize) -> Step {
        let node = &mut self.nodes[node];
        let Some(member) = node.member() else { return Ok(()) };
        let count = self.random.index(node.appended.len() + 1);
        if let Some((index, appended)) = node.appended.drain(..count).next_back() {
            member.flush(appended)?;
            node.durable = Some(index);
        }
        Ok(())
    }

    /// Gives a node the leader's next entry, or finds out that it has others.
    fn replicate(&mut self, to: usize) -> Step {
        let Some(leader) = self.leader.filter(|leader| *leader != to) else { return Ok(()) };
        let (Some(from), Some(member)) = (self.nodes[leader].member(), self.nodes[to].member())
        else {
            return Ok(());
        };
        let last = member.last().map(|last| last.id.index);
        let base = from.base().map_or(0, |base| base.id.index);
        let mut common = last;
        while let Some(index) = common {
            let (ours, theirs) = (self.nodes[leader].entry(index), self.nodes[to].entry(index));
            match (ours, theirs) {
                (Some(ours), Some(theirs)) if ours.id == theirs.id => break,
                _ if index <= base => {
                    drop((from, member));
                    return self.make_anew(to, leader);
                }
                _ => common = Some(index - 1),
            }
        }
        if common < last {
            drop((from, member));
            return self.take_back(to, common);
        }
        let next = common.map_or(0, |index| index + 1);
        let Some(entry) = from.entries(next..next + 1).pop() else {
            let has_more = from.last().is_some_and(|last| last.id.index >= next);
            drop((from, member));
            return if has_more { self.make_anew(to, leader) } else { Ok(()) };
        };
        let Some(parcel) = from.read(next, &mut EntryReader::default())? else { return Ok(()) };
        let parcel = Parcel::decode(parcel.as_bytes())?;
        let appended = member.accept(entry.id, &parcel)?;
        self.nodes[to].appended.push_back((next, appended));
        self.counts.accepted += 1;
        Ok(())
    }

    fn take_back(&mut self, node: usize, common: Option<u64>) -> Step {
        self.counts.taken_back += 1;
        if let Some(member) = self.nodes[node].member() {
            member.cut_behind(common)?;
        }
        self.nodes[node].durable = self.nodes[node].durable.min(common);
        // Also if the node crashes before it is open again.
        let crashes = self.random.one_in(3);
        self.reopen(node, crashes)?;
        let last = self.nodes[node].last().map(|last| last.index);
        if last > common {
            return violated("what is taken back is gone", format!("{last:?} behind {common:?}"));
        }
        self.nodes[node].durable = common;
        Ok(())
    }

    /// Opens a node's store anew, after a crash or not.
    fn reopen(&mut self, at: usize, crashes: bool) -> Step {
        if self.leader == Some(at) {
            self.leader = None;
            self.counts.lost += self.unended.len() as u64;
            self.unended.clear();
        }
        let node = &mut self.nodes[at];
        let (saved, agreed) = (std::mem::take(&mut node.saved), node.agreed);
        let durable = node.durable.filter(|_| crashes);
        let disk = if crashes {
            // What runs is gone with the disk under it.
            let after = node.disk.reboot(self.random.next_u64());
            node.store = None;
            after
        } else {
            node.store = None;
            node.disk.clone()
        };
        *node = Node::open(disk, node.folder.clone())?;
        if node.last().map(|last| last.index) < durable {
            let found = node.last();
            return violated("what is durable is there", format!("{durable:?}, found {found:?}"));
        }
        node.agreed = agreed;
        let state = node.member().map(|member| member.state()).unwrap_or_default();
        if !saved.is_empty() && state != saved {
            return violated("what is saved is there", format!("{saved:?}, found {state:?}"));
        }
        node.saved = saved;
        Ok(())
    }

    fn crash(&mut self, node: usize) -> Step {
        self.counts.crashes += 1;
        self.reopen(node, true)
    }

    /// A node stands for election: two of three, it among them, must not have more than it has.
    fn elect(&mut self, candidate: usize) -> Step {
        if self.leader == Some(candidate) {
            return Ok(());
        }
        let last = self.nodes[candidate].last();
        let voters = (0..3).filter(|node| self.nodes[*node].last() <= last).count();
        if voters < 2 {
            return Ok(());
        }
        if let Some(deposed) = self.leader {
            if let Some(member) = self.nodes[deposed].member() {
                member.retire("it leads no longer");
            }
            let crashes = self.random.one_in(2);
            self.reopen(deposed, crashes)?;
        }
        self.term += 1;
        let Some(store) = self.nodes[candidate].store.clone() else { return Ok(()) };
        match store.lead(self.term) {
            Ok(()) => {}
            // Its log has not yet what its pages have.
            Err(error) if error.kind() == ErrorKind::InvalidInput => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        self.counts.leaders += 1;
        self.leader = Some(candidate);
        self.end_entry()
    }

    /// The leader learns what two of three have, and a node what the leader knows.
    fn agree(&mut self, node: usize) -> Step {
        let Some((leader, _)) = self.leading() else { return Ok(()) };
        let mut durable: Vec<_> = self.nodes.iter().map(|node| node.durable).collect();
        durable.sort_unstable();
        // Of what others have durably only what they share with this leader counts.
        let shared = |node: usize, index: u64| {
            let (ours, theirs) = (self.nodes[leader].entry(index), self.nodes[node].entry(index));
            self.nodes[node].durable >= Some(index)
                && ours.is_some_and(|ours| theirs.is_some_and(|theirs| ours.id == theirs.id))
        };
        let newest = self.nodes[leader].last().map_or(0, |last| last.index);
        let from = self.agreed.len() as u64;
        let agreed = (from..=newest).rev().find(|index| {
            let of_term =
                self.nodes[leader].entry(*index).is_some_and(|entry| entry.id.term == self.term);
            of_term && (0..3).filter(|node| shared(*node, *index)).count() >= 2
        });
        for index in from..agreed.map_or(from, |agreed| agreed + 1) {
            let Some(entry) = self.nodes[leader].entry(index) else {
                return violated("what is agreed on stays", format!("entry {index} is missing"));
            };
            self.agreed.push(entry.id);
            self.counts.agreed += 1;
        }
        self.check_agreed(leader)?;
        if self.agreed_by(leader) {
            self.tell(leader)?;
            self.tell(node)?;
        }
        Ok(())
    }

    /// Whether the leader knows what is agreed on: an entry of its own term is.
    fn agreed_by(&self, leader: usize) -> bool {
        let newest = self.agreed.last().copied();
        newest.is_some_and(|newest| newest.term == self.term) && self.leader == Some(leader)
    }

    /// What was agreed on is part of what every later leader has.
    fn check_agreed(&self, leader: usize) -> Step {
        for (index, agreed) in (0..).zip(&self.agreed) {
            match self.nodes[leader].entry(index) {
                Some(entry) if entry.id == *agreed => {}
                None if self.nodes[leader].member().is_some_and(|member| {
                    member.base().is_some_and(|base| base.id.index > index)
                }) => {}
                found => {
                    let text = format!("{agreed:?}, the leader of {} has {found:?}", self.term);
                    return violated("what is agreed on stays", text);
                }
            }
        }
        Ok(())
    }

    fn tell(&mut self, node: usize) -> Step {
        let Some(member) = self.nodes[node].member() else { return Ok(()) };
        // It is told of what it has, as far as it is the same.
        let known = (0..self.agreed.len() as u64).rev().find(|index| {
            let agreed = self.agreed.get(usize::try_from(*index).unwrap_or(usize::MAX));
            self.nodes[node].entry(*index).map(|entry| entry.id) == agreed.copied()
        });
        let Some(index) = known else { return Ok(()) };
        member.commit(index)?;
        self.nodes[node].agreed = self.nodes[node].agreed.max(Some(index));
        Ok(())
    }

    fn checkpoint(&mut self, node: usize) -> Step {
        let Some(store) = &self.nodes[node].store else { return Ok(()) };
        match store.checkpoint() {
            Ok(()) => self.counts.checkpoints += 1,
            Err(error) if error.kind() == ErrorKind::Busy => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn save(&mut self, node: usize) -> Step {
        let state = self.random.next_u64().to_le_bytes().to_vec();
        if let Some(member) = self.nodes[node].member() {
            member.save_state(&state)?;
            self.nodes[node].saved = state;
        }
        Ok(())
    }

    fn make_anew(&mut self, node: usize, leader: usize) -> Step {
        if !self.agreed_by(leader) {
            return Ok(());
        }
        self.tell(leader)?;
        let made = Node::made_of(&self.nodes[leader], self.random.next_u64())?;
        self.reopen(leader, true)?;
        if let Some((disk, folder)) = made {
            self.nodes[node].store = None;
            self.nodes[node] = Node::open(disk, folder)?;
            self.counts.made += 1;
        }
        Ok(())
    }

    /// Looks at what a node shows.
    fn look(&mut self, at: usize) -> Step {
        let node = &self.nodes[at];
        let (Some(member), Some(store)) = (node.member(), &node.store) else { return Ok(()) };
        if !member.is_settled() {
            return Ok(());
        }
        let shown = store.cut().lsn();
        let agreed = member.agreed();
        if shown > agreed {
            let text = format!("LSN {shown} is shown, {agreed} is agreed on");
            return violated("nothing is shown before it is agreed on", text);
        }
        let Some(entry) = member.entry_at(shown).filter(|entry| entry.end == shown) else {
            return Ok(());
        };
        let rows = self.rows_at(entry.id.index);
        self.counts.compared += 1;
        if self.nodes[at].rows()? != rows {
            let text = format!("node {at} at entry {}", entry.id.index);
            return violated("rows equal the agreed entries", text);
        }
        Ok(())
    }

    /// What the entries that were agreed on make of the first rows.
    fn rows_at(&self, index: u64) -> Rows {
        let mut rows: Rows = (0..FIRST_ROWS).map(|id| (id, (id, 0))).collect();
        for agreed in self.agreed.iter().take_while(|agreed| agreed.index <= index) {
            for change in self.changes.get(agreed).into_iter().flatten() {
                change.apply(&mut rows);
            }
        }
        rows
    }

    fn bring_together(&mut self) -> Step {
        for turn in 0..3_000 {
            if self.leader.is_none() {
                self.elect(turn % 3)?;
                continue;
            }
            self.replicate((turn + 1) % 3)?;
            self.flush(turn % 3)?;
            self.agree(turn % 3)?;
        }
        let Some(leader) = self.leader else {
            return violated("members are equal", "nobody leads in the end");
        };
        let last = self.nodes[leader].last();
        if self.agreed.last().copied() != last {
            let text = format!("{:?} agreed on, {last:?} is the last", self.agreed.last());
            return violated("members are equal", text);
        }
        for node in 0..3 {
            self.tell(node)?;
            self.look(node)?;
            let Some(store) = &self.nodes[node].store else { continue };
            let report = store.check(&mut |_| {})?;
            if !report.is_sound() {
                return violated("members are equal", format!("node {node}: {report:?}"));
            }
            if self.nodes[node].last() != last {
                let text =
                    format!("node {node} has {:?}, the leader {last:?}", self.nodes[node].last());
                return violated("members are equal", text);
            }
        }
        Ok(())
    }
}
