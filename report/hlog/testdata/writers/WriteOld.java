import java.io.File;
import java.io.PrintStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Writes a log of TestWriters with a version of the library that had no tags, relative to StartTime. */
public class WriteOld {
    public static void main(String[] args) throws Exception {
        long base = 1790000000789L;
        try (PrintStream want = new PrintStream(args[0] + ".want")) {
            HistogramLogWriter w = new HistogramLogWriter(new File(args[0] + ".hlog"));
            w.outputLogFormatVersion();
            w.outputStartTime(base);
            w.outputLegend();
            for (int n = 1; n <= 2; n++) {
                Histogram h = new Histogram(3600L * 1000 * 1000 * 1000, 3);
                for (long i = 1; i <= 1000 * n; i++) h.recordValue(i * i * 1000);
                h.setStartTimeStamp(base - 1500 + 1000 * n);
                h.setEndTimeStamp(base - 500 + 1000 * n);
                w.outputIntervalHistogram(h.getStartTimeStamp() / 1e3 - base / 1e3, h.getEndTimeStamp() / 1e3 - base / 1e3, h);
                want.printf("- %d %d %d %d %d %d%n", h.getStartTimeStamp(), h.getEndTimeStamp(), h.getTotalCount(),
                    h.highestEquivalentValue(h.getValueAtPercentile(50)), h.highestEquivalentValue(h.getValueAtPercentile(99)), h.getMaxValue());
            }
        }
    }
}
