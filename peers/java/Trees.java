/** What fork_join and skynet compute, and how many tasks they have in any runtime. */
final class Trees {
    private Trees() { }

    /** Says that a call of fib is computed serially. */
    static boolean isLeaf(int n, int cutoff) {
        return n < cutoff || n < 2;
    }

    static long serialFib(int n) {
        return n < 2 ? n : serialFib(n - 1) + serialFib(n - 2);
    }

    static long fibCalls(int n, int cutoff) {
        return isLeaf(n, cutoff) ? 1 : 1 + fibCalls(n - 1, cutoff) + fibCalls(n - 2, cutoff);
    }

    static long leaves(int depth) {
        return depth == 0 ? 1 : 10 * leaves(depth - 1);
    }

    static long skynetNodes(long leaves) {
        return (leaves * 10 - 1) / 9;
    }
}
