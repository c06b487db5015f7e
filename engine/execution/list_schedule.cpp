// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/needs_sweep.h"
#include "engine/execution/plan_analysis.h"
#include "engine/execution/readiness.h"
#include "engine/execution/task_lists.h"

#include <queue>

#include <algorithm>
#include <cassert>
#include <numeric>

namespace timestep {

namespace {

/// Numbers that come out smallest first.
using SmallestFirst = std::priority_queue<int, std::vector<int>, std::greater<>>;

/// The tasks of a fine plan (its operations) in the order in which ready ones are taken.
std::vector<int> fineTaskOrder(const Plan& plan)
{
    struct Key
    {
        double behind; // flops of the costliest chain that waits behind the operation
        int step;
        int operation;
    };
    const auto operations = plan.operations();
    std::vector<Key> keys(operations.size());
    sweepBackward<double>(plan, [&](int operation, double behind) {
        const auto index = static_cast<std::size_t>(operation);
        keys[index] = { behind, operations[index].steps.begin, operation };
        return behind + operations[index].flops;
    });
    std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
        if (a.behind != b.behind)
            return a.behind > b.behind;
        return a.step != b.step ? a.step < b.step : a.operation < b.operation;
    });
    std::vector<int> order(keys.size());
    std::transform(
        keys.begin(), keys.end(), order.begin(), [](const Key& key) { return key.operation; });
    return order;
}

std::vector<int> executedTaskOrder(const Plan& plan)
{
    std::vector<int> order(static_cast<std::size_t>(plan.taskCount()));
    std::iota(order.begin(), order.end(), 0);
    return order;
}

class ListScheduler
{
public:
    ListScheduler(const Plan& plan, int workers);
    Schedule run(const std::stop_token& stop);

private:
    struct WorkerState
    {
        bool busy = false;
        int waitingTasks = 0; // begun here, and their next operation must wait
        SmallestFirst runnable; // ranks of tasks begun here whose next operation may run
    };
    struct Running
    {
        double end;
        int worker;
        int operation;
        bool operator>(const Running& other) const
        {
            return end != other.end ? end > other.end : worker > other.worker;
        }
    };

    std::span<const Operation> operations() const { return m_plan.operations(); }
    int rankOf(int task) const { return m_rank[static_cast<std::size_t>(task)]; }
    bool mayTake(const WorkerState& worker) const
    {
        return !worker.busy && worker.runnable.empty()
            && (worker.waitingTasks == 0 || m_takesOnMore);
    }
    void becameReady(int operation);
    void finish(const Running& done);
    void assign();
    void begin(int task, int worker);

    const Plan& m_plan;
    TaskLists m_tasks;
    Readiness m_readiness;
    bool m_takesOnMore;
    std::vector<int> m_order; // tasks by rank
    std::vector<int> m_rank; // of each task
    std::vector<int> m_next; // per task: its next operation, as an index into its list
    std::vector<int> m_worker; // per task: where it was begun; −1
    std::vector<WorkerState> m_workers;
    SmallestFirst m_readyRanks; // of tasks not begun
    SmallestFirst m_free; // workers that may take a task; some may no longer
    std::vector<int> m_resumed; // workers with a task that may go on
    std::priority_queue<Running, std::vector<Running>, std::greater<>> m_running;
    double m_now = 0;
    Schedule m_schedule;
};

ListScheduler::ListScheduler(const Plan& plan, int workers)
    : m_plan(plan)
    , m_tasks(plan)
    , m_readiness(plan)
    , m_takesOnMore(plan.cut().grain == Grain::Executed && tasksWaitForEachOther(plan))
    , m_order(plan.cut().grain == Grain::Fine ? fineTaskOrder(plan) : executedTaskOrder(plan))
    , m_rank(m_order.size())
    , m_next(m_order.size())
    , m_worker(m_order.size(), -1)
    , m_workers(static_cast<std::size_t>(workers))
{
    for (std::size_t rank = 0; rank < m_order.size(); ++rank)
        m_rank[static_cast<std::size_t>(m_order[rank])] = static_cast<int>(rank);
    for (int worker = 0; worker < workers; ++worker)
        m_free.push(worker);
    m_schedule.operations.resize(plan.operations().size());
    m_schedule.workers = workers;
}

Schedule ListScheduler::run(const std::stop_token& stop)
{
    for (int task = 0; task < m_tasks.taskCount(); ++task) {
        const int first = m_tasks.operations(task).front();
        if (m_readiness.readyOrWait(first))
            becameReady(first);
    }
    assign();
    int untilPoll = 0;
    while (!m_running.empty()) {
        if (untilPoll-- == 0) {
            if (stop.stop_requested())
                return {};
            untilPoll = 1000;
        }
        m_now = m_running.top().end;
        while (!m_running.empty() && m_running.top().end == m_now) {
            const Running done = m_running.top();
            m_running.pop();
            finish(done);
        }
        assign();
    }
    m_schedule.length = m_now;
    return std::move(m_schedule);
}

void ListScheduler::becameReady(int operation)
{
    const int task = operations()[static_cast<std::size_t>(operation)].task;
    const int worker = m_worker[static_cast<std::size_t>(task)];
    if (worker < 0) {
        m_readyRanks.push(rankOf(task));
        return;
    }
    WorkerState& state = m_workers[static_cast<std::size_t>(worker)];
    --state.waitingTasks;
    state.runnable.push(rankOf(task));
    m_resumed.push_back(worker);
}

void ListScheduler::finish(const Running& done)
{
    WorkerState& state = m_workers[static_cast<std::size_t>(done.worker)];
    state.busy = false;
    m_readiness.finish(done.operation, [&](int operation) { becameReady(operation); });
    const int task = operations()[static_cast<std::size_t>(done.operation)].task;
    const auto list = m_tasks.operations(task);
    const auto next = static_cast<std::size_t>(++m_next[static_cast<std::size_t>(task)]);
    if (next < list.size()) {
        ++state.waitingTasks;
        if (m_readiness.readyOrWait(list[next]))
            becameReady(list[next]);
    }
    if (mayTake(state))
        m_free.push(done.worker);
    else
        m_resumed.push_back(done.worker);
}

/// Tasks that were begun go on first; then free workers take new ones.
void ListScheduler::assign()
{
    for (const int worker : m_resumed) {
        WorkerState& state = m_workers[static_cast<std::size_t>(worker)];
        if (state.busy || state.runnable.empty())
            continue;
        const int rank = state.runnable.top();
        state.runnable.pop();
        begin(m_order[static_cast<std::size_t>(rank)], worker);
    }
    m_resumed.clear();
    while (!m_readyRanks.empty() && !m_free.empty()) {
        const int worker = m_free.top();
        m_free.pop();
        if (!mayTake(m_workers[static_cast<std::size_t>(worker)]))
            continue;
        const int task = m_order[static_cast<std::size_t>(m_readyRanks.top())];
        m_readyRanks.pop();
        m_worker[static_cast<std::size_t>(task)] = worker;
        begin(task, worker);
    }
}

void ListScheduler::begin(int task, int worker)
{
    const auto next = static_cast<std::size_t>(m_next[static_cast<std::size_t>(task)]);
    const int operation = m_tasks.operations(task)[next];
    const double end = m_now + operations()[static_cast<std::size_t>(operation)].flops;
    m_schedule.operations[static_cast<std::size_t>(operation)] = { m_now, end, worker };
    m_workers[static_cast<std::size_t>(worker)].busy = true;
    m_running.push({ end, worker, operation });
}

} // namespace

Schedule listSchedule(const Plan& plan, int workers, const std::stop_token& stop)
{
    assert(workers >= 1);
    return ListScheduler(plan, workers).run(stop);
}

} // namespace timestep
