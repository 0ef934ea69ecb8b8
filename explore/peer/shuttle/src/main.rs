//! The program of ../program.go under shuttle's random scheduler, as many times as
//! the argument says. It prints how many scheduling decisions an execution has, on
//! average over the first hundred.

use shuttle::scheduler::{RandomScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::sync::atomic::{AtomicI32, Ordering};
use shuttle::sync::{Arc, Mutex};
use shuttle::{thread, Config, Runner};
use std::sync::atomic::AtomicUsize;

const THREADS: usize = 3;
const ROUNDS: usize = 10;
const SEED: u64 = 1;
const COUNTED: usize = 100;

fn program() {
    let n = Arc::new(AtomicI32::new(0));
    let locked = Arc::new(Mutex::new(0));
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let (n, locked) = (n.clone(), locked.clone());
            thread::spawn(move || {
                for _ in 0..ROUNDS {
                    n.fetch_add(1, Ordering::SeqCst);
                    *locked.lock().unwrap() += 1;
                }
            })
        })
        .collect();
    for t in threads {
        t.join().unwrap();
    }
}

/// Counts the decisions that the runtime asks a scheduler for.
struct Counting(RandomScheduler, std::sync::Arc<AtomicUsize>);

impl Scheduler for Counting {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.0.new_execution()
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, yields: bool) -> Option<TaskId> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.0.next_task(runnable, current, yields)
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

fn main() {
    let executions: usize = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("usage: shuttle-peer executions");

    let decisions = std::sync::Arc::new(AtomicUsize::new(0));
    let counting = Counting(RandomScheduler::new_from_seed(SEED, COUNTED), decisions.clone());
    Runner::new(counting, Config::new()).run(program);

    let done = Runner::new(RandomScheduler::new_from_seed(SEED, executions), Config::new()).run(program);
    assert_eq!(done, executions);
    println!("{}", decisions.load(std::sync::atomic::Ordering::Relaxed) as f64 / COUNTED as f64);
}
