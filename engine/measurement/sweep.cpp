// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/sweep.h"

#include "engine/execution/plan_analysis.h"
#include "engine/measurement/cell_bench.h"
#include "engine/measurement/disturbance.h"
#include "engine/measurement/peak_flops.h"
#include "engine/measurement/read_bandwidth.h"
#include "engine/measurement/state_bytes.h"
#include "engine/measurement/statistics.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

namespace timestep {

namespace {

/// By hand, since std::shuffle may differ between libraries.
void shuffle(std::vector<std::size_t>& order, std::mt19937_64& random)
{
    for (std::size_t last = order.size(); last > 1; --last)
        std::swap(order[last - 1], order[random() % last]);
}

/// One cell through the whole sweep.
struct Entry
{
    SweepCell cell; // settled once it was ready
    CellCost cost; // its bytes are taken while it is ready
    std::unique_ptr<TimedCell> ready; // null: not made, or given up to make room
    std::vector<double> times; // ms
    SweepPoint point;
};

class Sweep
{
public:
    Sweep(const std::vector<SweepCell>& cells, const SweepSettings& settings, std::stop_token stop,
        const std::function<void(const SweepPoint&, SweepProgress)>& update,
        const std::function<void(SweepStep)>& begin);
    std::vector<SweepPoint> run();

private:
    bool visit(Entry& entry);
    void probePeak(int threads);
    void settlePeaks();
    bool makeReady(Entry& entry);
    void makeRoomBeside(const Entry& entry);
    void describe(Entry& entry);
    void summarizeTimes(Entry& entry);
    void report(const Entry& entry);

    SweepSettings m_settings;
    std::stop_token m_stop;
    const std::function<void(const SweepPoint&, SweepProgress)>& m_update;
    const std::function<void(SweepStep)>& m_begin;
    CellBench m_bench;
    ReadBandwidth m_memory;
    std::map<int, double> m_peaks; // by threads: the largest seen, GFLOP/s
    std::vector<Entry> m_entries;
    SweepProgress m_progress;
};

Sweep::Sweep(const std::vector<SweepCell>& cells, const SweepSettings& settings,
    std::stop_token stop, const std::function<void(const SweepPoint&, SweepProgress)>& update,
    const std::function<void(SweepStep)>& begin)
    : m_settings(settings)
    , m_stop(std::move(stop))
    , m_update(update)
    , m_begin(begin)
    , m_bench(settings)
    , m_entries(cells.size())
{
    for (std::size_t index = 0; index < cells.size(); ++index) {
        m_entries[index].cell = cells[index];
        m_entries[index].point.index = index;
    }
    m_progress.points = static_cast<int>(cells.size());
    m_progress.repeats = m_progress.points * settings.repeats;
}

std::vector<SweepPoint> Sweep::run()
{
    for (Entry& entry : m_entries)
        entry.cost = m_bench.checkedCost(entry.cell);
    std::mt19937_64 random(m_settings.seed);
    std::vector<std::size_t> order(m_entries.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [this](std::size_t left, std::size_t right) {
        return m_entries[left].cost.flops < m_entries[right].cost.flops;
    });
    for (int repeat = 0; repeat < m_settings.repeats && !m_stop.stop_requested(); ++repeat) {
        if (repeat > 0)
            shuffle(order, random);
        for (const std::size_t index : order) {
            if (!visit(m_entries[index]))
                break;
        }
    }
    settlePeaks();
    std::vector<SweepPoint> points;
    for (const Entry& entry : m_entries) {
        if (!entry.times.empty())
            points.push_back(entry.point);
    }
    return points;
}

/// One repeat. False when stopped.
bool Sweep::visit(Entry& entry)
{
    if (m_stop.stop_requested())
        return false;
    if (m_begin)
        m_begin({ entry.point.index, entry.point.repeats });
    if (!makeReady(entry))
        return false;
    if (entry.times.empty()) // what it reads pushes everything out of the caches
        entry.point.readGBps = m_memory.gigabytesPerSecond(entry.cell.threads);
    probePeak(entry.cell.threads);
    // The run before, untimed, finds the workers awake and leaves this cell's weights in the caches
    // that the other cells have used since.
    m_bench.executor(entry.cell.threads).warmUp(1);
    const Disturbance disturbance;
    if (!entry.ready->warmUp(0, m_stop))
        return false;
    const std::optional<double> milliseconds = entry.ready->run(m_stop);
    if (!milliseconds)
        return false;
    entry.point.disturbed += disturbance.seen() ? 1 : 0;
    probePeak(entry.cell.threads);
    entry.times.push_back(*milliseconds);
    if (entry.times.size() == 1)
        describe(entry);
    summarizeTimes(entry);
    report(entry);
    return true;
}

/// A probe that lost its core says too little, never too much; so the largest of all counts.
void Sweep::probePeak(int threads)
{
    double& largest = m_peaks[threads];
    largest = std::max(largest, measuredPeakGflops(threads));
}

/// Points that were timed before the largest peak was seen have it, too.
void Sweep::settlePeaks()
{
    for (Entry& entry : m_entries)
        if (!entry.times.empty())
            entry.point.peakGflops = m_peaks[entry.cell.threads];
}

bool Sweep::makeReady(Entry& entry)
{
    if (entry.ready)
        return true;
    makeRoomBeside(entry);
    entry.ready = m_bench.ready(entry.cell, m_stop);
    if (!entry.ready)
        return false;
    entry.cell = entry.ready->cell();
    return true;
}

/// All cells stay ready while they fit the budget together; what auto tries may take more than what
/// it is expected to pick.
void Sweep::makeRoomBeside(const Entry& entry)
{
    std::size_t taken = 2 * entry.cost.bytes;
    for (const Entry& other : m_entries)
        taken += other.ready ? other.cost.bytes : 0;
    if (taken <= m_bench.memoryBudget())
        return;
    for (Entry& other : m_entries)
        other.ready.reset();
}

/// What does not change from repeat to repeat.
void Sweep::describe(Entry& entry)
{
    const TimedCell& ready = *entry.ready;
    SweepPoint& point = entry.point;
    point.cell = ready.cell();
    point.kernel = m_bench.kernels().name;
    point.flops = summarize(ready.plan()).work;
    point.parameters = ready.pass().parameters();
    point.stateBytes = stateBytes(ready.plan().shape());
    point.peakBytes = ready.peakBytes();
    point.speedUpBound = speedUpBound(ready.plan(), entry.cell.threads, m_bench.cores());
    point.maxError = ready.pass().maxError();
}

void Sweep::summarizeTimes(Entry& entry)
{
    SweepPoint& point = entry.point;
    const std::vector<double>& times = entry.times;
    point.repeats = static_cast<int>(times.size());
    point.medianMs = quantile(times, 0.5);
    point.minMs = quantile(times, 0);
    point.p90Ms = quantile(times, 0.9);
    point.lowerQuartileMs = quantile(times, 0.25);
    point.upperQuartileMs = quantile(times, 0.75);
    const Interval interval = medianInterval(times, m_settings.seed);
    point.lowerMedianMs = interval.lower;
    point.upperMedianMs = interval.upper;
    point.gflops = point.flops / (point.medianMs * 1e6);
    point.peakGflops = m_peaks[entry.cell.threads];
}

void Sweep::report(const Entry& entry)
{
    ++m_progress.repeatsDone;
    if (entry.point.repeats == m_settings.repeats)
        ++m_progress.pointsDone;
    if (m_update)
        m_update(entry.point, m_progress);
}

} // namespace

std::vector<SweepPoint> runSweep(const std::vector<SweepCell>& cells, const SweepSettings& settings,
    std::stop_token stop, const std::function<void(const SweepPoint&, SweepProgress)>& update,
    const std::function<void(SweepStep)>& begin)
{
    return Sweep(cells, settings, std::move(stop), update, begin).run();
}

} // namespace timestep
