//! Writes logs of TestWriters: compressed and not, the latter with a base time.
use hdrhistogram::serialization::{interval_log::*, Serializer, V2DeflateSerializer, V2Serializer};
use hdrhistogram::Histogram;
use std::fs::File;
use std::io::Write;
use std::time::{Duration, UNIX_EPOCH};

const BASE: u64 = 1790000000789;

fn write<S: Serializer>(path: &str, serializer: &mut S, relative: bool) {
    let mut log = File::create(format!("{path}.hlog")).unwrap();
    let mut want = File::create(format!("{path}.want")).unwrap();
    let base = Duration::from_millis(BASE);
    let mut builder = IntervalLogWriterBuilder::new();
    builder.add_comment("[Logged by a test]").with_start_time(UNIX_EPOCH + base);
    if relative {
        builder.with_base_time(UNIX_EPOCH + base).with_max_value_divisor(1e6);
    }
    let mut w = builder.begin_log_with(&mut log, serializer).unwrap();
    for n in 1..=2u64 {
        let mut h = Histogram::<u64>::new(3).unwrap();
        for i in 1..=1000 * n {
            h.record(i * i * 1000).unwrap();
        }
        let after = Duration::from_millis(1000 * (n - 1));
        let at = if relative { after } else { base + after };
        let tag = if n == 1 { None } else { Tag::new("write") };
        w.write_histogram(&h, at, Duration::from_secs(1), tag).unwrap();
        let start = BASE + 1000 * (n - 1);
        writeln!(want, "{} {} {} {} {} {} {}", if n == 1 { "-" } else { "write" }, start, start + 1000, h.len(),
            h.value_at_percentile(50.0), h.value_at_percentile(99.0), h.max()).unwrap();
    }
}

fn main() {
    let dir = std::env::args().nth(1).unwrap();
    write(&format!("{dir}/rust-absolute"), &mut V2DeflateSerializer::new(), false);
    write(&format!("{dir}/rust-relative"), &mut V2Serializer::new(), true);
}
