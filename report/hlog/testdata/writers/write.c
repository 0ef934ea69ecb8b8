/* Writes logs of TestWriters: by hdr_log_write, which writes ends, and by
 * hdr_log_write_entry, which writes lengths and tags. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <hdr_histogram.h>
#include <hdr_histogram_log.h>
#include <hdr_time.h>

#define BASE 1790000000789LL

static hdr_timespec at(long long ms)
{
	hdr_timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	return t;
}

int main(int argc, char **argv)
{
	for (int entries = 0; entries < 2; entries++) {
		char name[4096];
		snprintf(name, sizeof name, "%s/c-%s.hlog", argv[1], entries ? "entries" : "ends");
		FILE *log = fopen(name, "w");
		snprintf(name, sizeof name, "%s/c-%s.want", argv[1], entries ? "entries" : "ends");
		FILE *want = fopen(name, "w");
		struct hdr_log_writer w;
		hdr_timespec start = at(BASE);
		if (!log || !want || hdr_log_writer_init(&w) || hdr_log_write_header(&w, log, "Logged by a test", &start))
			return 1;
		for (int n = 1; n <= 2; n++) {
			struct hdr_histogram *h;
			hdr_init(1, 3600000000000LL, 3, &h);
			for (long long i = 1; i <= 1000 * n; i++)
				hdr_record_value(h, i * i * 1000);
			long long from = BASE + 1000 * (n - 1);
			hdr_timespec first = at(from), last = at(from + 1000);
			if (entries) {
				struct hdr_log_entry e = { .start_timestamp = first, .interval = at(1000), .tag = "write", .tag_len = n == 1 ? 0 : 5 };
				hdr_log_write_entry(&w, log, &e, h);
			} else
				hdr_log_write(&w, log, &first, &last, h);
			fprintf(want, "%s %lld %lld %lld %lld %lld %lld\n", entries && n == 2 ? "write" : "-", from, from + 1000, (long long)h->total_count,
				(long long)hdr_value_at_percentile(h, 50), (long long)hdr_value_at_percentile(h, 99), (long long)hdr_max(h));
		}
		fclose(log);
		fclose(want);
	}
	return 0;
}
