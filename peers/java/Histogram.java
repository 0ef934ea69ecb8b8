/** Counts times in nanoseconds, to within 0.8 %. Each power of two has 128 buckets. */
final class Histogram {
    private static final int BITS = 7;
    private static final int SUB = 1 << BITS;

    private final long[] counts = new long[SUB * (64 - BITS + 1)];

    void record(long ns) {
        counts[bucket(Math.max(ns, 0))]++;
    }

    /** The histogram as a field of the protocol, with a space in front; empty if it is. */
    String field(String name) {
        var text = new StringBuilder();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                text.append(text.isEmpty() ? " " + name + "=" : ",").append(middle(i)).append(':').append(counts[i]);
            }
        }
        return text.toString();
    }

    private static int bucket(long ns) {
        if (ns < SUB) {
            return (int) ns;
        }
        int shift = 63 - Long.numberOfLeadingZeros(ns) - BITS;
        return (shift + 1) * SUB + (int) (ns >> shift) - SUB;
    }

    private static long middle(int i) {
        if (i < SUB) {
            return i;
        }
        int shift = i / SUB - 1;
        return ((long) (i % SUB + SUB) << shift) + (1L << shift) / 2;
    }
}
