//! What is looked at while a world lives, and at its end.

use std::time::Duration;

use bourse_server::replication::simulation::{NOBODY, SimulatedMember, Wish};
use tokio::time::sleep;

use super::node::{Cause, last_entry, rows};
use super::world::{State, World};
use super::{MEMBERS, failed};
use crate::Violation;

/// How often members are looked at.
const EVERY: Duration = Duration::from_millis(15);

impl World {
    /// Looks at members, and does what their servers are asked for, until the world is over.
    pub(super) async fn observe(self) {
        loop {
            sleep(EVERY).await;
            if self.lock().violation.is_some() {
                return;
            }
            for id in MEMBERS {
                self.observe_one(id);
            }
            if let Some(text) = self.simulation.wires.voted_twice() {
                self.fail(Violation::new("a vote is given once", text));
            }
            if self.simulation.turns.has_panicked() {
                self.fail(failed("a task has panicked"));
            }
        }
    }

    fn observe_one(&self, id: u64) {
        if self.lock().node(id).disk.is_crashed() {
            let Some(member) = self.take(id) else { return };
            self.lock().counts.crashes_inside += 1;
            return self.begin_again(id, member, Cause::Crash);
        }
        match self.with(id, SimulatedMember::wish).flatten() {
            None => {}
            Some(Wish::OpenAnew) => {
                let Some(member) = self.take(id) else { return };
                self.lock().counts.opened_anew += 1;
                return self.begin_again(id, member, Cause::Wish);
            }
            Some(Wish::BeginAnew) => {
                let Some(member) = self.take(id) else { return };
                let world = self.clone();
                let made = async move { world.make_anew(id, member).await };
                drop(self.simulation.turns.spawn(NOBODY, made));
                return;
            }
            Some(Wish::Leave) => {
                return self.fail(failed(format!("member {id} says that it is none any more")));
            }
        }
        if let Some(Some(term)) = self.with(id, SimulatedMember::leads_in) {
            self.note_leader(term, id);
        }
        let looked = look(&mut self.lock(), id);
        if let Err(violation) = looked {
            self.fail(violation);
        }
        if self.simulation.turns.one_in(20) {
            self.read_as_it_is(id);
        }
    }

    fn begin_again(&self, id: u64, member: SimulatedMember, cause: Cause) {
        let world = self.clone();
        let again = async move { world.restart(id, member, cause).await };
        drop(self.simulation.turns.spawn(NOBODY, again));
    }

    /// Somebody takes writes in a term.
    pub(super) fn note_leader(&self, term: u64, id: u64) {
        let mut state = self.lock();
        let before = state.leaders.get(&term).copied();
        match before {
            None => {
                state.counts.leaders += 1;
                state.leaders.insert(term, id);
            }
            Some(before) if before != id => {
                let text = format!("members {before} and {id} in term {term}");
                let broken = Violation::new("one leader acknowledges in a term", text);
                state.violation.get_or_insert(broken);
            }
            Some(_) => {}
        }
    }

    /// Whether all members have, and show, the same.
    pub(super) fn is_together(&self) -> bool {
        let state = self.lock();
        let mut all = MEMBERS.into_iter().map(|id| {
            let member = state.node(id).running.as_ref()?;
            let (part, shown) = (member.member(), member.database().cut().lsn());
            let last = part.last()?;
            let is_done = part.is_settled() && part.agreed() == last.end && shown == last.end;
            (is_done && member.wish().is_none()).then_some(last.id)
        });
        let first = all.next().flatten();
        first.is_some() && all.all(|other| other == first)
    }

    /// How far each is, for who reads a report.
    pub(super) fn standing(&self) -> String {
        let state = self.lock();
        let of = |id: u64| match &state.node(id).running {
            None => format!("{id} is down"),
            Some(member) => {
                let part = member.member();
                format!(
                    "{id} has entry {:?}, agreed {}, shows {}, {}leads in {:?}, wish {:?}",
                    last_entry(&part),
                    part.agreed(),
                    member.database().cut().lsn(),
                    if part.is_settled() { "" } else { "unsettled, " },
                    member.leads_in(),
                    member.wish(),
                )
            }
        };
        MEMBERS.map(of).join("; ")
    }

    /// What is to be so in the end.
    pub(super) fn check_end(&self) {
        if self.lock().violation.is_some() {
            return;
        }
        let told = self.told();
        let mut first = None;
        for id in MEMBERS {
            let found = self.with(id, |member| {
                let store = member.database();
                let report = store.check(&mut |_| {})?;
                Ok::<_, bourse::Error>((rows(store)?, report.is_sound(), format!("{report:?}")))
            });
            let (found, is_sound, report) = match found {
                Some(Ok(found)) => found,
                Some(Err(error)) => return self.fail(failed(error)),
                None => return self.fail(failed(format!("member {id} is down"))),
            };
            if !is_sound {
                return self.fail(Violation::new("members are equal", report));
            }
            for (key, (told, tried)) in &told {
                let version = found.get(key).copied();
                if version < Some(*told) || version > Some(*tried) {
                    let text = format!(
                        "member {id} has {version:?} of row {key}; {told} was acknowledged, \
                         {tried} tried"
                    );
                    return self.fail(Violation::new("what was acknowledged stays", text));
                }
            }
            if first.get_or_insert_with(|| found.clone()) != &found {
                let text = format!("member {id} has other rows than the first one");
                return self.fail(Violation::new("members are equal", text));
            }
        }
    }
}

/// What a member knows to be agreed on, and what it shows.
fn look(state: &mut State, id: u64) -> Result<(), Violation> {
    let node = state.node(id);
    let Some(member) = &node.running else { return Ok(()) };
    let part = member.member();
    let (agreed, shown) = (part.agreed(), member.database().cut().lsn());
    if part.is_settled() && shown > agreed {
        let text = format!("member {id} shows {shown}, and knows of {agreed}");
        return Err(Violation::new("nothing is shown before it is agreed on", text));
    }
    let from = node.compared;
    let entries = part.entries(from..u64::MAX);
    let known: Vec<_> = entries.into_iter().take_while(|entry| entry.end <= agreed).collect();
    for entry in known {
        let index = entry.id.index;
        let before = *state.agreed.entry(index).or_insert_with(|| {
            state.counts.entries += 1;
            entry.id
        });
        if before != entry.id {
            let text = format!("member {id} has {:?}, and {before:?} was agreed on", entry.id);
            return Err(Violation::new("what is agreed on stays", text));
        }
        state.node_mut(id).compared = index + 1;
    }
    Ok(())
}
