//! The servers, each in processes of its own, and what these take of the machine.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use bourse_benches::cluster::Cluster;

use crate::Outcome;

/// A server that listens at a port of this machine.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    pub(crate) user: &'static str,
    pub(crate) database: &'static str,
    process: u32,
    /// What ends the server when it is dropped.
    _running: Box<dyn std::any::Any>,
}

/// Ends with this value.
struct BourseProcess(Child);

impl Drop for BourseProcess {
    fn drop(&mut self) {
        // What does not end can only be left.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a server has taken of the machine until now.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    /// Seconds of all its processes on a processor.
    pub(crate) cpu: f64,
    /// Bytes of memory of all its processes, shared ones once.
    pub(crate) bytes: f64,
}

impl Server {
    /// Bourse with a new store, its commits durable.
    pub(crate) fn bourse(program: &Path, folder: &Path) -> Outcome<Server> {
        let mut process = Command::new(program)
            .args(["serve", "--create", "--listen", "127.0.0.1:0", "--slow-query-ms", "0"])
            .arg("--data")
            .arg(folder)
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                format!("{}: {error}; build it: cargo build --release", program.display())
            })?;
        let said = process.stderr.take().ok_or("no standard error")?;
        let id = process.id();
        let running = BourseProcess(process);
        let mut lines = BufReader::new(said).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let address = line.strip_prefix("PostgreSQL's protocol at ")?.split(',').next()?;
            address.rsplit_once(':')?.1.parse().ok()
        });
        // What it says later is read, so that it never waits for a reader.
        std::thread::Builder::new().spawn(move || lines.map_while(Result::ok).for_each(drop))?;
        Ok(Server {
            name: "Bourse",
            port: port.ok_or("the server did not say where it listens")?,
            user: "bourse",
            database: "bourse",
            process: id,
            _running: Box::new(running),
        })
    }

    /// PostgreSQL with a new cluster, its commits durable. An error says why there is none.
    pub(crate) fn postgres() -> Outcome<Server> {
        // The port is free now; nobody else takes it within the second.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cluster = Cluster::start(&[
            "listen_addresses=127.0.0.1",
            &format!("port={port}"),
            "max_connections=1100",
            "shared_buffers=4GB",
            "effective_cache_size=16GB",
            "work_mem=64MB",
            "random_page_cost=1.1",
            "max_wal_size=4GB",
        ])?;
        let process = cluster.process()?;
        Ok(Server {
            name: "PostgreSQL",
            port,
            user: "postgres",
            database: "postgres",
            process,
            _running: Box::new(cluster),
        })
    }

    /// How to connect, as libpq reads it.
    pub(crate) fn parameters(&self) -> String {
        let Server { port, user, database, .. } = self;
        format!("host=127.0.0.1 port={port} user={user} dbname={database}")
    }

    /// What its processes have taken, those that have ended included.
    pub(crate) fn usage(&self) -> Outcome<Usage> {
        const TICKS_A_SECOND: f64 = 100.0;
        let mut usage = Usage { cpu: 0.0, bytes: 0.0 };
        for entry in std::fs::read_dir("/proc")? {
            let Ok(id) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
            let Ok(text) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { continue };
            // Behind the name, which may hold spaces: state, parent, ..., utime, stime, and those
            // of children that have ended.
            let Some((_, rest)) = text.rsplit_once(')') else { continue };
            let words: Vec<&str> = rest.split_whitespace().collect();
            let number = |at: usize| words.get(at).and_then(|word| word.parse::<f64>().ok());
            let parent = words.get(1).and_then(|word| word.parse::<u32>().ok());
            if id != self.process && parent != Some(self.process) {
                continue;
            }
            let ticks: f64 = (11..15).filter_map(number).sum();
            usage.cpu += ticks / TICKS_A_SECOND;
            usage.bytes += memory(id).unwrap_or(0.0);
        }
        Ok(usage)
    }
}

/// Bytes of a process, each shared page divided among those that share it.
fn memory(process: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? * 1024.0)
}
