//! Namespaces of their own for members, and what is done to the ways between them.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::process::{Command, Stdio};

use super::MEMBERS;

const BRIDGE: &str = "bourse-br";
/// Where clients are, and what members have in common.
pub(super) const CLIENTS: Ipv4Addr = host(254);
const PORT: u16 = 5432;

/// The network of a campaign; taken down when it is dropped.
#[derive(Debug)]
pub(super) struct Network(());

/// Runs a program to its end; an error has what it says.
pub(super) fn succeed(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{command:?}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => {
            let told = [output.stdout, output.stderr].concat();
            Err(format!("{command:?}: {}", String::from_utf8_lossy(&told).trim()))
        }
    }
}

fn ip(text: &str) -> Result<(), String> {
    succeed(Command::new("ip").args(text.split_whitespace()))
        .map_err(|error| format!("{error} (it needs iproute2, and the rights of root)"))
}

/// The namespace of a member.
pub(super) fn namespace(member: usize) -> String {
    format!("bourse-{member}")
}

const fn host(number: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 77, 0, number)
}

fn host_of(member: usize) -> Ipv4Addr {
    host(u8::try_from(member).unwrap_or(u8::MAX))
}

/// Where clients find a member.
pub(super) fn address(member: usize) -> SocketAddr {
    SocketAddr::V4(SocketAddrV4::new(host_of(member), PORT))
}

impl Network {
    /// Makes it; what an earlier campaign has left is removed.
    pub(super) fn new() -> Result<Network, String> {
        take_down();
        let network = Network(());
        ip(&format!("link add {BRIDGE} type bridge"))?;
        ip(&format!("addr add {CLIENTS}/24 dev {BRIDGE}"))?;
        ip(&format!("link set {BRIDGE} up"))?;
        for member in 1..=MEMBERS {
            let name = namespace(member);
            ip(&format!("netns add {name}"))?;
            ip(&format!("link add {name} type veth peer name eth0 netns {name}"))?;
            ip(&format!("link set {name} master {BRIDGE} up"))?;
            ip(&format!("-n {name} addr add {}/24 dev eth0", host_of(member)))?;
            ip(&format!("-n {name} link set eth0 up"))?;
            ip(&format!("-n {name} link set lo up"))?;
        }
        Ok(network)
    }

    /// Pulls a member's cable.
    pub(super) fn unplug(&self, member: usize) -> Result<(), String> {
        ip(&format!("link set {} down", namespace(member)))
    }

    /// Puts it back.
    pub(super) fn plug(&self, member: usize) -> Result<(), String> {
        ip(&format!("link set {} up", namespace(member)))
    }

    /// What a member sends to another one is lost from now on; the other way is open.
    pub(super) fn cut(&self, from: usize, to: usize) -> Result<(), String> {
        ip(&format!("-n {} route add blackhole {}/32", namespace(from), host_of(to)))
    }

    /// Mends that.
    pub(super) fn mend(&self, from: usize, to: usize) -> Result<(), String> {
        ip(&format!("-n {} route del blackhole {}/32", namespace(from), host_of(to)))
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        take_down();
    }
}

fn take_down() {
    for member in 1..=MEMBERS {
        // It may not be there.
        let _ = ip(&format!("netns del {}", namespace(member)));
        let _ = ip(&format!("link del {}", namespace(member)));
    }
    let _ = ip(&format!("link del {BRIDGE}"));
}
