#!/bin/sh
# Linux 6.18 (EEVDF): a thread that spins with sched_yield(2) gets about 1 % of a CPU that it
# shares with a thread that is busy.
#
# Good guess: nearly half. A yield lets the other run for its slice, and then it is the
# yielder's turn again; so a pool that spins politely would still take much of a busy
# thread's CPU, and still look for work every few milliseconds.
# Behaviour: a yield gives up the virtual time of a whole slice ("sched/fair: Forfeit vruntime
# on yield", Linux commit 79104becf42b, which stable kernels have too), so a few hundred yields
# put the thread far behind. A thread that spins without yielding gets its half.
# Who meets it: pools whose workers yield while they search or wait (spin parkers, Go's own
# scheduler in osyield, user-level locks), where there are more threads than CPUs: they take
# nothing from others, and find their own work late.
# Output seen (6.18.44, 2 CPUs): "yielding 0.01 of the CPU, spinning 0.50".
# It fails if a thread that yields gets a tenth of the CPU or more, or one that spins less
# than a third. Needs python3, and a CPU that others leave alone for 3 seconds.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
cat > share.py << 'END'
import os, sys, time

cpu = min(os.sched_getaffinity(0))

def busy(seconds, yields):
    os.sched_setaffinity(0, {cpu})
    end = time.monotonic() + seconds
    before = time.process_time()
    while time.monotonic() < end:
        if yields:
            os.sched_yield()
    return time.process_time() - before

def share(yields):
    "of what two threads got of one CPU, the part of the first"
    r, w = os.pipe()
    if os.fork() == 0:
        os.write(w, b"%f" % busy(1.5, yields))
        os._exit(0)
    other = busy(1.5, False)
    own = float(os.read(r, 64))
    os.wait()
    return own / (own + other)

yielding, spinning = share(True), share(False)
print("yielding %.2f of the CPU, spinning %.2f" % (yielding, spinning))
sys.exit(not (yielding < 0.1 and spinning > 1 / 3))
END
python3 share.py
