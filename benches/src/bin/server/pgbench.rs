//! PostgreSQL's own benchmark, as it is, against both servers.

use std::path::PathBuf;
use std::process::Command;

use bourse_benches::cluster::{self, said};

use crate::Outcome;
use crate::client::Round;
use crate::items::{Item, Plan, item};
use crate::report::Unit;
use crate::servers::Server;

/// Accounts are a hundred thousand times this.
const SCALE: &str = "10";

/// What `pgbench` runs, how it is told, and our goals for 1, 8 and 64 clients.
const SCRIPTS: [(&str, &str, [&str; 3]); 2] = [
    ("TPC-B", "tpcb-like", ["1.3x", "1.8x", "5x"]),
    ("select-only", "select-only", ["1.1x", "1.2x", "1.8x"]),
];

pub(crate) fn items(plan: Plan) -> Vec<Item> {
    let mut items = Vec::new();
    for (name, script, goals) in SCRIPTS {
        for (clients, goal) in [1, 8, 64].into_iter().zip(goals) {
            let name = format!("pgbench {name}, prepared, {clients} clients");
            items.push(item(name, Unit::PerSecond, goal, move |server, _| {
                run(server, plan, script, clients)
            }));
        }
    }
    items
}

fn program() -> Outcome<PathBuf> {
    let beside = cluster::programs().map(|folder| folder.join("pgbench"));
    Ok(beside.ok().filter(|path| path.exists()).unwrap_or_else(|| "pgbench".into()))
}

fn command(server: &Server) -> Outcome<Command> {
    let mut command = Command::new(program()?);
    command.args(["-h", "127.0.0.1", "-p", &server.port.to_string(), "-U", server.user]);
    Ok(command)
}

/// Makes its tables.
pub(crate) fn fill(servers: &[Server]) -> Outcome<()> {
    for server in servers {
        eprintln!("{}: pgbench -i -s {SCALE} ...", server.name);
        let mut fill = command(server)?;
        said(fill.args(["-q", "-i", "-s", SCALE, server.database]))?;
    }
    Ok(())
}

fn run(server: &Server, plan: Plan, script: &str, clients: u64) -> Outcome<Round> {
    let count = match script {
        "select-only" => plan.each_of(clients) * 4,
        _ => plan.each_of(clients) / 2 + 1,
    };
    let before = server.usage()?.cpu;
    let mut run = command(server)?;
    run.args(["-n", "-M", "prepared", "-b", script, "-c", &clients.to_string()]);
    let text = said(run.args(["-t", &count.to_string(), server.database]))?;
    let cpu = server.usage()?.cpu - before;
    let line = |begin: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(begin));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok())
    };
    let rate = line("tps = ").ok_or("pgbench told no rate")?;
    if line("number of failed transactions: ").unwrap_or(0.0) > 0.0 {
        return Err(format!("transactions failed: {text}").into());
    }
    let operations = clients * count;
    Ok(Round {
        operations,
        seconds: operations as f64 / rate,
        latencies: Vec::new(),
        cpu,
        bytes: None,
    })
}
