// Eigen's ThreadPool as a peer; docs/peers.md has the protocol.
//
// It is Eigen::ThreadPool with an environment that pins the threads it creates, and as by
// default a worker spins before it sleeps. A task is a std::function given to Schedule. A worker
// has a queue for 1,024 tasks, and Schedule runs a task itself if the queue that it chose is
// full: so the submitter does, in large batches.
//
// It has no join, and a task that waits blocks its worker, so in fork_join and skynet the last
// child to end completes its parent. It has no yield, and tasks have no handle.

#include <unsupported/Eigen/CXX11/ThreadPool>

#include "../cpp/protocol.hpp"

namespace {

using protocol::Cell;
using protocol::Gate;
using protocol::Load;
using protocol::Ran;
using protocol::Run;

/// Starts each thread on its CPU.
struct Pinned : Eigen::StlThreadEnvironment {
    explicit Pinned(const Cell& cell) : cpus(cell.cpus), pinned(std::make_shared<std::atomic<int>>(0)) {}

    EnvThread* CreateThread(std::function<void()> f) {
        const int cpu = cpus.at(next++);
        return new EnvThread([cpu, count = pinned, f = std::move(f)] {
            protocol::pin(cpu);
            count->fetch_add(1);
            f();
        });
    }

    std::vector<int> cpus;
    std::size_t next = 0;
    std::shared_ptr<std::atomic<int>> pinned;
};

struct Pool {
    explicit Pool(const Cell& cell, const Pinned& env) : eigen(cell.workers, env) {}

    void spawn(std::function<void()> f) { eigen.Schedule(std::move(f)); }

    Eigen::ThreadPoolTempl<Pinned> eigen;
};

/// A task that has children. The root has no parent, and its end opens the gate.
struct Node {
    Node* parent;
    std::atomic<int> children;
    std::atomic<std::int64_t> sum{0};
};

/// Computes trees of tasks.
class Trees {
public:
    Trees(Pool& pool, const Cell& cell) : pool_(pool) {
        if (cell.workload == "fork_join") {
            const std::int64_t n = cell.number("n");
            cutoff_ = cell.number("cutoff");
            tasks_ = protocol::fib_calls(n, cutoff_);
            root_ = [this, n](Node* top) { fib(top, n); };
        } else {
            const std::int64_t leaves = protocol::leaves_of(cell.number("depth"));
            tasks_ = protocol::skynet_nodes(leaves);
            root_ = [this, leaves](Node* top) { skynet(top, 0, leaves); };
        }
    }

    Ran carry_out(const Run& run) {
        Ran ran;
        protocol::repeat(run, ran, [&] {
            const std::int64_t start = protocol::now();
            pool_.spawn([this] { root_(nullptr); });
            const std::int64_t ended = gate_.wait();
            ran.units += result_;
            return ended - start;
        });
        ran.tasks = ran.ops * tasks_;
        return ran;
    }

private:
    void fib(Node* parent, std::int64_t n) {
        if (protocol::is_leaf(n, cutoff_)) {
            return complete(parent, protocol::serial_fib(n));
        }
        auto* node = new Node{parent, {2}};
        pool_.spawn([this, node, n] { fib(node, n - 1); });
        fib(node, n - 2);
    }

    void skynet(Node* parent, std::int64_t number, std::int64_t size) {
        if (size == 1) {
            return complete(parent, number);
        }
        auto* node = new Node{parent, {10}};
        for (int i = 0; i < 10; ++i) {
            pool_.spawn([this, node, number, size, i] { skynet(node, number + i * (size / 10), size / 10); });
        }
    }

    /// A child of this node has ended. Each that ends releases its sum, and the last acquires
    /// them all.
    void complete(Node* node, std::int64_t value) {
        while (node != nullptr) {
            node->sum.fetch_add(value, std::memory_order_relaxed);
            if (node->children.fetch_sub(1, std::memory_order_acq_rel) > 1) {
                return;
            }
            value = node->sum.load(std::memory_order_relaxed);
            const std::unique_ptr<Node> ended(node);
            node = ended->parent;
        }
        result_ = value;
        gate_.open();
    }

    Pool& pool_;
    std::int64_t cutoff_ = 0;
    std::int64_t tasks_ = 0;
    std::function<void(Node*)> root_;
    std::int64_t result_ = 0;
    Gate gate_;
};

/// Tasks each of which spawns the next.
class Chain {
public:
    Chain(Pool& pool, const Cell& cell) : pool_(pool), depth_(cell.number("depth")) {}

    Ran carry_out(const Run& run) {
        Ran ran;
        protocol::repeat(run, ran, [&] {
            const std::int64_t start = protocol::now();
            pool_.spawn([this] { link(depth_); });
            return gate_.wait() - start;
        });
        ran.tasks = ran.units = ran.ops * (depth_ + 1);
        return ran;
    }

private:
    void link(std::int64_t left) {
        if (left == 0) {
            gate_.open();
        } else {
            pool_.spawn([this, left] { link(left - 1); });
        }
    }

    Pool& pool_;
    const std::int64_t depth_;
    Gate gate_;
};

/// Starts the pool, which lives as long as the process.
Load start(const Cell& cell) {
    const Pinned env(cell);
    auto& pool = *new Pool(cell, env);
    while (env.pinned->load() < cell.workers) {
        sched_yield();
    }
    if (Load load = protocol::outside(pool, cell)) {
        return load;
    }
    if (cell.workload == "chained_spawn") {
        return [chain = std::make_shared<Chain>(pool, cell)](const Run& run) { return chain->carry_out(run); };
    }
    return [trees = std::make_shared<Trees>(pool, cell)](const Run& run) { return trees->carry_out(run); };
}

std::string version() {
    return std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
           std::to_string(EIGEN_MINOR_VERSION);
}

} // namespace

int main() {
    protocol::serve({"eigen", version(), protocol::build(),
                     {"wake", "poisson", "burst", "trickle", "idle", "spawn_many_local", "remote_spawn", "fork_join", "skynet",
                      "chained_spawn"}},
                    start);
}
