//! Guards: PostgreSQL's own client finds the leader, and a replica, among several hosts.

use std::path::Path;
use std::process::Command;

use super::following::{make_entries, same};
use super::nodes::Cluster;

const PSQL: &str = "/usr/bin/psql";

#[test]
fn psql_chooses_a_host_by_what_it_is() {
    if !Path::new(PSQL).exists() {
        eprintln!("left out: {PSQL} is not there");
        return;
    }
    let cluster = Cluster::new();
    let leader = cluster.leader();
    make_entries(&cluster, &leader);
    let replica = cluster.replica("first", leader.replication());
    same(&cluster, &leader, &replica);
    let ports = [replica.server().address().port(), leader.server().address().port()];
    let psql = |wanted: &str, order: [u16; 2]| {
        let config = format!(
            "host=127.0.0.1,127.0.0.1 port={},{} user=bourse dbname=bourse \
             target_session_attrs={wanted}",
            order[0], order[1]
        );
        let text = "SELECT pg_is_in_recovery()";
        let output = Command::new(PSQL).args([&config, "-XAtc", text]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    for order in [ports, [ports[1], ports[0]]] {
        for (wanted, is_replica) in [
            ("read-write", "f"),
            ("primary", "f"),
            ("read-only", "t"),
            ("standby", "t"),
            ("prefer-standby", "t"),
        ] {
            assert_eq!(psql(wanted, order), is_replica, "{wanted}");
        }
    }
}
