import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The loads for which an executor is all that is needed. */
final class Outside {
    private final Executor pool;
    private final Cell cell;

    private Outside(Executor pool, Cell cell) {
        this.pool = pool;
        this.cell = cell;
    }

    static Consumer<Run> load(Executor pool, Cell cell) {
        var outside = new Outside(pool, cell);
        return switch (cell.workload()) {
            case "wake" -> outside::wake;
            case "poisson", "burst", "trickle" -> outside::openLoop;
            case "idle" -> outside::idle;
            case "spawn_many_local" -> outside::batch;
            case "remote_spawn" -> outside::contest;
            default -> throw new IllegalArgumentException(cell.workload());
        };
    }

    private void wake(Run run) {
        var submitter = new Submitter(cell);
        String how = cell.word("submitter");
        int gap = cell.number("gap");
        var began = new AtomicLongArray(1);
        long[] last = {System.nanoTime()};
        run.repeat(() -> {
            long due = last[0] + gap;
            long start = submitter.due(how, due);
            pool.execute(() -> {
                began.setPlain(0, System.nanoTime());
                submitter.open();
            });
            if (how.equals("spin")) {
                submitter.until(at -> submitter.isOpen());
            }
            long ended = submitter.await();
            run.latency.record(began.getPlain(0) - start);
            run.lag.record(start - due);
            last[0] = System.nanoTime();
            return ended - start;
        });
        run.tasks = run.units = run.ops;
        run.waited = submitter.waited;
    }

    private void openLoop(Run run) {
        var submitter = new Submitter(cell);
        boolean trickle = cell.workload().equals("trickle");
        String how = trickle && cell.word("submitter").isEmpty() ? "poll" : cell.word("submitter");
        int n = run.at.length;
        var samples = new AtomicLongArray(n);
        var left = new AtomicInteger(n);
        for (int i = 0; i < n; i++) {
            int task = i;
            long due = run.start + run.at[i];
            long at = submitter.due(how, due);
            run.lag.record(at - due);
            long since = trickle ? at : due;
            long service = run.service[i];
            pool.execute(() -> {
                long begin = System.nanoTime();
                samples.setPlain(task, begin - since);
                while (System.nanoTime() - begin < service) {
                }
                left.getAndDecrement();
            });
            run.units += Math.max(service, 1);
        }
        submitter.due(how, run.start + run.ns);
        run.unfinished = left.get();
        while (left.get() > 0) {
            LockSupport.parkNanos(10_000);
        }
        for (int i = 0; i < n; i++) {
            run.latency.record(samples.getPlain(i));
        }
        run.ops = run.tasks = n;
        run.waited = submitter.waited;
    }

    private void idle(Run run) {
        for (long left = run.ns; left > 0; left = run.start + run.ns - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        run.ops = 1;
    }

    /** A batch of empty tasks, submitted by one thread. */
    private void batch(Run run) {
        var submitter = new Submitter(cell);
        var batch = new Batch(submitter);
        run.repeat(() -> {
            batch.left.set(batch.tasks);
            long start = System.nanoTime();
            batch.submit(0, batch.tasks);
            long ended = submitter.await();
            recordAll(batch.samples, run);
            return ended - start;
        });
        run.tasks = run.units = run.ops * batch.tasks;
    }

    /** A batch submitted by producers that begin together, and sleep between operations. */
    private void contest(Run run) {
        int producers = cell.number("producers");
        var submitter = new Submitter(cell);
        var batch = new Batch(submitter);
        var ready = new AtomicInteger();
        var round = new AtomicInteger(); // what has begun
        var over = new AtomicBoolean();
        var calls = new Semaphore[producers - 1];
        var others = new ArrayList<FutureTask<Long>>();
        for (int i = 0; i < calls.length; i++) {
            int p = i + 1;
            var call = calls[i] = new Semaphore(0);
            var other = new FutureTask<Long>(() -> {
                var mine = new Submitter(cell);
                for (int began = 0;; began++) {
                    call.acquireUninterruptibly();
                    if (over.get()) {
                        return mine.waited;
                    }
                    int before = began;
                    ready.getAndIncrement();
                    mine.until(at -> round.get() > before);
                    batch.submitShare(p, producers);
                }
            });
            others.add(other);
            new Thread(other).start();
        }
        run.repeat(() -> {
            batch.left.set(batch.tasks);
            ready.set(0);
            for (var call : calls) {
                call.release();
            }
            submitter.until(at -> ready.get() == calls.length);
            long start = System.nanoTime();
            round.getAndIncrement();
            batch.submitShare(0, producers);
            long ended = submitter.await();
            recordAll(batch.samples, run);
            return ended - start;
        });
        over.set(true);
        for (var call : calls) {
            call.release();
        }
        run.waited = submitter.waited;
        for (var other : others) {
            run.waited += result(other);
        }
        run.tasks = run.units = run.ops * batch.tasks;
    }

    /** Waits for a result. */
    static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty tasks. The last to run opens the gate. */
    private final class Batch {
        final int tasks = cell.number("tasks");
        final AtomicLongArray samples = new AtomicLongArray((tasks + 7) / 8);
        final AtomicInteger left = new AtomicInteger();
        private final Submitter submitter;

        Batch(Submitter submitter) {
            this.submitter = submitter;
        }

        void submitShare(int producer, int producers) {
            submit((int) ((long) tasks * producer / producers), (int) ((long) tasks * (producer + 1) / producers));
        }

        /** Submits the tasks from one number to another. */
        void submit(int from, int to) {
            for (int i = from; i < to; i++) {
                int task = i;
                long at = i % 8 == 0 ? System.nanoTime() : 0;
                pool.execute(() -> {
                    if (task % 8 == 0) {
                        samples.setPlain(task / 8, System.nanoTime() - at);
                    }
                    if (left.decrementAndGet() == 0) {
                        submitter.open();
                    }
                });
            }
        }
    }

    static void recordAll(AtomicLongArray samples, Run run) {
        for (int i = 0; i < samples.length(); i++) {
            run.latency.record(samples.getPlain(i));
        }
    }
}
