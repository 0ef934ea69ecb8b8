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
//! With the feature `mimalloc` each of the two is a tuned peer, whose tasks are allocated by
//! mimalloc. The C library's malloc is what a program has by default, and the part of its
//! cost that is none of the scheduler's is the difference between the two.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::*};

use protocol::{ALL, Cell, Futures, Hello, Load, futures, pin, serve};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The name of the peer with the feature.
const MIMALLOC: &str = match cfg!(tokio_unstable) {
    true => "tokio-alt-mimalloc",
    false => "tokio-mimalloc",
};

fn main() {
    let program = std::env::args().next().unwrap_or_default();
    let io = program.ends_with("tokio-io");
    let name = env!("CARGO_PKG_NAME").trim_start_matches("peer-");
    let (peer, build) = if cfg!(feature = "mimalloc") {
        (MIMALLOC, concat!(env!("BUILD"), ",mimalloc,no-driver"))
    } else if cfg!(tokio_unstable) {
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
        tuned: cfg!(feature = "mimalloc"),
        held: true,
        can: ALL,
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
    Ok(futures(Tokio(Box::leak(Box::new(runtime))), cell))
}

#[derive(Clone)]
struct Tokio(&'static Runtime);

impl Futures for Tokio {
    type Handle<T: Send + 'static> = JoinHandle<T>;

    fn submit<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.0.spawn(task)
    }

    fn spawn<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        tokio::spawn(task)
    }

    async fn join<T: Send + 'static>(handle: JoinHandle<T>) -> T {
        handle.await.expect("a task")
    }

    fn detach<T: Send + 'static>(handle: JoinHandle<T>) {
        drop(handle);
    }

    fn yield_now() -> impl Future<Output = ()> + Send {
        tokio::task::yield_now()
    }

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.0.block_on(future)
    }

    fn channel() -> (
        impl FnOnce() + Send + 'static,
        impl Future<Output = ()> + Send + 'static,
    ) {
        let (sender, receiver) = oneshot::channel();
        (move || sender.send(()).expect("a receiver"), async move {
            receiver.await.expect("a message")
        })
    }
}
