use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*};
use std::thread::{self, Thread};
use std::time::Duration;

use crate::wire::Load;
use crate::{Cell, Ran, Run, now, pin};

/// A runtime that can be given work from outside.
pub trait Pool: Send + Sync + 'static {
    fn spawn(&self, task: impl FnOnce() + Send + 'static);
}

/// The submitter waits here for the end of what it has submitted. The last task opens it.
pub struct Gate {
    /// When it was opened, 0 before. The release store of `open` makes what the tasks did
    /// visible to the submitter.
    ended: AtomicU64,
    submitter: Thread,
}

impl Gate {
    /// A gate for the calling thread.
    pub fn new() -> Arc<Self> {
        Arc::new(Gate {
            ended: AtomicU64::new(0),
            submitter: thread::current(),
        })
    }

    pub fn open(&self) {
        self.ended.store(now(), Release);
        self.submitter.unpark();
    }

    /// Waits, and returns when the gate was opened. It is closed again.
    pub fn wait(&self) -> u64 {
        while self.ended.load(Acquire) == 0 {
            thread::park();
        }
        self.ended.swap(0, Relaxed)
    }
}

/// Polls, and adds up the CPU time of that.
struct Poller {
    waited: u64,
    shares: bool,
}

/// A step between two readings of the clock in which the thread may not have run.
const AWAY: u64 = 5_000;

impl Poller {
    fn until(&mut self, mut done: impl FnMut(u64) -> bool) -> u64 {
        let mut last = now();
        while !done(last) {
            if self.shares {
                thread::yield_now();
            } else {
                std::hint::spin_loop();
            }
            let at = now();
            if at - last < AWAY {
                self.waited += at - last;
            }
            last = at;
        }
        last
    }

    /// Waits in the submitter's manner for a task to become due.
    fn due(&mut self, how: How, due: u64) -> u64 {
        let at = now();
        if how == How::Poll && at < due {
            thread::sleep(Duration::from_nanos(due - at));
        }
        self.until(|at| at >= due)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Block,
    Spin,
    Poll,
}

fn how(cell: &Cell) -> How {
    match cell.word("submitter") {
        "spin" => How::Spin,
        "poll" => How::Poll,
        _ => How::Block,
    }
}

/// Runs operations until the time is over, at least one. An operation returns how long it took.
pub fn repeat(run: &Run, ran: &mut Ran, mut op: impl FnMut(&mut Ran) -> u64) {
    loop {
        let took = op(ran);
        ran.busy += took;
        ran.ops += 1;
        if now() - run.start >= run.ns {
            return;
        }
    }
}

/// How many of a batch of tasks have a sample: 0, 8, 16, …
pub fn sampled(tasks: usize) -> usize {
    tasks.div_ceil(8)
}

/// What a background task does before it goes on: 10 µs in which the kernel may give the CPU to
/// others.
pub fn stall() {
    let end = now() + 10_000;
    while now() < end {
        thread::yield_now();
    }
}

/// Returns the load of a cell if a pool is all that it needs: wake, poisson, burst, trickle,
/// idle, spawn_many_local and remote_spawn.
pub fn outside<P: Pool>(pool: &Arc<P>, cell: &Cell) -> Option<Load> {
    let (pool, cell) = (pool.clone(), cell.clone());
    Some(match cell.workload.as_str() {
        "wake" => Box::new(move |run| wake(&*pool, &cell, run)),
        "poisson" | "burst" | "trickle" => Box::new(move |run| open_loop(&*pool, &cell, run)),
        "idle" => Box::new(move |run| {
            let _kept = &pool; // a pool that is dropped has no workers
            thread::sleep(Duration::from_nanos(
                (run.start + run.ns).saturating_sub(now()),
            ));
            Ran {
                ops: 1,
                ..Ran::default()
            }
        }),
        "spawn_many_local" => Box::new(move |run| batch(&*pool, &cell, run)),
        "remote_spawn" => Box::new(move |run| contest(&pool, &cell, run)),
        _ => return None,
    })
}

fn wake<P: Pool>(pool: &P, cell: &Cell, run: &Run) -> Ran {
    let (gap, how) = (cell.number("gap"), how(cell));
    let mut ran = Ran::default();
    let mut poller = Poller {
        waited: 0,
        shares: cell.shares(),
    };
    let gate = Gate::new();
    let began = Arc::new(AtomicU64::new(0));
    let mut last = now();
    repeat(run, &mut ran, |ran| {
        let due = last + gap;
        let start = poller.due(how, due);
        let (g, b) = (gate.clone(), began.clone());
        pool.spawn(move || {
            b.store(now(), Relaxed);
            g.open();
        });
        if how == How::Spin {
            poller.until(|_| gate.ended.load(Acquire) != 0);
        }
        let ended = gate.wait();
        ran.latency
            .record(began.load(Relaxed).saturating_sub(start));
        ran.lag.record(start - due);
        last = now();
        ended - start
    });
    ran.tasks = ran.ops;
    ran.units = ran.ops;
    ran.waited = poller.waited;
    ran
}

fn open_loop<P: Pool>(pool: &P, cell: &Cell, run: &Run) -> Ran {
    let trickle = cell.workload == "trickle";
    let how = if trickle && cell.word("submitter").is_empty() {
        How::Poll
    } else {
        how(cell)
    };
    let mut ran = Ran::default();
    let mut poller = Poller {
        waited: 0,
        shares: cell.shares(),
    };
    let n = run.arrivals.len();
    let samples: Arc<Vec<AtomicU64>> = Arc::new((0..n).map(|_| AtomicU64::new(0)).collect());
    let left = Arc::new(AtomicUsize::new(n));
    for (i, a) in run.arrivals.iter().enumerate() {
        let due = run.start + a.at;
        let at = poller.due(how, due);
        ran.lag.record(at - due);
        let since = if trickle { at } else { due };
        let (samples, left, service) = (samples.clone(), left.clone(), a.service);
        pool.spawn(move || {
            let begin = now();
            samples[i].store(begin - since, Relaxed);
            while now() - begin < service {}
            left.fetch_sub(1, Release);
        });
        ran.units += service.max(1);
    }
    let end = run.start + run.ns;
    poller.due(how, end);
    ran.unfinished = left.load(Relaxed) as u64;
    while left.load(Acquire) > 0 {
        thread::sleep(Duration::from_micros(10));
    }
    for s in samples.iter() {
        ran.latency.record(s.load(Relaxed));
    }
    ran.ops = n as u64;
    ran.tasks = n as u64;
    ran.waited = poller.waited;
    ran
}

/// A batch of empty tasks. The last to run opens the gate.
struct Batch {
    left: AtomicUsize,
    samples: Vec<AtomicU64>,
    gate: Arc<Gate>,
}

impl Batch {
    fn new(tasks: usize) -> Arc<Self> {
        let samples = (0..sampled(tasks)).map(|_| AtomicU64::new(0)).collect();
        Arc::new(Batch {
            left: AtomicUsize::new(0),
            samples,
            gate: Gate::new(),
        })
    }

    fn submit<P: Pool>(self: &Arc<Self>, pool: &P, i: usize) {
        let b = self.clone();
        let start = if i.is_multiple_of(8) { now() } else { 0 };
        pool.spawn(move || {
            if start > 0 {
                b.samples[i / 8].store(now() - start, Relaxed);
            }
            if b.left.fetch_sub(1, AcqRel) == 1 {
                b.gate.open();
            }
        });
    }

    fn record(&self, ran: &mut Ran, tasks: usize) {
        for s in &self.samples {
            ran.latency.record(s.load(Relaxed));
        }
        ran.tasks += tasks as u64;
        ran.units += tasks as u64;
    }
}

fn batch<P: Pool>(pool: &P, cell: &Cell, run: &Run) -> Ran {
    let tasks = cell.number("tasks") as usize;
    let mut ran = Ran::default();
    let batch = Batch::new(tasks);
    repeat(run, &mut ran, |ran| {
        batch.left.store(tasks, Relaxed);
        let start = now();
        for i in 0..tasks {
            batch.submit(pool, i);
        }
        let ended = batch.gate.wait();
        batch.record(ran, tasks);
        ended - start
    });
    ran
}

/// Producers that begin together. They sleep between operations.
fn contest<P: Pool>(pool: &Arc<P>, cell: &Cell, run: &Run) -> Ran {
    let (tasks, producers) = (
        cell.number("tasks") as usize,
        cell.number("producers") as usize,
    );
    let mut ran = Ran::default();
    let mut poller = Poller {
        waited: 0,
        shares: cell.shares(),
    };
    let batch = Batch::new(tasks);
    let share = move |p: usize| tasks * p / producers..tasks * (p + 1) / producers;
    let (round, ready, over) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let others: Vec<_> = (1..producers)
        .map(|p| {
            let (pool, batch, round, ready, over) = (
                pool.clone(),
                batch.clone(),
                round.clone(),
                ready.clone(),
                over.clone(),
            );
            let (cpu, shares) = (cell.generators[p % cell.generators.len()], cell.shares());
            thread::spawn(move || {
                pin(cpu);
                let mut poller = Poller { waited: 0, shares };
                // An even round is a rest; an odd one is called for, and begins when it is even.
                let mut seen = 0;
                loop {
                    while round.load(Acquire) == seen && !over.load(Acquire) {
                        thread::park();
                    }
                    if over.load(Acquire) {
                        return poller.waited;
                    }
                    ready.fetch_add(1, AcqRel);
                    poller.until(|_| round.load(Acquire) == seen + 2);
                    seen += 2;
                    for i in share(p) {
                        batch.submit(&*pool, i);
                    }
                }
            })
        })
        .collect();
    repeat(run, &mut ran, |ran| {
        batch.left.store(tasks, Relaxed);
        ready.store(0, Relaxed);
        round.fetch_add(1, Release);
        for o in &others {
            o.thread().unpark();
        }
        poller.until(|_| ready.load(Acquire) == producers - 1);
        let start = now();
        round.fetch_add(1, Release);
        for i in share(0) {
            batch.submit(&**pool, i);
        }
        let ended = batch.gate.wait();
        batch.record(ran, tasks);
        ended - start
    });
    over.store(true, Release);
    ran.waited = poller.waited;
    for o in others {
        o.thread().unpark();
        ran.waited += o.join().expect("a producer");
    }
    ran
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Inline;

    impl Pool for Inline {
        fn spawn(&self, task: impl FnOnce() + Send + 'static) {
            task();
        }
    }

    #[test]
    fn a_load_keeps_its_pool() {
        for workload in [
            "wake",
            "poisson",
            "idle",
            "spawn_many_local",
            "remote_spawn",
        ] {
            let pool = Arc::new(Inline);
            let load = outside(&pool, &Cell::of(workload)).expect(workload);
            assert_eq!(Arc::strong_count(&pool), 2, "{workload}");
            drop(load);
        }
        assert!(outside(&Arc::new(Inline), &Cell::of("fork_join")).is_none());
    }
}
