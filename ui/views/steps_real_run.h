// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/measured_pair.h"
#include "ui/session/trace_job.h"

#include <QWidget>

#include <memory>

namespace timestep {

class ElidedLabel;
class Session;
class StepsCanvas;
struct StepsPicture;

/// Beside a plan what a real run of the same did: the same cells in the same order, each from when
/// a thread of this machine really began it to when it was done. Shown where the settings ask for
/// it; where there is no such run it says how to make one.
class StepsRealRun : public QWidget
{
    Q_OBJECT
public:
    explicit StepsRealRun(Session& session, QWidget* parent = nullptr);
    ~StepsRealRun() override;

    /// Null: none is asked for, or none of what is planned is there.
    const MeasuredPairPointer& measured() const { return m_measured; }
    StepsCanvas& canvas() { return *m_canvas; }

    void startForPicture(); // also one that is too much to be begun unasked
    bool complete() const; // nothing more is to come

signals:
    void changed(); // measured()

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void takeSettings();
    void takeRun();
    void show(MeasuredPairPointer measured);
    QString note() const;

    Session& m_session;
    StepsCanvas* m_canvas;
    ElidedLabel* m_note;
    PlannedPairPointer m_planned; // what m_measured was laid over
    TracedRunPointer m_run; // that it was made from
    MeasuredPairPointer m_measured;
    bool m_forPicture = false;
    TraceJob m_job; // last: it stops before the rest goes
};

/// What waited in one model (0 LSTM, 1 attention) of a measured picture, in one line: "30.1 units =
/// 2.64 ms on 2 threads · ready cells waited 0.01 ms more in the median, 0.3 ms at most".
QString realRunText(const StepsPicture& picture, const MeasuredPair& measured, int model);

} // namespace timestep
