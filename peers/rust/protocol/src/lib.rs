//! The peer's side of docs/peers.md: everything but the runtime.
//!
//! A peer describes itself with a [`Hello`] and calls [`serve`], which reads cells and runs.
//! For a cell it returns a function that carries out runs. The loads that need only a way to
//! submit a closure from outside are here: see [`outside`]. A runtime whose tasks are futures
//! gets all loads from [`futures`]. In others, loads in which tasks spawn tasks are written in
//! the runtime's own style, around [`repeat`].
//!
//! The calling thread of `serve` is the submitter. It is pinned to its CPU, and the threads that
//! a runtime starts inherit that; each worker has to be pinned with [`pin`] to `cell.cpus[i]`
//! before the cell is ready. If the runtime does not let its threads be pinned one by one, they
//! are started by a thread that keeps to all of these CPUs (see [`keep_to`]).

mod futures;
mod histogram;
mod loads;
mod trees;
mod wire;

pub use futures::{ALL, Futures, futures};
pub use histogram::Histogram;
pub use loads::{Gate, Pool, outside, repeat, sampled, stall};
pub use trees::{fib_calls, is_leaf, serial_fib, skynet_nodes};
pub use wire::{Arrival, Cell, Hello, Load, Ran, Run, serve};

use std::sync::OnceLock;
use std::time::Instant;

/// Nanoseconds since some moment in the past.
pub fn now() -> u64 {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

/// Pins the calling thread to a CPU.
pub fn pin(cpu: usize) {
    keep_to(&[cpu]);
}

/// Has the calling thread, and those that it starts from now on, run on these CPUs only.
pub fn keep_to(cpus: &[usize]) {
    // SAFETY: the set is initialised, and its size is passed along.
    let failed = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        for &cpu in cpus {
            libc::CPU_SET(cpu, &mut set);
        }
        libc::sched_setaffinity(0, std::mem::size_of_val(&set), &set) != 0
    };
    if failed {
        eprintln!(
            "pinning to CPUs {cpus:?}: {}",
            std::io::Error::last_os_error()
        );
        std::process::exit(1);
    }
}
