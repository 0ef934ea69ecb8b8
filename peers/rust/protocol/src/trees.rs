//! What fork_join and skynet compute, and how many tasks they have in any runtime.

/// Says that a call of fib is computed serially.
pub fn is_leaf(n: u64, cutoff: u64) -> bool {
    n < cutoff || n < 2
}

/// The n-th Fibonacci number, by recursion.
pub fn serial_fib(n: u64) -> u64 {
    if n < 2 {
        n
    } else {
        serial_fib(n - 1) + serial_fib(n - 2)
    }
}

/// How many tasks fib(n) has.
pub fn fib_calls(n: u64, cutoff: u64) -> u64 {
    if is_leaf(n, cutoff) {
        1
    } else {
        1 + fib_calls(n - 1, cutoff) + fib_calls(n - 2, cutoff)
    }
}

/// How many tasks a tree has in which each node above the leaves has ten children.
pub fn skynet_nodes(leaves: u64) -> u64 {
    (leaves * 10 - 1) / 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_above_the_cutoff_has_two_tasks() {
        assert_eq!(fib_calls(4, 5), 1);
        assert_eq!(fib_calls(5, 5), 3);
        assert_eq!(fib_calls(6, 5), 5); // fib(5) has three, fib(4) is one
        assert_eq!(fib_calls(2, 0), 3); // fib(1) and fib(0) are leaves at any cutoff
        assert_eq!(serial_fib(10), 55);
    }

    #[test]
    fn a_tree_has_all_its_levels() {
        assert_eq!(skynet_nodes(1), 1);
        assert_eq!(skynet_nodes(1000), 1111);
    }
}
