#!/bin/sh
# Tokio 1.54.1 (--cfg tokio_unstable): the hook on_task_terminate runs before the
# on_after_task_poll of the task's last poll.
#
# Good guess: a task ends after its last poll, so when on_task_terminate runs, every poll of it
# was reported as ended; the CPU time of a task is the sum of its polls up to then.
# Behaviour: the order is spawn, before poll, terminate, after poll. The last poll is
# missing from the sum; of a task that never waits, that is all of it.
# Who meets it: programs that measure tasks with the hooks and write a line when one ends.
# Output seen: "spawn before terminate after".
# It fails if the order changes. It needs cargo.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.1.0"
edition = "2021"
[dependencies]
tokio = { version = "=1.54.1", features = ["rt-multi-thread"] }
TOML
cat > src/main.rs <<'RUST'
use std::sync::{Arc, Mutex};

fn main() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let say = |what: &'static str| {
        let log = log.clone();
        move |t: &tokio::runtime::TaskMeta<'_>| log.lock().unwrap().push((t.id(), what))
    };
    let rt = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .on_task_spawn(say("spawn"))
        .on_before_task_poll(say("before"))
        .on_after_task_poll(say("after"))
        .on_task_terminate(say("terminate"))
        .build()
        .unwrap();
    let id = rt.block_on(async {
        let task = tokio::spawn(async {});
        let id = task.id();
        task.await.unwrap();
        id
    });
    drop(rt); // waits for the worker
    let log = log.lock().unwrap();
    let own: Vec<_> = log.iter().filter(|l| l.0 == id).map(|l| l.1).collect();
    println!("{}", own.join(" "));
}
RUST
got=$(RUSTFLAGS="--cfg tokio_unstable" cargo run --quiet 2> build.log) || { cat build.log >&2; exit 1; }
echo "$got"
test "$got" = "spawn before terminate after"
