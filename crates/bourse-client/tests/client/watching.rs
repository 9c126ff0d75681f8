//! Guards: metrics under the plan's names, as docs/client.md lists them; leaks are told of with the
//! place where the connection was taken.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bourse_client::{Connection, Role, Verdict, metrics};
use prometheus::Registry;

use super::nodes::{Cluster, eventually, soon};

/// The value of a metric of a role: of histograms, how many there were.
pub(crate) fn value(registry: &Registry, name: &str, role: &str) -> f64 {
    let families = registry.gather();
    let family = families.iter().find(|family| family.name() == name);
    let Some(family) = family else { panic!("{name} is not there") };
    let of_role = family.get_metric().iter().filter(|metric| {
        let labels = metric.get_label();
        labels.iter().any(|label| label.name() == "role" && label.value() == role)
    });
    of_role
        .map(|metric| {
            let counted = metric.get_histogram().get_sample_count();
            metric.get_counter().get_value()
                + metric.get_gauge().get_value()
                + f64::from(u32::try_from(counted).unwrap())
        })
        .sum()
}

#[test]
fn metrics_have_the_names_of_the_plan() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let registry = Registry::new();
    let client = cluster
        .client_with(&[leader.address()], soon(), |builder| builder.metrics(&registry, "one"));
    cluster.run(async {
        let held = client.reserve(Role::Write).await.unwrap();
        assert!((value(&registry, "db_pool_active_connections", "write") - 1.0).abs() < 1e-9);
        drop(held);
        assert!(value(&registry, "db_pool_active_connections", "write").abs() < 1e-9);
        client.query("SELECT 1", &[]).await.unwrap();
        client.execute("UPDATE entries SET value = 1", &[]).await.unwrap();
    });
    assert!((value(&registry, "db_query_duration_seconds", "read") - 1.0).abs() < 1e-9);
    assert!((value(&registry, "db_query_duration_seconds", "write") - 1.0).abs() < 1e-9);
    assert!((value(&registry, "db_pool_size_max", "read") - 10.0).abs() < 1e-9);
    assert!((value(&registry, "db_pool_wait_seconds", "read") - 1.0).abs() < 1e-9);
    // Another client needs another name, and the names are free once a client has ended.
    let again = |name: &str| {
        let _inside = cluster.runtime.enter();
        let address = leader.address().to_string();
        bourse_client::Client::builder().node(address).metrics(&registry, name).build()
    };
    assert!(again("one").unwrap_err().to_string().contains("metric"));
    again("two").unwrap();
    drop(client);
    eventually("names that are free", || again("one").is_ok());
}

#[test]
fn the_documents_list_all_metrics() {
    let text = include_str!("../../../../docs/client.md");
    for (name, labels, meaning) in metrics::FAMILIES {
        let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
        let row = format!("| `{name}` | {} | {meaning} |", labels.join(", "));
        assert!(text.contains(&row), "docs/client.md lacks the row {row}");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_connection_that_is_held_for_too_long_is_told_of_once() {
    let log = Log::default();
    let writer = log.clone();
    // For all threads of this process: other tests hold no connection for so long.
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(move || writer.clone())
        .init();
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let registry = Registry::new();
    let mut options = soon();
    options.leak_after = Duration::from_millis(100);
    let client = cluster
        .client_with(&[leader.address()], options, |builder| builder.metrics(&registry, "one"));
    cluster.run(client.query("SELECT 1", &[])).unwrap();
    let line = line!() + 1;
    let held = cluster.run(client.reserve(Role::Write)).unwrap();
    eventually("a leak", || value(&registry, "db_pool_leaks_total", "write") > 0.5);
    // It is looked at several times in this while.
    std::thread::sleep(Duration::from_millis(300));
    assert!((value(&registry, "db_pool_leaks_total", "write") - 1.0).abs() < 1e-9);
    assert!(value(&registry, "db_pool_leaks_total", "read").abs() < 1e-9);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let told: Vec<&str> = text.lines().filter(|told| told.contains("held for too long")).collect();
    let place = format!("tests/client/watching.rs:{line}");
    let told: Vec<&&str> = told.iter().filter(|told| told.contains(&place)).collect();
    assert_eq!(told.len(), 1, "{text}");
    drop(held);
}

#[test]
fn advice_is_there_for_each_pool() {
    let cluster = Cluster::new();
    let leader = cluster.leader();
    let client = cluster.client(&[leader.address()]);
    let read = async |connection: Connection| connection.query("SELECT 1", &[]).await;
    cluster.run(client.read(read)).unwrap();
    let advice = client.advice();
    let of: Vec<_> = advice.iter().map(|one| (one.role, one.size, one.verdict)).collect();
    assert_eq!(of, [("write", 10, Verdict::TooEarly), ("read", 10, Verdict::TooEarly)]);
    assert!(advice[1].to_string().contains("too early"), "{}", advice[1]);
}
