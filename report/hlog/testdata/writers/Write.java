import java.io.File;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.HdrHistogram.*;

/** Writes the logs of TestWriters: plain, relative with a base time, and DoubleHistograms. */
public class Write {
    static final long BASE = 1790000000789L;

    interface Record { void value(long v); }

    static void record(int n, Record r) {
        for (long i = 1; i <= n; i++) r.value(i * i * 1000);
    }

    static void want(PrintStream want, EncodableHistogram e, long count, double p50, double p99, double max) {
        want.printf("%s %d %d %d %s %s %s%n", e.getTag() == null ? "-" : e.getTag(), e.getStartTimeStamp(), e.getEndTimeStamp(), count, p50, p99, max);
    }

    public static void main(String[] args) throws Exception {
        for (boolean relative : new boolean[] {false, true}) {
            String name = args[0] + "/java-" + (relative ? "relative" : "absolute");
            try (PrintStream want = new PrintStream(name + ".want")) {
                HistogramLogWriter w = new HistogramLogWriter(new File(name + ".hlog"));
                w.outputComment("[Logged by a test]");
                w.outputLogFormatVersion();
                w.outputStartTime(BASE);
                if (relative) {
                    w.outputBaseTime(BASE);
                    w.setBaseTime(BASE);
                }
                w.outputLegend();
                for (int n = 0; n < 3; n++) {
                    Histogram h = new Histogram(3);
                    record(1000 * n, h::recordValue);
                    h.setStartTimeStamp(BASE - 500 + 1000 * n); // the first is before the base time
                    h.setEndTimeStamp(BASE + 500 + 1000 * n);
                    if (n > 0) h.setTag(n == 1 ? "read" : "write");
                    w.outputIntervalHistogram(h);
                    want(want, h, h.getTotalCount(), h.getValueAtPercentile(50), h.getValueAtPercentile(99), h.getMaxValue());
                }
                w.close();
            }
        }
        String name = args[0] + "/java-double";
        try (PrintStream want = new PrintStream(name + ".want")) {
            HistogramLogWriter w = new HistogramLogWriter(new File(name + ".hlog"));
            w.outputStartTime(BASE);
            w.outputLegend();
            DoubleHistogram h = new DoubleHistogram(3);
            record(1000, v -> h.recordValue(v / 1e6));
            h.setStartTimeStamp(BASE);
            h.setEndTimeStamp(BASE + 1000);
            w.outputIntervalHistogram(BASE / 1e3, BASE / 1e3 + 1, h, 1.0);
            want(want, h, h.getTotalCount(), h.getValueAtPercentile(50), h.getValueAtPercentile(99), h.getMaxValue());
            // Not compressed: the log writer does not do that.
            ByteBuffer b = ByteBuffer.allocate(h.getNeededByteBufferCapacity() + 100);
            byte[] bytes = new byte[h.encodeIntoByteBuffer(b)];
            System.arraycopy(b.array(), 0, bytes, 0, bytes.length);
            w.close();
            try (PrintStream log = new PrintStream(new java.io.FileOutputStream(name + ".hlog", true))) {
                log.printf(java.util.Locale.US, "Tag=plain,%.3f,1.000,0.000,%s\n", BASE / 1e3, Base64.getEncoder().encodeToString(bytes));
            }
            h.setTag("plain");
            want(want, h, h.getTotalCount(), h.getValueAtPercentile(50), h.getValueAtPercentile(99), h.getMaxValue());
        }
    }
}
