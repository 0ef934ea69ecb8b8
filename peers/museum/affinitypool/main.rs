//! affinitypool as a peer of the museum; docs/peers.md has the protocol.
//!
//! A task from outside is `Threadpool::spawn`, whose future cancels the task if it is dropped.
//! No load here waits for a task by its handle, so the futures are forgotten: for each task
//! some hundred bytes, until the process ends.
//!
//! The pool has no hook in which its threads could pin themselves. They are pinned from here,
//! as the threads that were not there before.

use std::sync::Arc;

use affinitypool::{Builder, Threadpool};
use protocol::{Cell, Hello, Load, Pool, outside, serve};

fn main() {
    let hello = Hello {
        peer: env!("CARGO_PKG_NAME").trim_start_matches("peer-"),
        version: env!("VERSION"),
        build: env!("BUILD"),
        tuned: false,
        held: true,
        can: &[
            "wake",
            "poisson",
            "burst",
            "trickle",
            "idle",
            "spawn_many_local",
            "remote_spawn",
        ],
    };
    serve(&hello, start);
}

/// Starts the pool, with each worker on its CPU.
fn start(cell: &Cell) -> Result<Load, String> {
    let before = threads()?;
    let pool = Builder::new().worker_threads(cell.workers).build();
    let mut workers = Vec::new();
    while workers.len() < cell.workers {
        workers = threads()?;
        workers.retain(|id| !before.contains(id));
        std::thread::yield_now();
    }
    for (&worker, &cpu) in workers.iter().zip(&cell.cpus) {
        pin(worker, cpu)?;
    }
    outside(&Arc::new(Spawn(pool)), cell)
        .ok_or_else(|| format!("it does not have the workload {}", cell.workload))
}

struct Spawn(Threadpool);

impl Pool for Spawn {
    fn spawn(&self, task: impl FnOnce() + Send + 'static) {
        std::mem::forget(self.0.spawn(task));
    }
}

/// The threads of this process.
fn threads() -> Result<Vec<i32>, String> {
    let dir = std::fs::read_dir("/proc/self/task").map_err(|e| e.to_string())?;
    dir.map(|entry| {
        let name = entry.map_err(|e| e.to_string())?.file_name();
        name.to_string_lossy()
            .parse()
            .map_err(|_| format!("thread {name:?}"))
    })
    .collect()
}

/// Pins a thread to a CPU.
fn pin(thread: i32, cpu: usize) -> Result<(), String> {
    // SAFETY: the set is initialised, and its size is passed along.
    let failed = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(cpu, &mut set);
        libc::sched_setaffinity(thread, std::mem::size_of_val(&set), &set) != 0
    };
    if failed {
        return Err(std::io::Error::last_os_error().to_string());
    }
    Ok(())
}
