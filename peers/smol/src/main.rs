//! smol's executor, async-executor, as a peer; docs/peers.md has the protocol.
//!
//! The executor is a static, as in `smol::spawn`, and has no threads: each worker is a thread of
//! ours that runs it in `block_on`, as its documentation shows. There is no reactor: an idle
//! worker sleeps on a futex, in a condition variable of `parking`.

use std::future::{Future, pending};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::*};
use std::thread;

use async_executor::{Executor, Task};
use futures_lite::future;
use protocol::{ALL, Cell, Futures, Hello, Load, futures, pin, serve};

static EXECUTOR: Executor<'static> = Executor::new();

fn main() {
    let hello = Hello {
        peer: "smol",
        version: env!("VERSION"),
        build: concat!(env!("BUILD"), ",no-reactor"),
        tuned: false,
        held: true,
        can: ALL,
    };
    serve(&hello, start);
}

/// Starts the workers, each on its CPU.
fn start(cell: &Cell) -> Result<Load, String> {
    let pinned = Arc::new(AtomicUsize::new(0));
    for &cpu in &cell.cpus {
        let pinned = pinned.clone();
        thread::spawn(move || {
            pin(cpu);
            pinned.fetch_add(1, Release);
            future::block_on(EXECUTOR.run(pending::<()>()))
        });
    }
    while pinned.load(Acquire) < cell.workers {
        thread::yield_now();
    }
    Ok(futures(Smol, cell))
}

#[derive(Clone)]
struct Smol;

impl Futures for Smol {
    type Handle<T: Send + 'static> = Task<T>;

    fn submit<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> Task<T> {
        EXECUTOR.spawn(task)
    }

    fn spawn<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> Task<T> {
        EXECUTOR.spawn(task)
    }

    fn join<T: Send + 'static>(handle: Task<T>) -> impl Future<Output = T> + Send {
        handle
    }

    fn detach<T: Send + 'static>(handle: Task<T>) {
        handle.detach();
    }

    fn yield_now() -> impl Future<Output = ()> + Send {
        future::yield_now()
    }

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        future::block_on(future)
    }

    fn channel() -> (
        impl FnOnce() + Send + 'static,
        impl Future<Output = ()> + Send + 'static,
    ) {
        let (sender, receiver) = async_channel::bounded(1);
        (
            move || sender.try_send(()).expect("a receiver"),
            async move { receiver.recv().await.expect("a message") },
        )
    }
}
