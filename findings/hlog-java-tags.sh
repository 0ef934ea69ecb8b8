#!/bin/sh
# org.hdrhistogram:HdrHistogram 2.2.2 (Java): the writer of interval logs takes a tag with a
# space, although it says that such tags are refused, and the reader then sees the log end.
#
# Good guess: IllegalArgumentException, "Tag string cannot contain commas, spaces, or line
# breaks", for every such tag.
# Behaviour: the pattern ".[, \r\n]." has to match the whole tag, so that only tags of three
# characters are refused. The reader splits lines at spaces. It takes its exception, of a
# subclass of NoSuchElementException, for the end of the log: all that follows is missing.
# Who meets it: services that use the method and path of a request as the tag.
# Output seen: "a b" is refused, "GET /a" is not; 1 of 3 intervals is read.
# It fails if the tag is refused, or all intervals are read.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mvn -q dependency:copy -Dartifact=org.hdrhistogram:HdrHistogram:2.2.2 -DoutputDirectory=. > mvn.log 2>&1
cat > Finding.java <<'JAVA'
import java.io.*;
import org.HdrHistogram.*;

public class Finding {
    public static void main(String[] args) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        HistogramLogWriter w = new HistogramLogWriter(log);
        boolean refused = false;
        for (String tag : new String[] {"a b", "first", "GET /a", "last"}) {
            Histogram h = new Histogram(2);
            h.recordValue(7);
            h.setTag(tag);
            try {
                w.outputIntervalHistogram(1.79e9, 1.79e9 + 1, h);
                System.out.println("written: " + tag);
            } catch (IllegalArgumentException e) {
                System.out.println("refused: " + tag + ": " + e.getMessage());
                refused = refused || tag.equals("GET /a");
            }
        }
        w.close();
        HistogramLogReader r = new HistogramLogReader(new ByteArrayInputStream(log.toByteArray()));
        int n = 0;
        while (r.nextIntervalHistogram() != null) n++;
        System.out.println(n + " of 3 intervals are read");
        System.exit(refused || n == 3 ? 1 : 0);
    }
}
JAVA
java -cp HdrHistogram-2.2.2.jar Finding.java
