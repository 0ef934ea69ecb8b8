"""Writes a log of TestWriters. The writer has no tags, and its output_start_time fails."""
import sys
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogWriter

BASE = 1790000000789
for relative in (False, True):
    name = sys.argv[1] + "/python-" + ("relative" if relative else "absolute")
    with open(name + ".hlog", "w") as log, open(name + ".want", "w") as want:
        w = HistogramLogWriter(log)
        w.output_log_format_version()
        if relative:
            w.output_base_time(BASE)
            w.base_time = BASE
        w.output_legend()
        for n in range(1, 3):
            h = HdrHistogram(1, 3600 * 10**9, 3)
            for i in range(1, 1000 * n + 1):
                h.record_value(i * i * 1000)
            h.set_start_time_stamp(BASE - 1500 + 1000 * n)
            h.set_end_time_stamp(BASE - 500 + 1000 * n)
            w.output_interval_histogram(h)
            print("-", BASE - 1500 + 1000 * n, BASE - 500 + 1000 * n, h.get_total_count(), h.get_value_at_percentile(50), h.get_value_at_percentile(99), h.get_max_value(), file=want)
