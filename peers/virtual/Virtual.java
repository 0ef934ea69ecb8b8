import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Virtual threads: a task is a thread of {@code newVirtualThreadPerTaskExecutor}. Their scheduler
 * is a ForkJoinPool in FIFO mode, and its parallelism is the number of workers.
 *
 * <p>A worker empties the queue that it is at before it looks at others, and a virtual thread that
 * yields goes there. With one worker, threads that yield over and over keep those that are started
 * outside waiting without end (findings/java-yield-starves.sh), so there is no
 * spawn_many_remote_busy1 or busy2.
 */
final class Virtual {
    private static final List<String> CAN = List.of("wake", "poisson", "burst", "trickle", "idle", "spawn_many_local",
            "spawn_many_remote_idle", "remote_spawn", "fork_join", "skynet", "ping_pong", "yield_many", "chained_spawn");

    private final Cell cell;
    private final ExecutorService threads;

    private Virtual(Cell cell) {
        this.cell = cell;
        // It is read when the first virtual thread is created.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", cell.word("workers"));
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    public static void main(String[] args) throws IOException {
        Peer.serve("virtual", CAN, Virtual::load);
    }

    private static Consumer<Run> load(Cell cell) {
        var v = new Virtual(cell);
        return switch (cell.workload()) {
            case "spawn_many_remote_idle" -> v::handles;
            case "fork_join" -> v.fibonacci();
            case "skynet" -> v.skynet();
            case "ping_pong" -> v::pingPong;
            case "yield_many" -> v::yieldMany;
            case "chained_spawn" -> v::chainedSpawn;
            default -> Outside.load(v.threads, cell);
        };
    }

    /** Waits for the handle of each task. */
    private void handles(Run run) {
        int tasks = cell.number("tasks");
        var samples = new AtomicLongArray((tasks + 7) / 8);
        run.repeat(() -> {
            long start = System.nanoTime();
            var all = new ArrayList<Future<?>>(tasks);
            for (int i = 0; i < tasks; i++) {
                int number = i;
                long at = i % 8 == 0 ? System.nanoTime() : 0;
                all.add(threads.submit(() -> {
                    if (number % 8 == 0) {
                        samples.setPlain(number / 8, System.nanoTime() - at);
                    }
                }));
            }
            for (var handle : all) {
                Outside.result(handle);
            }
            long took = System.nanoTime() - start;
            Outside.recordAll(samples, run);
            return took;
        });
        run.tasks = run.units = run.ops * tasks;
    }

    /** Has a task compute a number, operation by operation, and sums the numbers up. */
    private Consumer<Run> computed(long tasks, Supplier<Long> root) {
        return run -> {
            run.repeat(() -> {
                long start = System.nanoTime();
                run.units += Outside.result(threads.submit(root::get));
                return System.nanoTime() - start;
            });
            run.tasks = run.ops * tasks;
        };
    }

    private Consumer<Run> fibonacci() {
        int n = cell.number("n");
        int cutoff = cell.number("cutoff");
        return computed(Trees.fibCalls(n, cutoff), () -> fib(n, cutoff));
    }

    private long fib(int n, int cutoff) {
        if (Trees.isLeaf(n, cutoff)) {
            return Trees.serialFib(n);
        }
        var a = threads.submit(() -> fib(n - 1, cutoff));
        var b = threads.submit(() -> fib(n - 2, cutoff));
        return Outside.result(a) + Outside.result(b);
    }

    private Consumer<Run> skynet() {
        long leaves = Trees.leaves(cell.number("depth"));
        return computed(Trees.skynetNodes(leaves), () -> node(0, leaves));
    }

    private long node(long number, long size) {
        if (size == 1) {
            return number;
        }
        var children = new ArrayList<Future<Long>>(10);
        for (int i = 0; i < 10; i++) {
            long first = number + i * (size / 10);
            children.add(threads.submit(() -> node(first, size / 10)));
        }
        long sum = 0;
        for (var child : children) {
            sum += Outside.result(child);
        }
        return sum;
    }

    private void pingPong(Run run) {
        int pings = cell.number("pings");
        var submitter = new Submitter(cell);
        var samples = new AtomicLongArray((pings + 7) / 8);
        run.repeat(() -> {
            var left = new AtomicInteger(pings);
            long start = System.nanoTime();
            threads.execute(() -> {
                for (int i = 0; i < pings; i++) {
                    int number = i;
                    threads.execute(() -> {
                        var ping = new CompletableFuture<Void>();
                        var pong = new CompletableFuture<Void>();
                        threads.execute(() -> {
                            ping.join();
                            pong.complete(null);
                        });
                        long at = System.nanoTime();
                        ping.complete(null);
                        pong.join();
                        if (number % 8 == 0) {
                            samples.setPlain(number / 8, System.nanoTime() - at);
                        }
                        if (left.decrementAndGet() == 0) {
                            submitter.open();
                        }
                    });
                }
            });
            long ended = submitter.await();
            Outside.recordAll(samples, run);
            return ended - start;
        });
        run.tasks = run.units = run.ops * (1 + 2L * pings);
    }

    private void yieldMany(Run run) {
        int tasks = cell.number("tasks");
        int yields = cell.number("yields");
        var submitter = new Submitter(cell);
        run.repeat(() -> {
            var left = new AtomicInteger(tasks);
            long start = System.nanoTime();
            for (int i = 0; i < tasks; i++) {
                threads.execute(() -> {
                    for (int y = 0; y < yields; y++) {
                        Thread.yield();
                    }
                    if (left.decrementAndGet() == 0) {
                        submitter.open();
                    }
                });
            }
            return submitter.await() - start;
        });
        run.tasks = run.units = run.ops * tasks * (yields + 1L);
    }

    private void chainedSpawn(Run run) {
        int depth = cell.number("depth");
        var submitter = new Submitter(cell);
        run.repeat(() -> {
            long start = System.nanoTime();
            threads.execute(() -> link(depth, submitter));
            return submitter.await() - start;
        });
        run.tasks = run.units = run.ops * (depth + 1L);
    }

    private void link(int left, Submitter submitter) {
        if (left == 0) {
            submitter.open();
        } else {
            threads.execute(() -> link(left - 1, submitter));
        }
    }
}
