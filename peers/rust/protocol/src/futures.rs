//! The loads of a runtime whose tasks are futures: those of Tokio's own benchmarks
//! (benches/rt_multi_threaded.rs), written as there, and fork_join and skynet. A task is a
//! spawned future, and what it allocates is part of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*};

use crate::loads::{Gate, Pool, outside, repeat, sampled, stall};
use crate::wire::{Cell, Load, Ran};
use crate::{fib_calls, is_leaf, now, serial_fib, skynet_nodes};

/// A runtime whose tasks are futures, and what its users use with it. It can be cloned to be at
/// hand wherever a task is submitted from outside; tasks find it by themselves.
pub trait Futures: Clone + Send + Sync + 'static {
    /// What a spawn returns, and `join` awaits.
    type Handle<T: Send + 'static>: Send + 'static;

    /// Spawns a task from a thread that is no worker.
    fn submit<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> Self::Handle<T>;

    /// Spawns a task from within a task.
    fn spawn<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> Self::Handle<T>;

    /// Awaits the result of a task.
    fn join<T: Send + 'static>(handle: Self::Handle<T>) -> impl Future<Output = T> + Send;

    /// Lets a task run without its handle.
    fn detach<T: Send + 'static>(handle: Self::Handle<T>);

    /// Lets other tasks run first.
    fn yield_now() -> impl Future<Output = ()> + Send;

    /// Waits for a future, on a thread that is no worker.
    fn block_on<T>(&self, future: impl Future<Output = T>) -> T;

    /// A channel for one message: what sends it, and what waits for it.
    fn channel() -> (
        impl FnOnce() + Send + 'static,
        impl Future<Output = ()> + Send + 'static,
    );
}

impl<R: Futures> Pool for R {
    fn spawn(&self, task: impl FnOnce() + Send + 'static) {
        R::detach(self.submit(async move { task() }));
    }
}

/// The workloads that [`futures`] has: all.
pub const ALL: &[&str] = &[
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

/// Returns the load of a cell with any of these workloads.
pub fn futures<R: Futures>(runtime: R, cell: &Cell) -> Load {
    if let Some(load) = outside(&Arc::new(runtime.clone()), cell) {
        return load;
    }
    match cell.workload.as_str() {
        "spawn_many_remote_idle" => handles(runtime, cell, 0, Background::Yields),
        "spawn_many_remote_busy1" => handles(runtime, cell, 2, Background::Yields),
        "spawn_many_remote_busy2" => handles(runtime, cell, 1, Background::Spawns),
        "ping_pong" => ping_pong(runtime, cell),
        "yield_many" => yield_many(runtime, cell),
        "chained_spawn" => chained_spawn(runtime, cell),
        "fork_join" => fork_join(runtime, cell),
        _ => skynet(runtime, cell),
    }
}

#[derive(Clone, Copy)]
enum Background {
    Yields,
    Spawns,
}

fn samples(tasks: usize) -> Arc<Vec<AtomicU64>> {
    Arc::new((0..sampled(tasks)).map(|_| AtomicU64::new(0)).collect())
}

/// Each task is awaited by its handle, on a thread that is no worker.
fn handles<R: Futures>(runtime: R, cell: &Cell, per_worker: usize, background: Background) -> Load {
    let tasks = cell.number("tasks") as usize;
    let busy_tasks = per_worker * cell.workers;
    let samples = samples(tasks);
    Box::new(move |run| {
        let mut ran = Ran::default();
        let stop = Arc::new(AtomicBool::new(false));
        let live = Arc::new(AtomicUsize::new(busy_tasks));
        let gate = Gate::new();
        for _ in 0..busy_tasks {
            let task = busy::<R>(background, stop.clone(), live.clone(), gate.clone());
            R::detach(runtime.submit(task));
        }
        repeat(run, &mut ran, |ran| {
            let start = now();
            runtime.block_on(async {
                let mut all = Vec::with_capacity(tasks);
                for i in 0..tasks {
                    all.push(if i.is_multiple_of(8) {
                        let (samples, at) = (samples.clone(), now());
                        runtime.submit(async move { samples[i / 8].store(now() - at, Relaxed) })
                    } else {
                        runtime.submit(async {})
                    });
                }
                for handle in all {
                    R::join(handle).await;
                }
            });
            let took = now() - start;
            for s in samples.iter() {
                ran.latency.record(s.load(Relaxed));
            }
            took
        });
        stop.store(true, Relaxed);
        if busy_tasks > 0 {
            gate.wait();
        }
        ran.tasks = ran.ops * tasks as u64;
        ran.units = ran.tasks;
        ran
    })
}

type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

fn busy<R: Futures>(
    background: Background,
    stop: Arc<AtomicBool>,
    live: Arc<AtomicUsize>,
    gate: Arc<Gate>,
) -> Task<()> {
    Box::pin(async move {
        while !stop.load(Relaxed) {
            stall();
            match background {
                Background::Yields => R::yield_now().await,
                Background::Spawns => {
                    R::detach(R::spawn(busy::<R>(background, stop, live, gate)));
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
fn until_open<R: Futures>(
    runtime: &R,
    gate: &Gate,
    task: impl Future<Output = ()> + Send + 'static,
) -> u64 {
    let start = now();
    R::detach(runtime.submit(task));
    gate.wait() - start
}

fn ping_pong<R: Futures>(runtime: R, cell: &Cell) -> Load {
    let pings = cell.number("pings") as usize;
    let samples = samples(pings);
    Box::new(move |run| {
        let mut ran = Ran::default();
        let gate = Gate::new();
        repeat(run, &mut ran, |ran| {
            let (g, samples2) = (gate.clone(), samples.clone());
            let left = Arc::new(AtomicUsize::new(pings));
            let took = until_open(&runtime, &gate, async move {
                for i in 0..pings {
                    let (g, samples, left) = (g.clone(), samples2.clone(), left.clone());
                    R::detach(R::spawn(async move {
                        let (ping, pinged) = R::channel();
                        let (pong, ponged) = R::channel();
                        R::detach(R::spawn(async move {
                            pinged.await;
                            pong();
                        }));
                        let at = now();
                        ping();
                        ponged.await;
                        if i.is_multiple_of(8) {
                            samples[i / 8].store(now() - at, Relaxed);
                        }
                        if left.fetch_sub(1, AcqRel) == 1 {
                            g.open();
                        }
                    }));
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

fn yield_many<R: Futures>(runtime: R, cell: &Cell) -> Load {
    let (tasks, yields) = (cell.number("tasks"), cell.number("yields"));
    Box::new(move |run| {
        let mut ran = Ran::default();
        let gate = Gate::new();
        repeat(run, &mut ran, |_| {
            let left = Arc::new(AtomicU64::new(tasks));
            let start = now();
            for _ in 0..tasks {
                let (g, left) = (gate.clone(), left.clone());
                R::detach(runtime.submit(async move {
                    for _ in 0..yields {
                        R::yield_now().await;
                    }
                    if left.fetch_sub(1, AcqRel) == 1 {
                        g.open();
                    }
                }));
            }
            gate.wait() - start
        });
        ran.tasks = ran.ops * tasks * (yields + 1);
        ran.units = ran.tasks;
        ran
    })
}

fn chained_spawn<R: Futures>(runtime: R, cell: &Cell) -> Load {
    fn chain<R: Futures>(gate: Arc<Gate>, left: u64) {
        if left == 0 {
            gate.open();
        } else {
            R::detach(R::spawn(async move { chain::<R>(gate, left - 1) }));
        }
    }
    let depth = cell.number("depth");
    Box::new(move |run| {
        let mut ran = Ran::default();
        let gate = Gate::new();
        repeat(run, &mut ran, |_| {
            let g = gate.clone();
            until_open(&runtime, &gate, async move { chain::<R>(g, depth) })
        });
        ran.tasks = ran.ops * (depth + 1);
        ran.units = ran.tasks;
        ran
    })
}

/// Has a task compute a number, operation by operation, and sums the numbers up.
fn computed<R: Futures>(runtime: R, tasks: u64, task: impl Fn() -> Task<u64> + 'static) -> Load {
    Box::new(move |run| {
        let mut ran = Ran::default();
        let gate = Gate::new();
        let result = Arc::new(AtomicU64::new(0));
        repeat(run, &mut ran, |ran| {
            let (g, r, root) = (gate.clone(), result.clone(), task());
            let took = until_open(&runtime, &gate, async move {
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

fn fork_join<R: Futures>(runtime: R, cell: &Cell) -> Load {
    fn fib<R: Futures>(n: u64, cutoff: u64) -> Task<u64> {
        Box::pin(async move {
            if is_leaf(n, cutoff) {
                return serial_fib(n);
            }
            let a = R::spawn(fib::<R>(n - 1, cutoff));
            let b = R::spawn(fib::<R>(n - 2, cutoff));
            R::join(a).await + R::join(b).await
        })
    }
    let (n, cutoff) = (cell.number("n"), cell.number("cutoff"));
    computed(runtime, fib_calls(n, cutoff), move || {
        fib::<R>(std::hint::black_box(n), cutoff)
    })
}

fn skynet<R: Futures>(runtime: R, cell: &Cell) -> Load {
    fn node<R: Futures>(number: u64, size: u64) -> Task<u64> {
        Box::pin(async move {
            if size == 1 {
                return number;
            }
            let part = size / 10;
            let mut children = Vec::with_capacity(10);
            for i in 0..10 {
                children.push(R::spawn(node::<R>(number + i * part, part)));
            }
            let mut sum = 0;
            for child in children {
                sum += R::join(child).await;
            }
            sum
        })
    }
    let leaves = 10u64.pow(cell.number("depth") as u32);
    computed(runtime, skynet_nodes(leaves), move || node::<R>(0, leaves))
}
