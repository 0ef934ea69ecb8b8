// The peer's side of docs/peers.md: everything but the runtime.
//
// A peer describes itself with a Hello and calls serve, which reads cells and runs. For a cell
// it returns a function that carries out runs. The loads that need only a way to submit a
// function from outside are here: see outside. Loads in which tasks spawn tasks are written in
// the runtime's own style, around repeat.
//
// The thread that calls serve is the submitter. It is pinned to its CPU, and the threads that a
// runtime starts inherit that; each worker has to be pinned to cell.cpus[i] before the cell is
// ready.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <time.h>

namespace protocol {

[[noreturn]] inline void fail(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::_Exit(1);
}

/// Nanoseconds since some moment in the past.
inline std::int64_t now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

inline void sleep_for(std::int64_t ns) {
    timespec left{ns / 1'000'000'000, ns % 1'000'000'000};
    while (ns > 0 && nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

/// Pins the calling thread to a CPU.
inline void pin(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(cpu), &set);
    if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0) {
        fail("pinning to CPU " + std::to_string(cpu) + " failed");
    }
}

/// Counts times in nanoseconds, to within 0.8 %. Values below 128 have a bucket each. Above,
/// each power of two has 128 buckets of the same width.
class Histogram {
public:
    void record(std::int64_t ns) {
        ++counts_[bucket(static_cast<std::uint64_t>(std::max<std::int64_t>(ns, 0)))];
    }

    /// The histogram as a field of the protocol, with a space in front; empty if it is.
    std::string field(const char* name) const {
        std::string text;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            if (counts_[i] > 0) {
                text += text.empty() ? std::string(" ") + name + "=" : ",";
                text += std::to_string(middle(i)) + ":" + std::to_string(counts_[i]);
            }
        }
        return text;
    }

    static constexpr std::size_t bucket(std::uint64_t ns) {
        if (ns < sub) {
            return ns;
        }
        const auto shift = static_cast<std::size_t>(63 - __builtin_clzll(ns)) - 7;
        return (shift + 1) * sub + (ns >> shift) - sub;
    }

    /// The value in the middle of a bucket.
    static constexpr std::uint64_t middle(std::size_t i) {
        if (i < sub) {
            return i;
        }
        const std::size_t shift = i / sub - 1;
        return ((i % sub + sub) << shift) + (std::uint64_t{1} << shift) / 2;
    }

private:
    static constexpr std::size_t sub = 128;
    std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(sub * 58);
};

constexpr bool is_within_one_percent(std::uint64_t ns) {
    const std::uint64_t m = Histogram::middle(Histogram::bucket(ns));
    return (m > ns ? m - ns : ns - m) * 100 <= ns;
}
static_assert(is_within_one_percent(0) && is_within_one_percent(127) && is_within_one_percent(128));
static_assert(is_within_one_percent(255) && is_within_one_percent(256) && is_within_one_percent(257));
static_assert(is_within_one_percent(1'000'003) && is_within_one_percent(std::uint64_t{1} << 40));
static_assert(Histogram::bucket(127) == 127 && Histogram::bucket(128) == 128 && Histogram::bucket(256) == 256);

using Fields = std::map<std::string, std::string>;

inline std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

inline std::int64_t to_number(const std::string& text) {
    char* end = nullptr;
    const std::int64_t n = std::strtoll(text.c_str(), &end, 10);
    if (text.empty() || *end != '\0') {
        fail("want a number, not \"" + text + "\"");
    }
    return n;
}

/// What is to be measured.
class Cell {
public:
    explicit Cell(Fields fields)
        : workload(field(fields, "workload")),
          workers(static_cast<int>(to_number(field(fields, "workers")))),
          cpus(list(field(fields, "cpus"))),
          generators(list(field(fields, "generators"))),
          params_(std::move(fields)) {}

    /// A parameter that is a number, or a time in nanoseconds.
    std::int64_t number(const std::string& name) const { return to_number(field(params_, name)); }

    /// A parameter that is a word; empty if the workload does not have it.
    std::string word(const std::string& name) const {
        const auto at = params_.find(name);
        return at == params_.end() ? "" : at->second;
    }

    /// A submitter shares its CPU with a worker or another submitter, and has to give way.
    bool shares() const {
        for (std::size_t i = 0; i < generators.size(); ++i) {
            const auto here = generators.begin() + static_cast<std::ptrdiff_t>(i);
            if (std::find(cpus.begin(), cpus.end(), *here) != cpus.end() || std::find(generators.begin(), here, *here) != here) {
                return true;
            }
        }
        return false;
    }

    const std::string workload;
    const int workers;
    const std::vector<int> cpus;       // of each worker
    const std::vector<int> generators; // of each thread that submits

private:
    static const std::string& field(const Fields& fields, const std::string& name) {
        const auto at = fields.find(name);
        if (at == fields.end()) {
            fail("the cell has no " + name);
        }
        return at->second;
    }

    static std::vector<int> list(const std::string& text) {
        std::vector<int> numbers;
        for (const auto& part : split(text, ',')) {
            numbers.push_back(static_cast<int>(to_number(part)));
        }
        return numbers;
    }

    Fields params_;
};

/// A task of an open loop, in nanoseconds.
struct Arrival {
    std::int64_t at;
    std::int64_t service;
};

/// The request for a run.
struct Run {
    std::int64_t ns;
    std::vector<Arrival> arrivals;
    std::int64_t start;
};

/// What a run did.
struct Ran {
    std::int64_t ops = 0;
    std::int64_t tasks = 0;
    std::int64_t units = 0;
    std::int64_t busy = 0;
    std::int64_t waited = 0;
    std::int64_t unfinished = 0;
    Histogram latency;
    Histogram lag;
};

/// Carries out runs of a cell.
using Load = std::function<Ran(const Run&)>;

/// What a peer says of itself. Each of its workers is a thread with a CPU of its own, and the
/// user has to set nothing.
struct Hello {
    std::string peer;
    std::string version; // of the runtime
    std::string build;   // compiler and flags, without spaces
    std::vector<std::string> can;
};

/// Speaks the protocol on standard input and output, until that is over. start starts the
/// runtime for a cell, with each worker pinned.
inline void serve(const Hello& hello, const std::function<Load(const Cell&)>& start) {
    const auto say = [](const std::string& line) {
        if (std::fputs((line + "\n").c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
            std::_Exit(1); // there is no reader any more
        }
    };
    std::string can;
    for (const auto& workload : hello.can) {
        can += (can.empty() ? "" : ",") + workload;
    }
    say("hello protocol=1 peer=" + hello.peer + " version=" + hello.version + " build=" + hello.build +
        " config=default held=yes can=" + can);
    Load load;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream in(line);
        std::string word;
        in >> word;
        Fields fields;
        for (std::string f; in >> f;) {
            if (const auto at = f.find('='); at != std::string::npos) {
                fields[f.substr(0, at)] = f.substr(at + 1);
            }
        }
        if (word == "cell") {
            const std::string& workload = fields["workload"];
            if (std::find(hello.can.begin(), hello.can.end(), workload) == hello.can.end()) {
                say("no it does not have the workload " + workload);
                continue;
            }
            const Cell cell(fields);
            pin(cell.generators.at(0));
            load = start(cell);
            say("ready");
        } else if (word == "run") {
            if (!load) {
                fail("a run without a cell");
            }
            Run run{to_number(fields["ns"]), {}, 0};
            for (const auto& item : split(fields["arrivals"], ',')) {
                const auto colon = item.find(':');
                run.arrivals.push_back({to_number(item.substr(0, colon)), to_number(item.substr(colon + 1))});
            }
            run.start = now();
            const Ran r = load(run);
            const auto ns = now() - run.start;
            std::ostringstream out;
            out << "ran ops=" << r.ops << " tasks=" << r.tasks << " units=" << r.units << " ns=" << ns << " busy=" << r.busy
                << " waited=" << r.waited << " unfinished=" << r.unfinished << r.latency.field("latency") << r.lag.field("lag");
            say(out.str());
        } else if (word == "end") {
            break;
        }
    }
    std::_Exit(0); // without destructors: how a runtime shuts down is not measured
}

/// A semaphore on which a thread sleeps in the kernel.
class Semaphore {
public:
    Semaphore() { sem_init(&sem_, 0, 0); }
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    void post() { sem_post(&sem_); }

    void wait() {
        while (sem_wait(&sem_) != 0) { // a signal came
        }
    }

private:
    sem_t sem_;
};

/// The submitter waits here for the end of what it has submitted. The last task opens it, once
/// for each wait. It has to outlive the task: whoever waits may be gone before open returns.
class Gate {
public:
    void open() {
        ended_.store(now(), std::memory_order_release);
        semaphore_.post();
    }

    bool is_open() const { return ended_.load(std::memory_order_acquire) != 0; }

    /// Waits, and returns when the gate was opened. It is closed again. The semaphore makes what
    /// the tasks did visible.
    std::int64_t wait() {
        semaphore_.wait();
        return ended_.exchange(0, std::memory_order_relaxed);
    }

private:
    std::atomic<std::int64_t> ended_{0}; // 0 while it is closed
    Semaphore semaphore_;
};

/// Polls, and adds up the CPU time of that.
class Poller {
public:
    explicit Poller(bool shares) : shares_(shares) {}

    template <typename Done>
    std::int64_t until(Done done) {
        std::int64_t last = now();
        while (!done(last)) {
            if (shares_) {
                sched_yield();
            } else {
#if defined(__x86_64__)
                __builtin_ia32_pause();
#endif
            }
            const std::int64_t at = now();
            if (at - last < away) {
                waited += at - last;
            }
            last = at;
        }
        return last;
    }

    /// Waits for a task to become due, in the manner that the parameter submitter says.
    std::int64_t due(const std::string& how, std::int64_t due) {
        if (how == "poll") {
            sleep_for(due - now());
        }
        return until([due](std::int64_t at) { return at >= due; });
    }

    std::int64_t waited = 0;

private:
    static constexpr std::int64_t away = 5'000; // in a longer step the thread may not have run
    bool shares_;
};

/// Runs operations until the time is over, at least one. An operation returns how long it took.
template <typename Operation>
void repeat(const Run& run, Ran& ran, Operation op) {
    do {
        ran.busy += op();
        ++ran.ops;
    } while (now() - run.start < run.ns);
}

using Samples = std::vector<std::atomic<std::int64_t>>;

inline void record(const Samples& samples, Ran& ran) {
    for (const auto& s : samples) {
        ran.latency.record(s.load(std::memory_order_relaxed));
    }
}

/// What fork_join and skynet compute, and how many tasks they have in any runtime.
constexpr bool is_leaf(std::int64_t n, std::int64_t cutoff) { return n < cutoff || n < 2; }
constexpr std::int64_t serial_fib(std::int64_t n) { return n < 2 ? n : serial_fib(n - 1) + serial_fib(n - 2); }
constexpr std::int64_t fib_calls(std::int64_t n, std::int64_t cutoff) {
    return is_leaf(n, cutoff) ? 1 : 1 + fib_calls(n - 1, cutoff) + fib_calls(n - 2, cutoff);
}
constexpr std::int64_t leaves_of(std::int64_t depth) { return depth == 0 ? 1 : 10 * leaves_of(depth - 1); }
constexpr std::int64_t skynet_nodes(std::int64_t leaves) { return (leaves * 10 - 1) / 9; }
static_assert(fib_calls(4, 5) == 1 && fib_calls(5, 5) == 3 && fib_calls(6, 5) == 5 && fib_calls(2, 0) == 3);
static_assert(serial_fib(10) == 55 && skynet_nodes(1) == 1 && skynet_nodes(leaves_of(3)) == 1111);

/// The loads for which a pool is all that is needed. A pool has spawn(f), which any thread may
/// call.
template <typename Pool>
class Outside {
public:
    Outside(Pool& pool, const Cell& cell) : pool_(pool), cell_(cell) {}

    Ran wake(const Run& run) {
        Ran ran;
        Poller poller(cell_.shares());
        const std::string how = cell_.word("submitter");
        const std::int64_t gap = cell_.number("gap");
        std::int64_t last = now();
        repeat(run, ran, [&] {
            const std::int64_t due = last + gap;
            const std::int64_t start = poller.due(how, due);
            pool_.spawn([this] {
                began_.store(now(), std::memory_order_relaxed);
                gate_.open();
            });
            if (how == "spin") {
                poller.until([this](std::int64_t) { return gate_.is_open(); });
            }
            const std::int64_t ended = gate_.wait();
            ran.latency.record(began_.load(std::memory_order_relaxed) - start);
            ran.lag.record(start - due);
            last = now();
            return ended - start;
        });
        ran.tasks = ran.units = ran.ops;
        ran.waited = poller.waited;
        return ran;
    }

    Ran open_loop(const Run& run) {
        Ran ran;
        Poller poller(cell_.shares());
        const bool trickle = cell_.workload == "trickle";
        std::string how = cell_.word("submitter");
        if (trickle && how.empty()) {
            how = "poll";
        }
        const std::size_t n = run.arrivals.size();
        Samples samples(n);
        left_.store(static_cast<std::int64_t>(n), std::memory_order_relaxed);
        for (std::size_t i = 0; i < n; ++i) {
            const std::int64_t due = run.start + run.arrivals[i].at;
            const std::int64_t at = poller.due(how, due);
            ran.lag.record(at - due);
            const std::int64_t since = trickle ? at : due;
            const std::int64_t service = run.arrivals[i].service;
            std::atomic<std::int64_t>* sample = &samples[i];
            pool_.spawn([this, sample, since, service] {
                const std::int64_t begin = now();
                sample->store(begin - since, std::memory_order_relaxed);
                while (now() - begin < service) {
                }
                left_.fetch_sub(1, std::memory_order_release);
            });
            ran.units += std::max<std::int64_t>(service, 1);
        }
        poller.due(how, run.start + run.ns);
        ran.unfinished = left_.load(std::memory_order_relaxed);
        while (left_.load(std::memory_order_acquire) > 0) {
            sleep_for(10'000);
        }
        record(samples, ran);
        ran.ops = ran.tasks = static_cast<std::int64_t>(n);
        ran.waited = poller.waited;
        return ran;
    }

    Ran idle(const Run& run) {
        sleep_for(run.start + run.ns - now());
        Ran ran;
        ran.ops = 1;
        return ran;
    }

    /// A batch of empty tasks, submitted by one thread.
    Ran batch(const Run& run) {
        Ran ran;
        const std::int64_t tasks = cell_.number("tasks");
        Samples samples(sampled(tasks));
        repeat(run, ran, [&] {
            left_.store(tasks, std::memory_order_relaxed);
            const std::int64_t start = now();
            submit(samples, 0, tasks);
            const std::int64_t ended = gate_.wait();
            record(samples, ran);
            return ended - start;
        });
        ran.tasks = ran.units = ran.ops * tasks;
        return ran;
    }

    /// A batch submitted by producers that begin together, and sleep between operations.
    Ran contest(const Run& run) {
        Ran ran;
        const std::int64_t tasks = cell_.number("tasks");
        const std::int64_t producers = cell_.number("producers");
        Poller poller(cell_.shares());
        Samples samples(sampled(tasks));
        const auto share = [&](std::int64_t p) { submit(samples, tasks * p / producers, tasks * (p + 1) / producers); };
        std::atomic<std::int64_t> ready{0};
        std::atomic<std::int64_t> round{0}; // what has begun
        std::atomic<bool> over{false};
        std::vector<Semaphore> calls(static_cast<std::size_t>(producers));
        std::vector<std::int64_t> waited(static_cast<std::size_t>(producers));
        std::vector<std::thread> others;
        for (std::int64_t p = 1; p < producers; ++p) {
            others.emplace_back([&, p] {
                const auto i = static_cast<std::size_t>(p);
                pin(cell_.generators[i % cell_.generators.size()]);
                Poller mine(cell_.shares());
                for (std::int64_t seen = 0;; ++seen) {
                    calls[i].wait();
                    if (over.load(std::memory_order_relaxed)) {
                        waited[i] = mine.waited;
                        return;
                    }
                    ready.fetch_add(1, std::memory_order_release);
                    mine.until([&](std::int64_t) { return round.load(std::memory_order_acquire) > seen; });
                    share(p);
                }
            });
        }
        const auto call = [&] {
            for (std::size_t i = 1; i < calls.size(); ++i) {
                calls[i].post();
            }
        };
        repeat(run, ran, [&] {
            left_.store(tasks, std::memory_order_relaxed);
            ready.store(0, std::memory_order_relaxed);
            call();
            poller.until([&](std::int64_t) { return ready.load(std::memory_order_acquire) == producers - 1; });
            const std::int64_t start = now();
            round.fetch_add(1, std::memory_order_release);
            share(0);
            const std::int64_t ended = gate_.wait();
            record(samples, ran);
            return ended - start;
        });
        over.store(true, std::memory_order_relaxed);
        call();
        ran.waited = poller.waited;
        for (std::size_t i = 0; i < others.size(); ++i) {
            others[i].join();
            ran.waited += waited[i + 1];
        }
        ran.tasks = ran.units = ran.ops * tasks;
        return ran;
    }

private:
    static std::size_t sampled(std::int64_t tasks) { return static_cast<std::size_t>((tasks + 7) / 8); }

    /// Submits the tasks of a batch from one number to another. The last to run opens the gate.
    void submit(Samples& samples, std::int64_t from, std::int64_t to) {
        for (std::int64_t i = from; i < to; ++i) {
            const bool timed = i % 8 == 0;
            std::atomic<std::int64_t>* sample = timed ? &samples[static_cast<std::size_t>(i / 8)] : nullptr;
            const std::int64_t at = timed ? now() : 0;
            pool_.spawn([this, sample, at] {
                if (sample != nullptr) {
                    sample->store(now() - at, std::memory_order_relaxed);
                }
                if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
                    gate_.open();
                }
            });
        }
    }

    Pool& pool_;
    const Cell cell_;
    Gate gate_;
    std::atomic<std::int64_t> began_{0};
    std::atomic<std::int64_t> left_{0};
};

/// Returns the load of a cell if a pool, which lives on, is all that it needs; else an empty
/// function.
template <typename Pool>
Load outside(Pool& pool, const Cell& cell) {
    using Ran_of = Ran (Outside<Pool>::*)(const Run&);
    static const std::map<std::string, Ran_of> loads{
        {"wake", &Outside<Pool>::wake},          {"poisson", &Outside<Pool>::open_loop},
        {"burst", &Outside<Pool>::open_loop},    {"trickle", &Outside<Pool>::open_loop},
        {"idle", &Outside<Pool>::idle},          {"spawn_many_local", &Outside<Pool>::batch},
        {"remote_spawn", &Outside<Pool>::contest},
    };
    const auto found = loads.find(cell.workload);
    if (found == loads.end()) {
        return {};
    }
    const auto load = std::make_shared<Outside<Pool>>(pool, cell);
    return [load, carry_out = found->second](const Run& run) { return (*load.*carry_out)(run); };
}

/// What the build says of itself: the compiler, and FLAGS, with which it was called.
inline std::string build() {
#if defined(__clang__)
    return "clang-" + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "," + FLAGS;
#else
    return "g++-" + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "," + FLAGS;
#endif
}

} // namespace protocol
