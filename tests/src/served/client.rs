//! A client: what it does, and what it knows of it.

use bourse_storage::sync::sim::Random;

use super::{ACCOUNTS, first_id};
use crate::wire::{ConnectionLost, WireAnswer, WireClient};

/// What a client knows, from life to life of the server.
#[derive(Debug)]
pub struct Known {
    /// Its number.
    pub client: u32,
    random: Random,
    /// The id of its next entry.
    pub next_id: i64,
    /// Entries that it was told are committed, since it last looked.
    pub entries: Vec<i64>,
    /// How often it was told that its count was raised, ever.
    pub count: i64,
    /// What it was doing when the connection was lost.
    pub in_doubt: Option<Doubt>,
    /// Transactions that it was told are committed, ever.
    pub commits: u64,
}

/// A transaction whose end is not known.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// Its entries.
    pub entries: Vec<i64>,
    /// Whether it raises the client's count.
    pub counts: bool,
    /// Whether its COMMIT was sent: it cannot be there before.
    pub was_sent: bool,
}

/// Why a client ends.
#[derive(Debug)]
pub enum End {
    /// The connection was lost.
    Lost(ConnectionLost),
    /// The server has answered what it must not.
    Wrong(String),
}

impl From<ConnectionLost> for End {
    fn from(lost: ConnectionLost) -> End {
        End::Lost(lost)
    }
}

impl Known {
    /// A client that has done nothing.
    pub fn new(client: u32, seed: u64) -> Known {
        let random = Random::new(seed ^ (u64::from(client) << 40));
        let next_id = first_id(client);
        let (entries, in_doubt) = (Vec::new(), None);
        Known { client, random, next_id, entries, count: 0, in_doubt, commits: 0 }
    }

    /// Works until the connection is lost, or an answer is wrong.
    pub fn work(&mut self, server: &mut WireClient) -> End {
        loop {
            if let Err(end) = self.transaction(server) {
                return end;
            }
        }
    }

    fn transaction(&mut self, server: &mut WireClient) -> Result<(), End> {
        match self.random.below(4) {
            // A statement that is a transaction of its own.
            0 => self.changes(server, 1, false, &["{}"]),
            // One message is one transaction.
            1 => self.changes(server, 3, false, &["{}; {}; {}"]),
            2 => self.changes(server, 2, true, &["BEGIN", "{}", "{}", "{+}", "COMMIT"]),
            _ => self.transfer(server),
        }
    }

    /// Inserts entries, and may raise the client's count: `{}` stands for an INSERT, `{+}` for
    /// that.
    fn changes(
        &mut self,
        server: &mut WireClient,
        entries: i64,
        counts: bool,
        messages: &[&str],
    ) -> Result<(), End> {
        let ids: Vec<i64> = (self.next_id..self.next_id + entries).collect();
        self.next_id += entries;
        let doubt = Doubt { entries: ids.clone(), counts, was_sent: false };
        let in_doubt = self.in_doubt.insert(doubt);
        let mut left = ids.iter();
        let raise = format!("UPDATE counts SET made = made + 1 WHERE client = {}", self.client);
        for (at, message) in messages.iter().enumerate() {
            let mut text = message.replace("{+}", &raise);
            while let Some(id) = text.contains("{}").then(|| left.next()).flatten() {
                let insert =
                    format!("INSERT INTO entries VALUES ({id}, {}, 'entry {id}')", self.client);
                text = text.replacen("{}", &insert, 1);
            }
            in_doubt.was_sent = at + 1 == messages.len();
            succeeded(&server.query(&text)?, &text)?;
        }
        self.in_doubt = None;
        self.entries.extend(ids);
        self.count += i64::from(counts);
        self.commits += 1;
        Ok(())
    }

    /// Moves money between two accounts, in the order of their numbers: so nobody waits in a
    /// circle.
    fn transfer(&mut self, server: &mut WireClient) -> Result<(), End> {
        self.in_doubt = Some(Doubt { was_sent: true, ..Doubt::default() });
        let low = self.random.below(ACCOUNTS - 1);
        let high = low + 1 + self.random.below(ACCOUNTS - low - 1);
        let amount = self.random.below(20).cast_signed() - 10;
        for text in [
            "BEGIN".to_owned(),
            format!("UPDATE accounts SET balance = balance - {amount} WHERE id = {low}"),
            format!("UPDATE accounts SET balance = balance + {amount} WHERE id = {high}"),
            "COMMIT".to_owned(),
        ] {
            succeeded(&server.query(&text)?, &text)?;
        }
        self.in_doubt = None;
        self.commits += 1;
        Ok(())
    }

    /// Compares what the server has with what the client knows (K1, K2), and knows it from then
    /// on.
    ///
    /// # Errors
    /// What is not so; the connection is lost.
    pub fn look(&mut self, server: &mut WireClient) -> Result<(), String> {
        let lost = |lost: ConnectionLost| lost.to_string();
        let client = self.client;
        let newest = first_id(client).max(self.entries.first().copied().unwrap_or(self.next_id));
        let doubt = self.in_doubt.take().unwrap_or_default();
        let begin = doubt.entries.first().copied().unwrap_or(newest).min(newest);
        let question = format!(
            "SELECT id, note FROM entries WHERE client = {client} AND id >= {begin} ORDER BY id"
        );
        let rows = server.query(&question).map_err(lost)?.rows;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let [Some(id), Some(note)] = &**row else { return Err(format!("a row is {row:?}")) };
            if *note != format!("entry {id}") {
                return Err(format!("entry {id} is \"{note}\""));
            }
            found.push(id.parse::<i64>().map_err(|error| error.to_string())?);
        }
        let mut wanted = std::mem::take(&mut self.entries);
        let is_there = |id: &i64| found.binary_search(id).is_ok();
        if let Some(id) = wanted.iter().find(|id| !is_there(id)) {
            return Err(format!("client {client} was told that {id} is committed: it is lost"));
        }
        let there = doubt.entries.iter().filter(|id| is_there(id)).count();
        if there != 0 && (there != doubt.entries.len() || !doubt.was_sent) {
            return Err(format!("{there} entries of client {client} are there of {doubt:?}"));
        }
        if there != 0 {
            wanted.extend(&doubt.entries);
            self.count += i64::from(doubt.counts);
        }
        if wanted != found {
            return Err(format!("client {client} has {found:?} and knows of {wanted:?}"));
        }
        let question = format!("SELECT made FROM counts WHERE client = {client}");
        let answer = server.query(&question).map_err(lost)?;
        let count = self.count.to_string();
        if answer.rows != [[Some(count.clone())]] {
            return Err(format!("the count of client {client} is {answer:?}, not {count}"));
        }
        Ok(())
    }
}

fn succeeded(answer: &WireAnswer, text: &str) -> Result<(), End> {
    match &answer.error {
        None => Ok(()),
        Some((state, message)) => Err(End::Wrong(format!("{text}: {state}: {message}"))),
    }
}
