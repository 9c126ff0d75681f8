//! What is shown of a group: a table for people, JSON for programs.

use serde_json::{Value, json};

/// A member, as `bourse_cluster_status()` tells of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Member {
    pub(super) id: u64,
    pub(super) address: String,
    pub(super) clients: Option<String>,
    pub(super) role: String,
    pub(super) is_self: bool,
    pub(super) term: u64,
    pub(super) last_lsn: Option<String>,
    pub(super) matched_lsn: Option<String>,
    pub(super) lag_records: Option<u64>,
    pub(super) heard_ago_ms: Option<u64>,
    pub(super) healthy: Option<bool>,
}

impl Member {
    /// What tells of all.
    pub(super) const QUERY: &str = "SELECT node_id, address, clients, role, is_self, term, \
        last_lsn, matched_lsn, lag_records, healthy, \
        (extract(epoch FROM clock_timestamp() - last_heard) * 1000)::bigint AS heard_ago_ms \
        FROM bourse_cluster_status() ORDER BY node_id";

    /// Of the values of a row.
    pub(super) fn of<'r>(value: impl Fn(&str) -> Option<&'r str>) -> Option<Member> {
        let number = |name| value(name).and_then(|text| text.parse().ok());
        let text = |name| value(name).map(str::to_owned);
        let truth = |name| value(name).map(|text| text == "t");
        Some(Member {
            id: number("node_id")?,
            address: text("address")?,
            clients: text("clients"),
            role: text("role")?,
            is_self: truth("is_self")?,
            term: number("term")?,
            last_lsn: text("last_lsn"),
            matched_lsn: text("matched_lsn"),
            lag_records: number("lag_records"),
            // The clocks of two calls: one that was heard of just now is not in the future.
            heard_ago_ms: value("heard_ago_ms")
                .and_then(|text| text.parse::<i64>().ok())
                .map(|ago| u64::try_from(ago).unwrap_or(0)),
            healthy: truth("healthy"),
        })
    }

    pub(super) fn leads(&self) -> bool {
        self.role == "leader"
    }

    fn has_vote(&self) -> bool {
        self.role != "learner"
    }

    fn state(&self) -> &'static str {
        match self.healthy {
            Some(true) => "healthy",
            Some(false) => "away",
            None => "unknown",
        }
    }
}

const HEADS: [&str; 8] = ["node", "role", "state", "address", "clients", "has LSN", "lag", "heard"];

/// For people.
pub(super) fn table(members: &[Member]) -> String {
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let number = |value: Option<u64>| value.map_or_else(|| "-".to_owned(), |v| v.to_string());
    let cells: Vec<[String; 8]> = members
        .iter()
        .map(|one| {
            let heard = one.heard_ago_ms.filter(|_| !one.leads());
            [
                one.id.to_string(),
                one.role.clone(),
                one.state().to_owned(),
                one.address.clone(),
                shown(&one.clients),
                shown(&one.matched_lsn),
                number(one.lag_records),
                heard.map_or_else(|| "-".to_owned(), |ago| format!("{ago} ms ago")),
            ]
        })
        .collect();
    let heads = HEADS.map(str::to_owned);
    let width = |column: usize| {
        let rows = cells.iter().map(|row| row[column].len());
        rows.chain([heads[column].len()]).max().unwrap_or(0)
    };
    let line = |row: &[String; 8]| {
        let cells = row.iter().enumerate().map(|(at, cell)| format!("{cell:<0$}", width(at)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(&heads)];
    lines.extend(cells.iter().map(line));
    lines.push(summary(members));
    lines.join("\n")
}

fn summary(members: &[Member]) -> String {
    let voters: Vec<&Member> = members.iter().filter(|one| one.has_vote()).collect();
    let there = voters.iter().filter(|one| one.healthy == Some(true)).count();
    let (all, needed) = (voters.len(), voters.len() / 2 + 1);
    match members.iter().find(|one| one.leads()) {
        None => format!("nobody leads: {needed} of {all} voters are needed"),
        Some(leader) => format!(
            "member {} leads in term {}; {there} of {all} voters are there, {needed} are needed",
            leader.id, leader.term
        ),
    }
}

/// For programs.
pub(super) fn json(members: &[Member]) -> Value {
    let leader = members.iter().find(|one| one.leads());
    let member = |one: &Member| {
        json!({
            "node_id": one.id,
            "address": one.address,
            "clients": one.clients,
            "role": one.role,
            "term": one.term,
            "last_lsn": one.last_lsn,
            "matched_lsn": one.matched_lsn,
            "lag_records": one.lag_records,
            "heard_ago_ms": one.heard_ago_ms,
            "healthy": one.healthy,
        })
    };
    json!({
        "leader": leader.map(|leader| leader.id),
        "term": members.iter().map(|one| one.term).max(),
        "members": members.iter().map(member).collect::<Vec<_>>(),
    })
}
