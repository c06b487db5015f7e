// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/probing_answer.h"

class QComboBox;
class QDoubleSpinBox;
class QToolButton;

namespace timestep {

class ElidedLabel;

/// What becomes of the LSTM's predictions where its forget gates are set rather than computed, or
/// where a step does not get the hidden state of the step before.
class OverrideAnswer : public ProbingAnswer
{
    Q_OBJECT
public:
    explicit OverrideAnswer(ProbeJob& job, QObject* parent = nullptr);

    QString title() const override;
    QString purpose() const override;
    QWidget* line() override { return m_line; }
    QString sentence() const override;
    TokenBars bars() const override;
    QString tooltip(int step) const override;

    /// What a run's text became, if that is to be seen in the picture; else null.
    std::shared_ptr<const InterventionFound> toShow(const std::shared_ptr<const Run>& run) const;

signals:
    void toShowChanged();

protected:
    void ask(ProbeRequest& request, bool wanted) const override;
    void showLine() override;

private:
    void fitUnits();
    bool cuts() const;
    LstmIntervention intervention() const;
    const ChangedReading* reading() const; // null: not there
    QString predictionsText() const;

    QWidget* m_line;
    QComboBox* m_what;
    QDoubleSpinBox* m_value;
    QComboBox* m_units;
    QToolButton* m_inPicture;
    ElidedLabel* m_caption;
};

} // namespace timestep
