import java.io.IOException;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * {@code new ForkJoinPool(workers)}. Tasks from outside are submitted as users do, with execute
 * or submit; tasks that spawn tasks fork.
 *
 * <p>It has no yield, and a task that waits for a message blocks its worker or has the pool start
 * another thread, so there is no workload of either kind. A worker takes its own tasks first, so
 * that one whose task forks its successor, over and over, never takes one from outside
 * (findings/java-yield-starves.sh): there is no spawn_many_remote_busy2.
 */
final class Forkjoin {
    private static final List<String> CAN = List.of("wake", "poisson", "burst", "trickle", "idle", "spawn_many_local",
            "spawn_many_remote_idle", "remote_spawn", "fork_join", "skynet", "chained_spawn");

    private final Cell cell;
    private final ForkJoinPool pool;

    private Forkjoin(Cell cell) {
        this.cell = cell;
        pool = new ForkJoinPool(cell.number("workers"));
    }

    public static void main(String[] args) throws IOException {
        Peer.serve("forkjoin", CAN, Forkjoin::load);
    }

    private static Consumer<Run> load(Cell cell) {
        var f = new Forkjoin(cell);
        return switch (cell.workload()) {
            case "spawn_many_remote_idle" -> f::handles;
            case "fork_join" -> f.fibonacci();
            case "skynet" -> f.skynet();
            case "chained_spawn" -> f::chainedSpawn;
            default -> Outside.load(f.pool, cell);
        };
    }

    /** Waits for the handle of each task. */
    private void handles(Run run) {
        int tasks = cell.number("tasks");
        var samples = new AtomicLongArray((tasks + 7) / 8);
        run.repeat(() -> {
            long start = System.nanoTime();
            var all = new ForkJoinTask<?>[tasks];
            for (int i = 0; i < tasks; i++) {
                int task = i;
                long at = i % 8 == 0 ? System.nanoTime() : 0;
                all[i] = pool.submit(() -> {
                    if (task % 8 == 0) {
                        samples.setPlain(task / 8, System.nanoTime() - at);
                    }
                });
            }
            for (var task : all) {
                task.join();
            }
            long took = System.nanoTime() - start;
            Outside.recordAll(samples, run);
            return took;
        });
        run.tasks = run.units = run.ops * tasks;
    }

    /** Has the pool compute a number, operation by operation, and sums the numbers up. */
    private Consumer<Run> computed(long tasks, Supplier<ForkJoinTask<Long>> root) {
        return run -> {
            run.repeat(() -> {
                long start = System.nanoTime();
                run.units += pool.invoke(root.get());
                return System.nanoTime() - start;
            });
            run.tasks = run.ops * tasks;
        };
    }

    private Consumer<Run> fibonacci() {
        int n = cell.number("n");
        int cutoff = cell.number("cutoff");
        return computed(Trees.fibCalls(n, cutoff), () -> new Fib(n, cutoff));
    }

    private static final class Fib extends RecursiveTask<Long> {
        private final int n;
        private final int cutoff;

        Fib(int n, int cutoff) {
            this.n = n;
            this.cutoff = cutoff;
        }

        @Override
        protected Long compute() {
            if (Trees.isLeaf(n, cutoff)) {
                return Trees.serialFib(n);
            }
            var left = new Fib(n - 1, cutoff);
            left.fork();
            return new Fib(n - 2, cutoff).compute() + left.join();
        }
    }

    private Consumer<Run> skynet() {
        long leaves = Trees.leaves(cell.number("depth"));
        return computed(Trees.skynetNodes(leaves), () -> new Node(0, leaves));
    }

    private static final class Node extends RecursiveTask<Long> {
        private final long number;
        private final long size;

        Node(long number, long size) {
            this.number = number;
            this.size = size;
        }

        @Override
        protected Long compute() {
            if (size == 1) {
                return number;
            }
            var children = new Node[10];
            for (int i = 0; i < 10; i++) {
                children[i] = new Node(number + i * (size / 10), size / 10);
            }
            invokeAll(children);
            long sum = 0;
            for (var child : children) {
                sum += child.join();
            }
            return sum;
        }
    }

    private void chainedSpawn(Run run) {
        int depth = cell.number("depth");
        var submitter = new Submitter(cell);
        run.repeat(() -> {
            long start = System.nanoTime();
            pool.execute(new Link(depth, submitter));
            return submitter.await() - start;
        });
        run.tasks = run.units = run.ops * (depth + 1L);
    }

    private static final class Link extends RecursiveAction {
        private final int left;
        private final Submitter submitter;

        Link(int left, Submitter submitter) {
            this.left = left;
            this.submitter = submitter;
        }

        @Override
        protected void compute() {
            if (left == 0) {
                submitter.open();
            } else {
                new Link(left - 1, submitter).fork();
            }
        }
    }
}
