// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/latest_job.h"
#include "ui/session/training_progress.h"
#include "ui/session/training_request.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace timestep {

class TrainingPair;

/// What a training does just now.
enum class TrainingActivity
{
    None, // not begun, stopped, or stopped by an error
    Preparing, // the models are being made
    Checking, // gradients and ways are compared
    Training,
    Stopping // what was asked for last comes to its end
};

/// Trains a pair of models on a thread of its own, both step by step in turns. What has happened is
/// handed over a few times a second; every signal comes on the owner's thread, which never waits.
class TrainingRunner : public QObject
{
    Q_OBJECT
public:
    explicit TrainingRunner(QObject* parent = nullptr);
    ~TrainingRunner() override;

    /// Of the training there is; not set before the first.
    const std::optional<TrainingSubject>& subject() const { return m_subject; }
    /// Those it has had, each other than the one before; points say which was theirs.
    const std::vector<TrainingCourse>& courses() const { return m_courses; }
    const TrainingProgress& progress(ModelKind kind) const
    {
        return kind == ModelKind::Lstm ? m_lstm : m_attention;
    }
    TrainingActivity activity() const { return m_activity; }
    bool running() const { return m_activity != TrainingActivity::None; }
    /// There are models that have been trained.
    bool begun() const { return !m_attention.points.empty(); }

    /// Begins anew: checks first, then trains until it is stopped.
    void start(const TrainingRequest& request);
    /// Goes on after `stop`, with another course if it likes.
    void resume(const TrainingCourse& course);
    /// A training that runs goes on so.
    void setCourse(const TrainingCourse& course);
    /// Ends within 100 ms; everything stays.
    void stop();
    /// Compares gradients and ways now, between two steps of a training that runs.
    void check(const TrainingCourse& course);
    /// Hands out the models as they are, between two steps.
    void keep();

signals:
    void changed(); // anything above
    void kept(const timestep::ModelPair& models);
    void failed(const QString& message); // one line

protected:
    void customEvent(QEvent* event) override;

private:
    class Work;
    struct Orders;
    struct Advance;

    void run(bool anew, bool trains);
    void takeCourse(const TrainingCourse& course);
    void take(const Advance& advance);
    void takeTrial(ModelKind kind, const TrainingTrial& trial);
    void setActivity(TrainingActivity activity);
    void end();

    std::optional<TrainingSubject> m_subject;
    std::size_t m_memoryBudget = 0;
    std::vector<TrainingCourse> m_courses;
    TrainingProgress m_lstm, m_attention;
    TrainingActivity m_activity = TrainingActivity::None;
    bool m_trains = false; // else the job that runs only does what is ordered
    bool m_wantsCheck = false; // until it is there: a job that is replaced may have begun it
    bool m_wantsModels = false;
    std::shared_ptr<TrainingPair> m_pair; // used by the lane only
    std::shared_ptr<Orders> m_orders; // of the job that runs
    std::stop_source m_pause; // of the job that runs
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
