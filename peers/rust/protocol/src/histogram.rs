/// Counts times in nanoseconds, to within 0.8 %.
///
/// Values below 128 have a bucket each. Above, each power of two has 128 buckets of the same
/// width.
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

const BITS: u32 = 7;
const SUB: usize = 1 << BITS;

impl Histogram {
    pub fn new() -> Self {
        Histogram {
            counts: vec![0; SUB * (64 - BITS as usize + 1)],
            total: 0,
        }
    }

    pub fn record(&mut self, ns: u64) {
        self.counts[bucket(ns)] += 1;
        self.total += 1;
    }

    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The histogram as a field of the protocol.
    pub(crate) fn field(&self) -> String {
        let mut text = String::new();
        for (i, &n) in self.counts.iter().enumerate() {
            if n > 0 {
                if !text.is_empty() {
                    text.push(',');
                }
                text.push_str(&format!("{}:{n}", middle(i)));
            }
        }
        text
    }
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new()
    }
}

fn bucket(ns: u64) -> usize {
    if ns < SUB as u64 {
        return ns as usize;
    }
    let shift = 63 - ns.leading_zeros() - BITS;
    (shift as usize + 1) * SUB + (ns >> shift) as usize - SUB
}

/// The value in the middle of a bucket.
fn middle(i: usize) -> u64 {
    if i < SUB {
        return i as u64;
    }
    let shift = i / SUB - 1;
    let low = ((i % SUB + SUB) as u64) << shift;
    low + (1u64 << shift) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_within_one_percent() {
        let mut v = 1u64;
        while v < 1 << 40 {
            for ns in [v - 1, v, v + v / 3] {
                let m = middle(bucket(ns));
                assert!(m.abs_diff(ns) * 100 <= ns, "{ns} is counted as {m}");
            }
            v *= 2;
        }
    }

    #[test]
    fn field_has_each_value_once() {
        let mut h = Histogram::new();
        assert!(h.is_empty());
        for ns in [5, 5, 100, 127] {
            h.record(ns);
        }
        assert_eq!(h.field(), "5:2,100:1,127:1");
    }
}
