import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** The loads for which an executor is all that is needed. */
final class Outside {
    private final Executor pool;
    private final Cell cell;

    Outside(Executor pool, Cell cell) {
        this.pool = pool;
        this.cell = cell;
    }

    void wake(Run run) {
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

    void openLoop(Run run) {
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

    void idle(Run run) {
        for (long left = run.ns; left > 0; left = run.start + run.ns - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        run.ops = 1;
    }

    /** Submits empty tasks, of which the last to run opens the gate. */
    void batch(Run run) {
        var submitter = new Submitter(cell);
        int tasks = cell.number("tasks");
        var samples = new AtomicLongArray((tasks + 7) / 8);
        run.repeat(() -> {
            var left = new AtomicInteger(tasks);
            long start = System.nanoTime();
            for (int i = 0; i < tasks; i++) {
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
            long ended = submitter.await();
            recordAll(samples, run);
            return ended - start;
        });
        run.tasks = run.units = run.ops * tasks;
    }

    static void recordAll(AtomicLongArray samples, Run run) {
        for (int i = 0; i < samples.length(); i++) {
            run.latency.record(samples.getPlain(i));
        }
    }
}
