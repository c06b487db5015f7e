// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/training_runner.h"

#include "ui/session/training_pair.h"
#include "ui/session/wake_up.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <utility>

namespace timestep {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto BetweenPictures = 80ms; // painting shares the cores with what is trained
constexpr ModelKind kinds[] = { ModelKind::Lstm, ModelKind::Attention };

} // namespace

/// What one job is to do between two steps.
struct TrainingRunner::Orders
{
    std::atomic<bool> check = false;
    std::atomic<bool> keep = false;

    bool any() const { return check || keep; }
};

/// What has come to one model since the last time.
struct TrainingRunner::Advance
{
    ModelKind kind = ModelKind::Lstm;
    std::size_t first = 0; // of the points, in all of them
    std::vector<TrainingPoint> points;
    std::shared_ptr<const TracedTrainingStep> traced;
};

/// One job, on the lane's thread.
class TrainingRunner::Work
{
public:
    struct Task
    {
        TrainingRequest request;
        int course = 0;
        bool anew = false;
        bool trains = false;
        std::size_t pointsShown[2] = {}; // LSTM, attention
        std::shared_ptr<Orders> orders;
    };

    Work(TrainingRunner& runner, Task task, std::stop_token stop, LatestJob::HandOver handOver)
        : m_runner(runner)
        , m_pair(*runner.m_pair)
        , m_task(std::move(task))
        , m_stop(std::move(stop))
        , m_handOver(std::move(handOver))
    {
    }

    void run()
    {
        m_pair.prepare(m_task.request, m_task.course, m_task.anew);
        obey();
        if (m_task.trains)
            train();
        show();
    }

private:
    void train()
    {
        tell(TrainingActivity::Training);
        while (!m_stop.stop_requested()) {
            for (const ModelKind kind : kinds) {
                if (!step(kind))
                    return;
            }
            if (Clock::now() - m_shown >= BetweenPictures)
                show();
            if (m_task.orders->any()) {
                obey();
                tell(TrainingActivity::Training);
            }
        }
    }

    /// With a trace, where the last one is old enough and this step has what there is to be seen.
    bool step(ModelKind kind)
    {
        Clock::time_point& traced = m_traced[kind == ModelKind::Lstm ? 0 : 1];
        const bool traces = Clock::now() - traced >= BetweenPictures && m_pair.nextShowsAll(kind);
        if (traces)
            traced = Clock::now();
        return m_pair.step(kind, traces, m_stop);
    }

    void obey()
    {
        if (m_task.orders->keep.exchange(false))
            m_handOver([&runner = m_runner, models = m_pair.models()] {
                runner.m_wantsModels = false;
                emit runner.kept(models);
            });
        if (!m_task.orders->check.exchange(false))
            return;
        show();
        tell(TrainingActivity::Checking);
        for (const ModelKind kind : kinds) {
            if (auto trial = m_pair.tryOut(kind, m_stop)) {
                m_handOver([&runner = m_runner, kind, trial = std::move(*trial)] {
                    runner.takeTrial(kind, trial);
                });
            }
        }
    }

    void tell(TrainingActivity activity)
    {
        m_handOver([&runner = m_runner, activity] {
            if (runner.m_activity != TrainingActivity::Stopping)
                runner.setActivity(activity);
        });
    }

    void show()
    {
        std::vector<Advance> advances;
        for (const ModelKind kind : kinds) {
            std::size_t& shown = m_task.pointsShown[kind == ModelKind::Lstm ? 0 : 1];
            const std::vector<TrainingPoint>& points = m_pair.points(kind);
            advances.push_back({ kind, shown,
                { points.begin() + static_cast<std::ptrdiff_t>(shown), points.end() },
                m_pair.traced(kind) });
            shown = points.size();
        }
        m_handOver([&runner = m_runner, advances = std::move(advances)] {
            for (const Advance& advance : advances)
                runner.take(advance);
            emit runner.changed();
        });
        m_shown = Clock::now();
    }

    TrainingRunner& m_runner;
    TrainingPair& m_pair;
    Task m_task;
    const std::stop_token m_stop;
    const LatestJob::HandOver m_handOver;
    Clock::time_point m_shown; // long ago: the first steps are shown at once
    Clock::time_point m_traced[2];
};

TrainingRunner::TrainingRunner(QObject* parent)
    : QObject(parent)
    , m_pair(std::make_shared<TrainingPair>())
    , m_orders(std::make_shared<Orders>())
    , m_lane(wakeUp(this))
{
}

TrainingRunner::~TrainingRunner() = default;

void TrainingRunner::start(const TrainingRequest& request)
{
    m_subject = request.subject;
    m_memoryBudget = request.memoryBudget;
    m_courses = { request.course };
    m_lstm = {};
    m_attention = {};
    m_wantsCheck = true;
    m_wantsModels = false;
    run(true, true);
}

void TrainingRunner::resume(const TrainingCourse& course)
{
    if (!m_subject || m_trains)
        return;
    takeCourse(course);
    run(false, true);
}

void TrainingRunner::setCourse(const TrainingCourse& course)
{
    if (!m_trains || m_activity == TrainingActivity::Stopping || m_courses.back() == course)
        return;
    takeCourse(course);
    run(false, true);
}

void TrainingRunner::stop()
{
    if (!running())
        return;
    m_pause.request_stop();
    m_wantsCheck = false;
    setActivity(TrainingActivity::Stopping);
}

void TrainingRunner::check(const TrainingCourse& course)
{
    if (!m_subject)
        return;
    m_wantsCheck = true;
    m_orders->check = true;
    if (!running()) {
        takeCourse(course);
        run(false, false);
    }
}

void TrainingRunner::keep()
{
    if (!begun())
        return;
    m_wantsModels = true;
    m_orders->keep = true;
    if (!running())
        run(false, false);
}

/// What was tried out for another way to split the work is tried out again.
void TrainingRunner::takeCourse(const TrainingCourse& course)
{
    if (m_courses.back() == course)
        return;
    const bool same = splitsAlike(m_courses.back(), course);
    m_courses.push_back(course);
    if (!same)
        m_wantsCheck = true;
}

/// A job that runs is replaced; what it had done and not handed over yet, the next one does.
void TrainingRunner::run(bool anew, bool trains)
{
    m_trains = trains;
    m_pause = {};
    m_orders = std::make_shared<Orders>();
    m_orders->check = m_wantsCheck;
    m_orders->keep = m_wantsModels;
    Work::Task task { { *m_subject, m_courses.back(), m_memoryBudget },
        static_cast<int>(m_courses.size()) - 1, anew, trains,
        { m_lstm.points.size(), m_attention.points.size() }, m_orders };
    m_lane.start([this, task = std::move(task), pause = m_pause](
                     const std::stop_token& stop, const LatestJob::HandOver& handOver) mutable {
        const std::stop_callback replaced(stop, [&pause] { pause.request_stop(); });
        try {
            Work(*this, std::move(task), pause.get_token(), handOver).run();
        } catch (const std::exception& error) {
            handOver([this, message = QString::fromUtf8(error.what())] {
                m_wantsCheck = m_wantsModels = false;
                emit failed(message);
            });
        }
        handOver([this] { end(); });
    });
    setActivity(TrainingActivity::Preparing);
}

void TrainingRunner::take(const Advance& advance)
{
    TrainingProgress& progress = advance.kind == ModelKind::Lstm ? m_lstm : m_attention;
    progress.points.insert(progress.points.end(), advance.points.begin(), advance.points.end());
    progress.traced = advance.traced;
}

void TrainingRunner::takeTrial(ModelKind kind, const TrainingTrial& trial)
{
    (kind == ModelKind::Lstm ? m_lstm : m_attention).trial = trial;
    if (kind == ModelKind::Attention) // the last
        m_wantsCheck = false;
    emit changed();
}

void TrainingRunner::end()
{
    m_trains = false;
    m_activity = TrainingActivity::None;
    if ((m_wantsCheck || m_wantsModels) && begun())
        return run(false, false); // ordered while the job came to its end
    emit changed();
}

void TrainingRunner::setActivity(TrainingActivity activity)
{
    m_activity = activity;
    emit changed();
}

void TrainingRunner::customEvent(QEvent*) { m_lane.deliver(); }

} // namespace timestep

#include "moc_training_runner.cpp"
