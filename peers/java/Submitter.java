import java.util.concurrent.locks.LockSupport;

/** How the submitting thread waits: for a task to become due, and for its tasks to end. */
final class Submitter {
    /** A step between two readings of the clock in which the thread may not have run. */
    private static final long AWAY = 5_000;

    private final Thread thread = Thread.currentThread();
    private final boolean shares;

    /** When the gate was opened, 0 before: what the tasks did is visible from then on. */
    private volatile long ended;

    /** CPU time spent polling. */
    long waited;

    Submitter(Cell cell) {
        shares = cell.shares();
    }

    interface Done {
        boolean at(long now);
    }

    /** Polls, and returns when it was done. */
    long until(Done done) {
        long last = System.nanoTime();
        while (!done.at(last)) {
            if (shares) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
            long at = System.nanoTime();
            if (at - last < AWAY) {
                waited += at - last;
            }
            last = at;
        }
        return last;
    }

    /** Waits until a task is due, in the manner that the parameter submitter says. */
    long due(String how, long due) {
        if (how.equals("poll")) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
        return until(at -> at - due >= 0);
    }

    /** The last task opens the gate, on which the submitter waits. */
    void open() {
        ended = System.nanoTime();
        LockSupport.unpark(thread);
    }

    boolean isOpen() {
        return ended != 0;
    }

    /** Waits, and returns when the gate was opened. It is closed again. */
    long await() {
        while (ended == 0) {
            LockSupport.park();
        }
        long at = ended;
        ended = 0;
        return at;
    }
}
