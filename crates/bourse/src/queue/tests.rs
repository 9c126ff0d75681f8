//! A queue against a model that is a list for each key and a clock, in simulated time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::sync;
use bourse_storage::sync::sim::{self, Random};
use bourse_storage::vfs::sim::SimVfs;

use super::{Enqueued, Leased, Message, Queue, QueueDefinition, QueueKeyType, nanos};
use crate::datetime::wall_clock_ns;
use crate::{Database, Options, Timestamp, TransactionOptions, Value};

mod crashes;

const KEYS: u64 = 5;
const ATTEMPTS_MAX: u32 = 3;
const TIMEOUT: Duration = Duration::from_secs(20);
const WINDOW: Duration = Duration::from_secs(60);

/// Small, on a simulated disk, with nothing running by itself.
pub(crate) fn options_on(disk: &SimVfs) -> Options {
    Options {
        vfs: Arc::new(disk.clone()),
        shards: 3,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 256 << 10,
        background: false,
        ..Options::default()
    }
}

fn store(disk: &SimVfs) -> Database {
    Database::open("/store", options_on(disk)).unwrap()
}

fn definition() -> QueueDefinition {
    QueueDefinition {
        key_type: QueueKeyType::BigInt,
        attempts_max: ATTEMPTS_MAX,
        backoff_first: Duration::from_secs(4),
        backoff_max: Duration::from_secs(10),
        idempotency_window: WINDOW,
        ..QueueDefinition::new("work")
    }
}

/// What the model knows of a message.
#[derive(Clone, Debug)]
struct Known {
    payload: String,
    priority: i16,
    due: i64,
    attempts: u32,
    token: Option<u64>,
}

#[derive(Default)]
struct Model {
    keys: BTreeMap<i64, Vec<Known>>,
    /// Messages without a key, each one of its own.
    keyless: Vec<Known>,
    dead: Vec<String>,
    /// Expiry by key and idempotency key.
    once: BTreeMap<(i64, String), i64>,
    tokens: BTreeMap<i64, u64>,
    leases: Vec<Leased>,
    next: u64,
}

impl Model {
    fn depth(&self) -> usize {
        self.keys.values().map(Vec::len).sum::<usize>() + self.keyless.len()
    }

    /// The messages that can be leased, but for their time.
    fn heads(&self) -> Vec<&Known> {
        self.keys.values().filter_map(|list| list.first()).chain(&self.keyless).collect()
    }

    fn list_of(&mut self, payload: &str) -> Option<(&mut Vec<Known>, usize)> {
        let lists = self.keys.values_mut().chain(std::iter::once(&mut self.keyless));
        lists.into_iter().find_map(|list| {
            let at = list.iter().position(|known| known.payload == payload)?;
            Some((list, at))
        })
    }

    /// The message, if the lease is not lost.
    fn fenced(&mut self, leased: &Leased) -> Option<(&mut Vec<Known>, usize)> {
        let payload = String::from_utf8_lossy(leased.payload()).into_owned();
        let token = Some(leased.token());
        self.list_of(&payload).filter(|(list, at)| list[*at].token == token)
    }
}

struct Game {
    random: Random,
    store: Database,
    queue: Queue,
    model: Model,
}

impl Game {
    fn enqueue(&mut self) {
        let payload = format!("message {}", self.model.next);
        self.model.next += 1;
        let priority = i16::try_from(self.random.below(3)).unwrap() - 1;
        let delay = Duration::from_secs([0, 0, 0, 7][self.random.index(4)]);
        let mut message = Message::new(payload.as_bytes()).priority(priority).delay(delay);
        let key = self.random.below(KEYS + 2).cast_signed();
        let key = (key < KEYS.cast_signed()).then_some(key);
        if let Some(key) = key {
            message = message.key(key);
        }
        // Without a key the idempotency key decides the place, and so an order of its own.
        let once = (key.is_some() && self.random.one_in(3))
            .then(|| format!("once {}", self.random.below(3)));
        if let Some(once) = &once {
            message = message.idempotency_key(once);
        }
        let enqueued = self.enqueue_somehow(&message, key);
        let now = wall_clock_ns();
        // Without a key the idempotency key is the queue's; -1 stands for that.
        let place = once.map(|once| (key.unwrap_or(-1), once));
        let expires = place.as_ref().and_then(|place| self.model.once.get(place));
        let expected = match expires {
            Some(expires) if *expires > now => Enqueued::Duplicate,
            _ => Enqueued::Added,
        };
        assert_eq!(enqueued, expected, "{payload}");
        if enqueued == Enqueued::Duplicate {
            return;
        }
        if let Some(place) = place {
            self.model.once.insert(place, now + nanos(WINDOW));
        }
        let due = now + nanos(delay);
        let known = Known { payload, priority, due, attempts: 0, token: None };
        match key {
            Some(key) => self.model.keys.entry(key).or_default().push(known),
            None => self.model.keyless.push(known),
        }
    }

    /// By each kind of transaction.
    fn enqueue_somehow(&mut self, message: &Message, key: Option<i64>) -> Enqueued {
        let Game { random, store, queue, .. } = self;
        match random.below(4) {
            0 => queue.send(message).unwrap(),
            1 => store.transaction(|t| queue.enqueue(t, message)).unwrap(),
            2 => {
                let key = [Value::Integer(key.unwrap_or(1))];
                let run = |t: &mut crate::Transaction<'_>| queue.enqueue(t, message);
                store.shard_transaction(queue.messages(), &key, run).unwrap()
            }
            _ => {
                let mut session = store.begin(TransactionOptions::default()).unwrap();
                let enqueued = session.statement(|t| queue.enqueue(t, message)).unwrap();
                session.commit().unwrap();
                enqueued
            }
        }
    }

    fn lease(&mut self) {
        let max = 1 + self.random.index(4);
        let before = wall_clock_ns();
        let leased = self.queue.lease(max, TIMEOUT).unwrap();
        let after = wall_clock_ns();
        assert!(leased.len() <= max);
        // Whose attempts are used up is a dead letter now, if it came to be looked at.
        let letters = self.queue.dead_letters(1_000).unwrap();
        let dead_before = self.model.dead.len();
        for letter in letters {
            let payload = String::from_utf8_lossy(letter.payload()).into_owned();
            if !self.model.dead.contains(&payload) {
                let mut keyless = self.model.keyless.iter();
                let is_keyless = keyless.any(|known| known.payload == payload);
                let (list, at) = self.model.list_of(&payload).unwrap();
                let known = list.remove(at);
                assert_eq!((at == 0 || is_keyless, known.attempts), (true, ATTEMPTS_MAX));
                assert!(known.due <= after);
                self.model.dead.push(payload);
            }
        }
        let payload = |leased: &Leased| String::from_utf8_lossy(leased.payload()).into_owned();
        let heads = self.model.heads();
        let taken: Vec<&Known> = leased
            .iter()
            .map(|leased| {
                let known = heads.iter().find(|head| head.payload == payload(leased));
                known.unwrap_or_else(|| panic!("{leased:?} is no head"))
            })
            .copied()
            .collect();
        assert!(taken.iter().all(|known| known.due <= after && known.attempts < ATTEMPTS_MAX));
        let left = heads.iter().filter(|head| {
            head.due <= before && !taken.iter().any(|known| known.payload == head.payload)
        });
        let least = taken.iter().map(|known| known.priority).min().unwrap_or(i16::MAX);
        // A shard that was asked for a message that died gives its next one, or none: others may be
        // more urgent by then.
        let none_died = self.model.dead.len() == dead_before;
        for head in left.filter(|_| none_died) {
            assert!(leased.len() == max && head.priority <= least, "{head:?} was left");
        }
        for leased in leased {
            let payload = payload(&leased);
            let (list, at) = self.model.list_of(&payload).unwrap();
            let known = &mut list[at];
            known.attempts += 1;
            assert_eq!((leased.attempt(), leased.priority()), (known.attempts, known.priority));
            (known.token, known.due) = (Some(leased.token()), leased.until().0);
            if let Value::Integer(key) = leased.key() {
                let before = self.model.tokens.insert(*key, leased.token());
                assert!(before.is_none_or(|before| before < leased.token()), "{leased:?}");
            }
            self.model.leases.push(leased);
        }
    }

    /// Does something with one of all leases that there have been, lost ones too.
    fn use_lease(&mut self) {
        if self.model.leases.is_empty() {
            return;
        }
        let at = self.random.index(self.model.leases.len());
        let mut leased = self.model.leases[at].clone();
        let (queue, store) = (self.queue.clone(), self.store.clone());
        let does = self.random.below(4);
        let in_session = self.random.one_in(3);
        let result = match does {
            0 | 1 if in_session => {
                let mut session = store.begin(TransactionOptions::default()).unwrap();
                let done = session.statement(|t| queue.acknowledge(t, &leased));
                session.commit().unwrap();
                done
            }
            0 => queue.acknowledge_alone(&leased),
            1 => store.transaction(|t| queue.acknowledge(t, &leased)),
            2 => queue.extend(&mut leased, TIMEOUT),
            _ => queue.reject_alone(&leased, "no").map(drop),
        };
        let now = wall_clock_ns();
        let Some((list, at)) = self.model.fenced(&leased) else {
            assert_eq!(result.unwrap_err().sqlstate(), "55000");
            return;
        };
        result.unwrap();
        match does {
            0 | 1 => {
                list.remove(at);
            }
            2 => list[at].due = leased.until().0,
            _ if list[at].attempts == ATTEMPTS_MAX => {
                let known = list.remove(at);
                self.model.dead.push(known.payload);
            }
            _ => {
                // The backoff is between a half and all of 4, 8 and then 10 seconds.
                let row = self.queue.store.get(self.queue.messages(), &leased.place());
                let due = super::message::integer(&row.unwrap().unwrap(), 4).unwrap();
                let most = [4, 8, 10][list[at].attempts as usize - 1] * 1_000_000_000;
                assert!((now + most / 2 - 1_000_000_000..=now + most).contains(&due));
                (list[at].due, list[at].token) = (due, None);
            }
        }
    }

    fn requeue(&mut self) {
        for letter in self.queue.dead_letters(2).unwrap() {
            assert!(self.queue.requeue(&letter).unwrap());
            assert!(!self.queue.requeue(&letter).unwrap(), "it is gone");
            let payload = String::from_utf8_lossy(letter.payload()).into_owned();
            self.model.dead.retain(|dead| *dead != payload);
            let due = wall_clock_ns();
            let priority = letter.priority();
            let known = Known { payload, priority, due, attempts: 0, token: None };
            match letter.key() {
                Value::Integer(key) if *key >= 0 => {
                    self.model.keys.entry(*key).or_default().push(known);
                }
                _ => self.model.keyless.push(known),
            }
        }
    }

    fn compare(&self) {
        let metrics = self.queue.metrics().unwrap();
        assert_eq!(metrics.depth, self.model.depth() as u64);
        assert_eq!(metrics.dead, self.model.dead.len() as u64);
        let heads = self.model.heads();
        let in_flight = heads.iter().filter(|known| known.token.is_some()).count();
        assert_eq!(metrics.in_flight, in_flight as u64);
        assert_eq!(metrics.oldest_age.is_some(), metrics.depth > 0);
        assert_eq!(metrics.enqueued - metrics.acknowledged - metrics.died, metrics.depth);
    }
}

fn play(seed: u64, operations: usize) {
    let disk = SimVfs::new(seed);
    let store = store(&disk);
    let queue = store.create_queue(&definition()).unwrap();
    let model = Model::default();
    let mut game = Game { random: Random::new(seed), store, queue, model };
    for _ in 0..operations {
        match game.random.below(10) {
            0..4 => game.enqueue(),
            4..7 => game.lease(),
            7 | 8 => game.use_lease(),
            _ if game.random.one_in(4) => game.requeue(),
            _ => sync::sleep(Duration::from_secs(1 + game.random.below(15))),
        }
        game.compare();
    }
    let report = game.store.check(&mut |_| {}).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[test]
fn a_queue_is_what_its_model_is() {
    for seed in 1..=40 {
        sim::run(seed, &sim::Options::default(), move || play(seed, 250)).finished();
    }
}

fn in_world(body: impl FnOnce(&Database) + Send + 'static) {
    let world = move || {
        let disk = SimVfs::new(1);
        body(&store(&disk));
    };
    sim::run(1, &sim::Options::default(), world).finished();
}

/// A message without a key goes to the shard that a shard transaction has, so that it costs no
/// further one.
#[test]
fn a_message_without_a_key_stays_in_the_shard_at_hand() {
    in_world(|store| {
        let queue = store.create_queue(&definition()).unwrap();
        for key in 0..20_i64 {
            let shard = store.shard_of_shard_key(queue.messages(), &[key.into()]).unwrap();
            let there = store.shard_transaction(queue.messages(), &[key.into()], |t| {
                queue.enqueue(t, &Message::new("x"))?;
                Ok(t.shard_at_hand())
            });
            assert_eq!(there.unwrap(), Some(shard));
        }
        let mut leased = queue.lease(100, TIMEOUT).unwrap();
        assert_eq!(leased.len(), 20);
        leased.retain(|leased| {
            let shard = store.shard_of_shard_key(queue.messages(), &[leased.key().clone()]);
            shard.unwrap() == 0
        });
        assert!(!leased.is_empty());
    });
}

#[test]
fn who_waits_is_woken_by_a_commit_and_by_time() {
    in_world(|store| {
        let queue = store.create_queue(&definition()).unwrap();
        let begin = sync::monotonic();
        assert!(queue.lease_waiting(1, TIMEOUT, Duration::from_secs(3)).unwrap().is_empty());
        assert!(sync::monotonic() - begin >= Duration::from_secs(3));
        // By a commit: long before the longest sleep between two looks.
        let consumer = queue.clone();
        let thread = sync::spawn("consumer", move || {
            consumer.lease_waiting(1, TIMEOUT, Duration::from_secs(3600)).unwrap()
        });
        sync::sleep(Duration::from_secs(1));
        queue.send(&Message::new("now")).unwrap();
        let sent = wall_clock_ns();
        let leased = thread.join().unwrap();
        assert_eq!(leased[0].payload(), b"now");
        let took = leased[0].until().0 - nanos(TIMEOUT) - sent;
        assert!(took < 20_000_000, "{took} ns");
        // By time: a delayed message, when its delay is over.
        let delay = Duration::from_millis(333);
        queue.send(&Message::new("later").delay(delay)).unwrap();
        let due = wall_clock_ns() + nanos(delay);
        let leased = queue.lease_waiting(1, TIMEOUT, Duration::from_secs(10)).unwrap();
        let took = leased[0].until().0 - nanos(TIMEOUT) - due;
        assert!((-1_000_000..20_000_000).contains(&took), "{took} ns");
    });
}

#[test]
fn queues_are_made_found_and_dropped() {
    in_world(|store| {
        assert!(store.queues().unwrap().is_empty());
        assert_eq!(store.queue("work").err().unwrap().sqlstate(), "42P01");
        let queue = store.create_queue(&definition()).unwrap();
        assert_eq!(store.create_queue(&definition()).err().unwrap().sqlstate(), "42P07");
        queue.send(&Message::new("x").key(1)).unwrap();
        assert_eq!(store.queues().unwrap(), ["work"]);
        assert_eq!(store.queue("work").unwrap().definition(), &definition());
        store.drop_queue("work").unwrap();
        assert!(store.queues().unwrap().is_empty());
        let queue = store.create_queue(&definition()).unwrap();
        assert!(queue.lease(1, TIMEOUT).unwrap().is_empty());
        let error = queue.send(&Message::new("x").key("text")).unwrap_err();
        assert_eq!(error.sqlstate(), "42804");
    });
}

#[test]
fn dead_letters_are_purged_by_age() {
    in_world(|store| {
        let once = QueueDefinition { attempts_max: 1, ..definition() };
        let queue = store.create_queue(&once).unwrap();
        for _ in 0..3 {
            queue.send(&Message::new("x")).unwrap();
            let leased = queue.lease(1, TIMEOUT).unwrap();
            assert_eq!(queue.reject_alone(&leased[0], "bad").unwrap(), None);
            sync::sleep(Duration::from_secs(10));
        }
        let letters = queue.dead_letters(10).unwrap();
        assert_eq!((letters.len(), letters[0].reason()), (3, "bad"));
        assert_eq!(queue.purge_dead_letters(letters[1].died_at()).unwrap(), 2);
        assert_eq!(queue.dead_letters(10).unwrap().len(), 1);
        assert_eq!(queue.purge_dead_letters(Timestamp(i64::MAX)).unwrap(), 1);
    });
}
