//! Tells the program which Tokio, compiler and flags it was built with.

use std::process::Command;

fn main() {
    let lock = std::fs::read_to_string("Cargo.lock").expect("Cargo.lock");
    let after = lock
        .split("name = \"tokio\"\nversion = \"")
        .nth(1)
        .expect("tokio in Cargo.lock");
    println!(
        "cargo::rustc-env=TOKIO_VERSION={}",
        after.split('"').next().unwrap_or_default()
    );
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let said = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("rustc");
    let version = String::from_utf8_lossy(&said.stdout);
    let version = version.split_whitespace().nth(1).unwrap_or("unknown");
    let profile = std::env::var("PROFILE").unwrap_or_default();
    println!(
        "cargo::rustc-env=BUILD=rustc-{version},{profile},lto=fat,codegen-units=1,panic=abort"
    );
    println!("cargo::rerun-if-changed=Cargo.lock");
}
