//! The build script of the peers in Rust. It tells the program which runtime (VERSION), and
//! which compiler and flags (BUILD), it is built with. The runtime is the dependency that
//! Cargo.toml pins to one version.

use std::process::Command;

fn main() {
    let manifest = std::fs::read_to_string("Cargo.toml").expect("Cargo.toml");
    let mut pinned = manifest.lines().filter_map(|l| l.split_once("\"="));
    let (_, version) = pinned.next().expect("a dependency with \"=VERSION\"");
    assert!(pinned.next().is_none(), "two runtimes are pinned");
    println!(
        "cargo::rustc-env=VERSION={}",
        version.split('"').next().unwrap_or_default()
    );
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let said = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("rustc");
    let compiler = String::from_utf8_lossy(&said.stdout);
    let compiler = compiler.split_whitespace().nth(1).unwrap_or("unknown");
    let profile = std::env::var("PROFILE").unwrap_or_default();
    println!(
        "cargo::rustc-env=BUILD=rustc-{compiler},{profile},lto=fat,codegen-units=1,panic=abort"
    );
    println!("cargo::rerun-if-changed=Cargo.toml");
}
