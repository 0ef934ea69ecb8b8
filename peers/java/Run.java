/** A request for operations, and what was done. */
final class Run {
    final long start = System.nanoTime();
    final long ns;
    final long[] at; // when tasks arrive, in an open loop
    final long[] service;

    long ops, tasks, units, busy, waited, unfinished;
    final Histogram latency = new Histogram();
    final Histogram lag = new Histogram();

    Run(long ns, long[] at, long[] service) {
        this.ns = ns;
        this.at = at;
        this.service = service;
    }

    static Run parse(java.util.Map<String, String> fields) {
        String text = fields.getOrDefault("arrivals", "");
        String[] items = text.isEmpty() ? new String[0] : text.split(",");
        var at = new long[items.length];
        var service = new long[items.length];
        for (int i = 0; i < items.length; i++) {
            int colon = items[i].indexOf(':');
            at[i] = Long.parseLong(items[i].substring(0, colon));
            service[i] = Long.parseLong(items[i].substring(colon + 1));
        }
        return new Run(Long.parseLong(fields.get("ns")), at, service);
    }

    /** An operation returns how long it took. */
    interface Operation {
        long run();
    }

    /** Runs operations until the time is over, at least one. */
    void repeat(Operation op) {
        do {
            busy += op.run();
            ops++;
        } while (System.nanoTime() - start < ns);
    }

    String answer() {
        long took = System.nanoTime() - start;
        return "ran ops=" + ops + " tasks=" + tasks + " units=" + units + " ns=" + took + " busy=" + busy
                + " waited=" + waited + " unfinished=" + unfinished + latency.field("latency") + lag.field("lag");
    }
}
