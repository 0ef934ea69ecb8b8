// oneTBB as a peer; docs/peers.md has the protocol.
//
// It is a task_arena of the workers without a slot for other threads: enqueue from outside,
// parallel_invoke for fork_join, task_group for skynet, and this_task_arena::enqueue for
// chained_spawn. An observer of the arena pins a thread the first time that it enters.
//
// A task that is enqueued has no handle, and a thread that waits for a task_group from outside
// joins the arena as a worker; a task that waits blocks its worker, and there is no yield.

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_invoke.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#include <oneapi/tbb/task_scheduler_observer.h>
#include <oneapi/tbb/version.h>

#include "../cpp/protocol.hpp"

namespace {

using protocol::Cell;
using protocol::Gate;
using protocol::Load;
using protocol::Ran;
using protocol::Run;

/// Pins threads, one after the other, to the workers' CPUs. A thread of oneTBB leaves the arena
/// when there is nothing to do, and stays on its CPU when it comes back.
class Pins : public tbb::task_scheduler_observer {
public:
    Pins(tbb::task_arena& arena, const Cell& cell) : task_scheduler_observer(arena), cpus_(cell.cpus) { observe(true); }

    void on_scheduler_entry(bool) override {
        thread_local bool pinned = false;
        if (!pinned) {
            protocol::pin(cpus_[next_.fetch_add(1) % cpus_.size()]);
            pinned = true;
        }
    }

private:
    const std::vector<int> cpus_;
    std::atomic<std::size_t> next_{0};
};

struct Pool {
    explicit Pool(const Cell& cell)
        : limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(cell.workers) + 1),
          arena(cell.workers, 0),
          pins(arena, cell) {}

    template <typename F>
    void spawn(F&& f) {
        arena.enqueue(std::forward<F>(f));
    }

    tbb::global_control limit; // the submitter counts as one
    tbb::task_arena arena;
    Pins pins;
};

/// Has each worker run a task at the same time, so that all threads have been started and pinned.
void start_all(Pool& pool, int workers) {
    const auto running = std::make_shared<std::atomic<int>>(0);
    for (int i = 0; i < workers; ++i) {
        pool.spawn([running, workers] {
            running->fetch_add(1);
            while (running->load() < workers) {
                sched_yield();
            }
        });
    }
    while (running->load() < workers) {
        sched_yield();
    }
}

std::int64_t fib(std::int64_t n, std::int64_t cutoff) {
    if (protocol::is_leaf(n, cutoff)) {
        return protocol::serial_fib(n);
    }
    std::int64_t a = 0;
    std::int64_t b = 0;
    tbb::parallel_invoke([&] { a = fib(n - 1, cutoff); }, [&] { b = fib(n - 2, cutoff); });
    return a + b;
}

std::int64_t skynet(std::int64_t number, std::int64_t size) {
    if (size == 1) {
        return number;
    }
    std::int64_t sums[10] = {};
    tbb::task_group children;
    for (int i = 0; i < 10; ++i) {
        children.run([&sums, number, size, i] { sums[i] = skynet(number + i * (size / 10), size / 10); });
    }
    children.wait();
    std::int64_t sum = 0;
    for (const std::int64_t s : sums) {
        sum += s;
    }
    return sum;
}

void link(Gate& gate, std::int64_t left) {
    if (left == 0) {
        gate.open();
    } else {
        tbb::this_task_arena::enqueue([&gate, left] { link(gate, left - 1); });
    }
}

/// Has a root task run in each operation. It opens the gate at its end, or its last descendant
/// does, and leaves the units in the result.
template <typename Root>
Load rooted(Pool& pool, std::int64_t tasks, Root root) {
    struct State {
        Gate gate;
        std::int64_t result = 0;
    };
    return [&pool, tasks, root, state = std::make_shared<State>()](const Run& run) {
        Ran ran;
        protocol::repeat(run, ran, [&] {
            const std::int64_t start = protocol::now();
            pool.spawn([&] { root(state->gate, state->result); });
            const std::int64_t ended = state->gate.wait();
            ran.units += state->result;
            return ended - start;
        });
        ran.tasks = ran.ops * tasks;
        return ran;
    };
}

/// Starts the arena, which lives as long as the process.
Load start(const Cell& cell) {
    auto& pool = *new Pool(cell);
    start_all(pool, cell.workers);
    if (Load load = protocol::outside(pool, cell)) {
        return load;
    }
    if (cell.workload == "fork_join") {
        const std::int64_t n = cell.number("n");
        const std::int64_t cutoff = cell.number("cutoff");
        return rooted(pool, protocol::fib_calls(n, cutoff), [n, cutoff](Gate& gate, std::int64_t& result) {
            result = fib(n, cutoff);
            gate.open();
        });
    }
    if (cell.workload == "skynet") {
        const std::int64_t leaves = protocol::leaves_of(cell.number("depth"));
        return rooted(pool, protocol::skynet_nodes(leaves), [leaves](Gate& gate, std::int64_t& result) {
            result = skynet(0, leaves);
            gate.open();
        });
    }
    const std::int64_t depth = cell.number("depth");
    return rooted(pool, depth + 1, [depth](Gate& gate, std::int64_t& result) {
        result = depth + 1;
        link(gate, depth);
    });
}

} // namespace

int main() {
    // Before this thread is pinned, so that the library counts all CPUs of the process.
    tbb::info::default_concurrency();
    protocol::serve({"tbb", TBB_runtime_version(), protocol::build(),
                     {"wake", "poisson", "burst", "trickle", "idle", "spawn_many_local", "remote_spawn", "fork_join", "skynet",
                      "chained_spawn"}},
                    start);
}
