//! Tokio's multi-threaded runtimes as peers; docs/peers.md has the protocol.
//!
//! `tokio` enables no driver, as the builder by default: an idle worker sleeps on a futex.
//! `tokio-io` enables all, as `#[tokio::main]` does: one idle worker sleeps in epoll, and an
//! eventfd wakes it. The program is the one by whose name it was started.
//!
//! The peer has the name of its package: the museum builds this file with older versions, too.
//!
//! peers/tokio-alt builds it with `--cfg tokio_unstable` and the last version that has
//! `multi_thread_alt`, for the peer `tokio-alt`. It enables no driver.
//!
//! The workloads of Tokio's own benchmarks (benches/rt_multi_threaded.rs) are written as there:
//! a task is a spawned future, and what it allocates is part of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*};

use protocol::{
    Cell, Gate, Hello, Load, Pool, Ran, fib_calls, is_leaf, now, outside, pin, repeat, sampled,
    serial_fib, serve, skynet_nodes, stall,
};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::yield_now;

const CAN: &[&str] = &[
    "wake",
    "poisson",
    "burst",
    "trickle",
    "idle",
    "spawn_many_local",
    "spawn_many_remote_idle",
    "spawn_many_remote_busy1",
    "spawn_many_remote_busy2",
    "remote_spawn",
    "fork_join",
    "skynet",
    "ping_pong",
    "yield_many",
    "chained_spawn",
];

fn main() {
    let program = std::env::args().next().unwrap_or_default();
    let io = program.ends_with("tokio-io");
    let name = env!("CARGO_PKG_NAME").trim_start_matches("peer-");
    let (peer, build) = if cfg!(tokio_unstable) {
        (name, concat!(env!("BUILD"), ",tokio_unstable,no-driver"))
    } else if io {
        ("tokio-io", concat!(env!("BUILD"), ",enable_all"))
    } else {
        (name, concat!(env!("BUILD"), ",no-driver"))
    };
    let hello = Hello {
        peer,
        version: env!("VERSION"),
        build,
        tuned: false,
        can: CAN,
    };
    serve(&hello, |cell| start(cell, io));
}

fn builder() -> Builder {
    #[cfg(tokio_unstable)]
    return Builder::new_multi_thread_alt();
    #[cfg(not(tokio_unstable))]
    return Builder::new_multi_thread();
}

/// Starts the runtime, with each worker on its CPU.
fn start(cell: &Cell, io: bool) -> Result<Load, String> {
    let started = Arc::new(AtomicUsize::new(0));
    let pinned = Arc::new(AtomicUsize::new(0));
    let cpus = cell.cpus.clone();
    let (s, p) = (started.clone(), pinned.clone());
    let mut builder = builder();
    if io {
        builder.enable_all();
    }
    let runtime = builder
        .worker_threads(cell.workers)
        .on_thread_start(move || {
            let i = s.fetch_add(1, Relaxed);
            if let Some(&cpu) = cpus.get(i) {
                pin(cpu);
                p.fetch_add(1, Release);
            }
        })
        .build()
        .map_err(|e| e.to_string())?;
    while pinned.load(Acquire) < cell.workers {
        std::thread::yield_now();
    }
    // It lives as long as the process.
    let runtime: &'static Runtime = Box::leak(Box::new(runtime));
    if let Some(load) = outside(&Arc::new(Spawn(runtime.handle().clone())), cell) {
        return Ok(load);
    }
    let cell = cell.clone();
    Ok(match cell.workload.as_str() {
        "spawn_many_remote_idle" => handles(runtime, cell, 0, Background::Yields),
        "spawn_many_remote_busy1" => handles(runtime, cell, 2, Background::Yields),
        "spawn_many_remote_busy2" => handles(runtime, cell, 1, Background::Spawns),
        "ping_pong" => ping_pong(runtime, cell),
        "yield_many" => yield_many(runtime, cell),
        "chained_spawn" => chained_spawn(runtime, cell),
        "fork_join" => fork_join(runtime, cell),
        _ => skynet(runtime, cell),
    })
}

struct Spawn(Handle);

impl Pool for Spawn {
    fn spawn(&self, task: impl FnOnce() + Send + 'static) {
        self.0.spawn(async move { task() });
    }
}

#[derive(Clone, Copy)]
enum Background {
    Yields,
    Spawns,
}

/// Each task is awaited by its handle, on a thread that is no worker.
fn handles(
    runtime: &'static Runtime,
    cell: Cell,
    per_worker: usize,
    background: Background,
) -> Load {
    let tasks = cell.number("tasks") as usize;
    let samples: Arc<Vec<AtomicU64>> =
        Arc::new((0..sampled(tasks)).map(|_| AtomicU64::new(0)).collect());
    Box::new(move |run| {
        let mut ran = Ran::default();
        let stop = Arc::new(AtomicBool::new(false));
        let live = Arc::new(AtomicUsize::new(per_worker * cell.workers));
        let gate = Gate::new();
        for _ in 0..per_worker * cell.workers {
            runtime.spawn(busy(background, stop.clone(), live.clone(), gate.clone()));
        }
        repeat(run, &mut ran, |ran| {
            let start = now();
            runtime.block_on(async {
                let mut all = Vec::with_capacity(tasks);
                for i in 0..tasks {
                    all.push(if i.is_multiple_of(8) {
                        let (samples, at) = (samples.clone(), now());
                        runtime.spawn(async move { samples[i / 8].store(now() - at, Relaxed) })
                    } else {
                        runtime.spawn(async {})
                    });
                }
                for handle in all {
                    handle.await.expect("a task");
                }
            });
            let took = now() - start;
            for s in samples.iter() {
                ran.latency.record(s.load(Relaxed));
            }
            took
        });
        stop.store(true, Relaxed);
        if per_worker > 0 {
            gate.wait();
        }
        ran.tasks = ran.ops * tasks as u64;
        ran.units = ran.tasks;
        ran
    })
}

type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

fn busy(
    background: Background,
    stop: Arc<AtomicBool>,
    live: Arc<AtomicUsize>,
    gate: Arc<Gate>,
) -> Task<()> {
    Box::pin(async move {
        while !stop.load(Relaxed) {
            stall();
            match background {
                Background::Yields => yield_now().await,
                Background::Spawns => {
                    tokio::spawn(busy(background, stop, live, gate));
                    return;
                }
            }
        }
        if live.fetch_sub(1, AcqRel) == 1 {
            gate.open();
        }
    })
}

/// Has a task run, which opens the gate at its end, and returns how long that took.
fn until_open(
    runtime: &Runtime,
    gate: &Gate,
    task: impl Future<Output = ()> + Send + 'static,
) -> u64 {
    let start = now();
    runtime.spawn(task);
    gate.wait() - start
}

fn ping_pong(runtime: &'static Runtime, cell: Cell) -> Load {
    let pings = cell.number("pings") as usize;
    let samples: Arc<Vec<AtomicU64>> =
        Arc::new((0..sampled(pings)).map(|_| AtomicU64::new(0)).collect());
    Box::new(move |run| {
        let mut ran = Ran::default();
        let gate = Gate::new();
        repeat(run, &mut ran, |ran| {
            let (g, samples2) = (gate.clone(), samples.clone());
            let left = Arc::new(AtomicUsize::new(pings));
            let took = until_open(runtime, &gate, async move {
                for i in 0..pings {
                    let (g, samples, left) = (g.clone(), samples2.clone(), left.clone());
                    tokio::spawn(async move {
                        let (ping, pinged) = oneshot::channel();
                        let (pong, ponged) = oneshot::channel();
                        tokio::spawn(async move {
                            pinged.await.expect("a ping");
                            pong.send(()).expect("a receiver");
                        });
                        let at = now();
                        ping.send(()).expect("a receiver");
                        ponged.await.expect("a pong");
                        if i.is_multiple_of(8) {
                            samples[i / 8].store(now() - at, Relaxed);
                        }
                        if left.fetch_sub(1, AcqRel) == 1 {
                            g.open();
                        }
                    });
                }
            });
            for s in samples.iter() {
                ran.latency.record(s.load(Relaxed));
            }
            took
        });
        ran.tasks = ran.ops * (1 + 2 * pings as u64);
        ran.units = ran.tasks;
        ran
    })
}

fn yield_many(runtime: &'static Runtime, cell: Cell) -> Load {
    let (tasks, yields) = (cell.number("tasks"), cell.number("yields"));
    Box::new(move |run| {
        let mut ran = Ran::default();
        let gate = Gate::new();
        repeat(run, &mut ran, |_| {
            let left = Arc::new(AtomicU64::new(tasks));
            let start = now();
            for _ in 0..tasks {
                let (g, left) = (gate.clone(), left.clone());
                runtime.spawn(async move {
                    for _ in 0..yields {
                        yield_now().await;
                    }
                    if left.fetch_sub(1, AcqRel) == 1 {
                        g.open();
                    }
                });
            }
            gate.wait() - start
        });
        ran.tasks = ran.ops * tasks * (yields + 1);
        ran.units = ran.tasks;
        ran
    })
}

fn chained_spawn(runtime: &'static Runtime, cell: Cell) -> Load {
    fn chain(gate: Arc<Gate>, left: u64) {
        if left == 0 {
            gate.open();
        } else {
            tokio::spawn(async move { chain(gate, left - 1) });
        }
    }
    let depth = cell.number("depth");
    Box::new(move |run| {
        let mut ran = Ran::default();
        let gate = Gate::new();
        repeat(run, &mut ran, |_| {
            let g = gate.clone();
            until_open(runtime, &gate, async move { chain(g, depth) })
        });
        ran.tasks = ran.ops * (depth + 1);
        ran.units = ran.tasks;
        ran
    })
}

/// Has a task compute a number, operation by operation, and sums the numbers up.
fn computed(runtime: &'static Runtime, tasks: u64, task: impl Fn() -> Task<u64> + 'static) -> Load {
    Box::new(move |run| {
        let mut ran = Ran::default();
        let gate = Gate::new();
        let result = Arc::new(AtomicU64::new(0));
        repeat(run, &mut ran, |ran| {
            let (g, r, root) = (gate.clone(), result.clone(), task());
            let took = until_open(runtime, &gate, async move {
                r.store(root.await, Relaxed);
                g.open();
            });
            ran.units += result.load(Relaxed);
            took
        });
        ran.tasks = ran.ops * tasks;
        ran
    })
}

fn fork_join(runtime: &'static Runtime, cell: Cell) -> Load {
    fn fib(n: u64, cutoff: u64) -> Task<u64> {
        Box::pin(async move {
            if is_leaf(n, cutoff) {
                return serial_fib(n);
            }
            let a = tokio::spawn(fib(n - 1, cutoff));
            let b = tokio::spawn(fib(n - 2, cutoff));
            a.await.expect("a task") + b.await.expect("a task")
        })
    }
    let (n, cutoff) = (cell.number("n"), cell.number("cutoff"));
    computed(runtime, fib_calls(n, cutoff), move || {
        fib(std::hint::black_box(n), cutoff)
    })
}

fn skynet(runtime: &'static Runtime, cell: Cell) -> Load {
    fn node(number: u64, size: u64) -> Task<u64> {
        Box::pin(async move {
            if size == 1 {
                return number;
            }
            let part = size / 10;
            let mut children = Vec::with_capacity(10);
            for i in 0..10 {
                children.push(tokio::spawn(node(number + i * part, part)));
            }
            let mut sum = 0;
            for child in children {
                sum += child.await.expect("a task");
            }
            sum
        })
    }
    let leaves = 10u64.pow(cell.number("depth") as u32);
    computed(runtime, skynet_nodes(leaves), move || node(0, leaves))
}
