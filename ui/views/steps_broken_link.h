// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/probe_result.h"

#include <QWidget>

#include <optional>

namespace timestep {

class ElidedLabel;
class ProbeJob;
class Session;

/// A step of the LSTM begun without the one before it: really run, what it then expects stands
/// beside what it expects otherwise. Nothing is shown, and nothing run, unless the settings say so.
class StepsBrokenLink : public QWidget
{
    Q_OBJECT
public:
    explicit StepsBrokenLink(Session& session, QWidget* parent = nullptr);

    /// The step whose link to the one before is broken: that of the pinned token, else the last.
    std::optional<int> step() const { return m_step; }

signals:
    void stepChanged();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void takeStep();
    void showResult();

    Session& m_session;
    ProbeJob* m_job;
    ElidedLabel* m_lstm;
    ElidedLabel* m_attention;
    std::optional<int> m_step;
};

/// Neither the hidden nor the cell state of the step before reaches `step`, in one layer (0 … L −
/// 1) or, −1, in any.
LstmIntervention brokenLink(const ModelShape& lstm, int layer, int step);

/// What became of the predictions after `step` and after the last one: right and wrong, and how
/// many bits they are apart.
QString brokenLinkText(const Run& run, const InterventionFound& found, int step);

} // namespace timestep
