//! chili as a peer; docs/peers.md has the protocol.
//!
//! It is for fork-join only: `Scope::join` has the second of two closures run by the caller and
//! offers the first to other threads, at most one for each thread and heartbeat (100 µs). No
//! task can be submitted from outside, none has a handle, none waits or yields.
//!
//! The thread that asks is one of the workers: `thread_count` includes it. So the submitter waits
//! for a whole run, and a thread on the workers' CPUs carries out the operations, each in a scope
//! of its own. The pool has no hook at the start of its threads, so that they cannot be pinned
//! one by one: all keep to the workers' CPUs, and its heartbeat does, too.

use std::num::NonZero;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use chili::{Config, Scope, ThreadPool};
use protocol::{
    Cell, Hello, Load, Ran, Run, fib_calls, is_leaf, keep_to, now, repeat, serial_fib, serve,
    skynet_nodes,
};

fn main() {
    let hello = Hello {
        peer: "chili",
        version: env!("VERSION"),
        build: env!("BUILD"),
        tuned: false,
        held: false,
        can: &["fork_join", "skynet"],
    };
    serve(&hello, start);
}

/// What the submitter asks of the caller of `join`, and where the answer goes.
type Request = (Run, Sender<Ran>);

/// Starts the pool, and the thread that calls it.
fn start(cell: &Cell) -> Result<Load, String> {
    let (ask, asked) = channel::<Request>();
    let (ready, started) = channel();
    let cell = cell.clone();
    thread::spawn(move || {
        keep_to(&cell.cpus);
        let pool = ThreadPool::with_config(Config {
            thread_count: NonZero::new(cell.workers),
            ..Config::default()
        });
        let (tasks, root) = computation(&cell);
        ready.send(()).expect("the submitter");
        for (run, answer) in asked {
            let mut ran = Ran::default();
            repeat(&run, &mut ran, |ran| {
                let start = now();
                ran.units += root(&mut pool.scope());
                now() - start
            });
            ran.tasks = ran.ops * tasks;
            answer.send(ran).expect("the submitter");
        }
    });
    started
        .recv()
        .map_err(|_| "the pool did not start".to_string())?;
    Ok(Box::new(move |run| {
        let (answer, answered) = channel();
        ask.send((run.clone(), answer)).expect("the caller");
        answered.recv().expect("an answer")
    }))
}

type Root = Box<dyn Fn(&mut Scope<'_>) -> u64>;

/// How many tasks the workload has, and what computes its result.
fn computation(cell: &Cell) -> (u64, Root) {
    if cell.workload == "fork_join" {
        let (n, cutoff) = (cell.number("n"), cell.number("cutoff"));
        let root = move |s: &mut Scope<'_>| fib(s, std::hint::black_box(n), cutoff);
        return (fib_calls(n, cutoff), Box::new(root));
    }
    let leaves = 10u64.pow(cell.number("depth") as u32);
    let root = move |s: &mut Scope<'_>| node(s, 0, std::hint::black_box(leaves));
    (skynet_nodes(leaves), Box::new(root))
}

fn fib(scope: &mut Scope<'_>, n: u64, cutoff: u64) -> u64 {
    if is_leaf(n, cutoff) {
        return serial_fib(n);
    }
    let (a, b) = scope.join(|s| fib(s, n - 1, cutoff), |s| fib(s, n - 2, cutoff));
    a + b
}

fn node(scope: &mut Scope<'_>, number: u64, size: u64) -> u64 {
    if size == 1 {
        return number;
    }
    children(scope, number, size / 10, 10)
}

/// The sum of a row of children. `join` has two branches, so ten take nine calls.
fn children(scope: &mut Scope<'_>, first: u64, size: u64, count: u64) -> u64 {
    if count == 1 {
        return node(scope, first, size);
    }
    let half = count / 2;
    let (a, b) = scope.join(
        |s| children(s, first, size, half),
        |s| children(s, first + half * size, size, count - half),
    );
    a + b
}
