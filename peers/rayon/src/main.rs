//! rayon as a peer; docs/peers.md has the protocol.
//!
//! A task from outside is `ThreadPool::spawn`; fork_join is `join` and skynet `scope`, each
//! begun by `install`, which blocks the submitter.
//!
//! rayon has no workload in which a task is awaited by its handle, waits for a message or
//! yields: `spawn` has no handle, a task that blocks keeps its worker, and `yield_now` runs
//! another task to its end within the one that yields.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::*};

use protocol::{
    Cell, Gate, Hello, Load, Pool, Ran, fib_calls, is_leaf, now, outside, pin, repeat, serial_fib,
    serve, skynet_nodes,
};
use rayon::{ThreadPool, ThreadPoolBuilder};

fn main() {
    let hello = Hello {
        peer: "rayon",
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
            "fork_join",
            "skynet",
            "chained_spawn",
        ],
    };
    serve(&hello, start);
}

/// Starts the pool, with each worker on its CPU.
fn start(cell: &Cell) -> Result<Load, String> {
    let pinned = Arc::new(AtomicUsize::new(0));
    let (p, cpus) = (pinned.clone(), cell.cpus.clone());
    let pool = ThreadPoolBuilder::new()
        .num_threads(cell.workers)
        .start_handler(move |i| {
            pin(cpus[i]);
            p.fetch_add(1, Release);
        })
        .build()
        .map_err(|e| e.to_string())?;
    while pinned.load(Acquire) < cell.workers {
        std::thread::yield_now();
    }
    let pool = Arc::new(Spawn(pool));
    if let Some(load) = outside(&pool, cell) {
        return Ok(load);
    }
    Ok(match cell.workload.as_str() {
        "fork_join" => fork_join(pool, cell),
        "skynet" => skynet(pool, cell),
        _ => chained_spawn(pool, cell),
    })
}

struct Spawn(ThreadPool);

impl Pool for Spawn {
    fn spawn(&self, task: impl FnOnce() + Send + 'static) {
        self.0.spawn(task);
    }
}

/// Has the pool compute a number, operation by operation, and sums the numbers up.
fn computed(pool: Arc<Spawn>, tasks: u64, root: impl Fn() -> u64 + Sync + 'static) -> Load {
    Box::new(move |run| {
        let mut ran = Ran::default();
        repeat(run, &mut ran, |ran| {
            let start = now();
            ran.units += pool.0.install(&root);
            now() - start
        });
        ran.tasks = ran.ops * tasks;
        ran
    })
}

fn fork_join(pool: Arc<Spawn>, cell: &Cell) -> Load {
    fn fib(n: u64, cutoff: u64) -> u64 {
        if is_leaf(n, cutoff) {
            return serial_fib(n);
        }
        let (a, b) = rayon::join(|| fib(n - 1, cutoff), || fib(n - 2, cutoff));
        a + b
    }
    let (n, cutoff) = (cell.number("n"), cell.number("cutoff"));
    computed(pool, fib_calls(n, cutoff), move || {
        fib(std::hint::black_box(n), cutoff)
    })
}

fn skynet(pool: Arc<Spawn>, cell: &Cell) -> Load {
    fn node(number: u64, size: u64) -> u64 {
        if size == 1 {
            return number;
        }
        let part = size / 10;
        let mut sums = [0; 10];
        rayon::scope(|s| {
            for (i, sum) in sums.iter_mut().enumerate() {
                s.spawn(move |_| *sum = node(number + i as u64 * part, part));
            }
        });
        sums.iter().sum()
    }
    let leaves = 10u64.pow(cell.number("depth") as u32);
    computed(pool, skynet_nodes(leaves), move || node(0, leaves))
}

fn chained_spawn(pool: Arc<Spawn>, cell: &Cell) -> Load {
    fn chain(gate: Arc<Gate>, left: u64) {
        if left == 0 {
            gate.open();
        } else {
            rayon::spawn(move || chain(gate, left - 1));
        }
    }
    let depth = cell.number("depth");
    Box::new(move |run| {
        let mut ran = Ran::default();
        let gate = Gate::new();
        repeat(run, &mut ran, |_| {
            let g = gate.clone();
            let start = now();
            pool.spawn(move || chain(g, depth));
            gate.wait() - start
        });
        ran.tasks = ran.ops * (depth + 1);
        ran.units = ran.tasks;
        ran
    })
}
