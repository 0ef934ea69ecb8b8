import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The peer's side of docs/peers.md: everything but the runtime.
 *
 * <p>A peer calls serve with a function that starts its runtime for a cell, and returns one that
 * carries out runs. The loads that need only an executor are in Outside. The thread that calls
 * serve is the submitter.
 *
 * <p>The standard library has no call that pins a thread, and these pools end threads that were
 * idle and start others, so the peer says held=no, and the kernel places workers and submitter on
 * the CPUs of the cell. Before a cell is ready its load runs for a second, as every benchmark in
 * Java does, so that the compilers are done with it.
 */
final class Peer {
    private static final long WARMUP = 1_000_000_000L;

    private Peer() { }

    /** Speaks the protocol on standard input and output, until that is over. */
    static void serve(String name, List<String> can, Function<Cell, Consumer<Run>> start) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in), 1 << 16);
        say("hello protocol=1 peer=" + name + " version=" + System.getProperty("java.version") + " build="
                + (System.getProperty("java.vm.name") + "," + System.getProperty("java.runtime.version")).replace(' ', '-')
                + " config=default held=no can=" + String.join(",", can));
        Consumer<Run> load = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            var fields = Cell.parse(line);
            switch (line.split(" ", 2)[0]) {
                case "cell" -> {
                    var cell = new Cell(fields);
                    if (!can.contains(cell.workload())) {
                        say("no it does not have the workload " + cell.workload());
                        continue;
                    }
                    load = start.apply(cell);
                    warmUp(load, cell);
                    say("ready");
                }
                case "run" -> {
                    var run = Run.parse(fields);
                    load.accept(run);
                    say(run.answer());
                }
                case "end" -> System.exit(0);
                default -> { }
            }
        }
        System.exit(0);
    }

    /** Open loops get a task each 100 µs. */
    private static void warmUp(Consumer<Run> load, Cell cell) {
        boolean open = List.of("poisson", "burst", "trickle").contains(cell.workload());
        var at = new long[open ? (int) (WARMUP / 100_000) : 0];
        for (int i = 0; i < at.length; i++) {
            at[i] = i * 100_000L;
        }
        load.accept(new Run(WARMUP, at, new long[at.length]));
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
