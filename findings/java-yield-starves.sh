#!/bin/sh
# Java's ForkJoinPool and the virtual threads on it: with one worker, a task that forks its
# successor, and a virtual thread that yields, keep all work that comes from outside waiting,
# also in FIFO mode.
#
# Good guess: asyncMode is first in, first out, so a pool in this mode, which is what virtual
# threads run on, gets to a task from outside after the tasks before it. Thread.yield lets a
# thread run that is ready. Go and Tokio look at their global queues every so often for this.
# Behaviour: a worker empties its own queue, and then the one in which it found a task, before it
# looks at others; asyncMode orders its own only. A task that it forks goes into the first, a
# virtual thread that yields into one of them, so it is never done. Tasks from outside are in
# other queues.
# Who meets it: a container with one CPU, whose virtual threads have one carrier: a loop with
# Thread.yield, waiting for a result, never sees the thread run that was started to make it.
# Actors that schedule themselves again while they have messages.
# Output seen (17.0.15; 25.0.3, which has the third line): "fork, asyncMode false: the task from
# outside had not run after 173599 turns, and ran after the last", the same with asyncMode true
# and with "Thread.yield in a virtual thread"; each 5 times in 5.
# It fails if an outside task runs while they do. It needs Java 17 or later; the part on virtual
# threads needs 21 (JAVA=path/to/java), and is left out without.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
JAVA=${JAVA:-java}
version=$("$JAVA" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
echo "Java $version"
cat > Finding.java <<'JAVA'
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;

public class Finding {
    static final AtomicBoolean stop = new AtomicBoolean();
    static final AtomicLong turns = new AtomicLong();

    static class Again extends RecursiveAction {
        protected void compute() {
            turns.getAndIncrement();
            if (!stop.get()) {
                new Again().fork();
            }
        }
    }

    /** Reports whether a task from outside runs while others have 100,000 turns, or ten seconds. */
    static boolean runs(String what, Executor pool, Runnable others) throws Exception {
        stop.set(false);
        turns.set(0);
        pool.execute(others);
        while (turns.get() == 0) {
            Thread.sleep(1);
        }
        CountDownLatch ran = new CountDownLatch(1);
        long before = turns.get();
        pool.execute(ran::countDown);
        boolean in = false;
        for (int i = 0; i < 100 && !in && turns.get() - before < 100_000; i++) {
            in = ran.await(100, TimeUnit.MILLISECONDS);
        }
        long n = turns.get() - before;
        stop.set(true);
        boolean after = ran.await(10, TimeUnit.SECONDS);
        System.out.println(what + ": the task from outside " + (in ? "ran within " : "had not run after ") + n + " turns"
                + (in ? "" : after ? ", and ran after the last" : ", and never ran"));
        return in || !after;
    }

    public static void main(String[] args) throws Exception {
        boolean changed = false;
        for (boolean async : new boolean[] {false, true}) {
            ForkJoinPool pool = new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, async);
            changed |= runs("fork, asyncMode " + async, pool, () -> new Again().fork());
        }
        if (args.length > 0) {
            Executor threads = (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            changed |= runs("Thread.yield in a virtual thread", threads, () -> {
                while (!stop.get()) {
                    turns.getAndIncrement();
                    Thread.yield();
                }
            });
        }
        System.exit(changed ? 1 : 0);
    }
}
JAVA
if [ "$version" -ge 21 ]; then
	"$JAVA" -Djdk.virtualThreadScheduler.parallelism=1 Finding.java virtual
else
	"$JAVA" Finding.java
fi
