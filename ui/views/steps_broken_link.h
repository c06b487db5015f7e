// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/probe_result.h"

#include <QWidget>

#include <optional>

class QPushButton;

namespace timestep {

class ElidedLabel;
class ProbeJob;
class Session;

/// A step of the LSTM begun without the one before it: planned so, and really run; what it then
/// expects stands beside what it expects otherwise. It is the pinned step, else the one where that
/// does most harm, for which each is tried. Nothing is shown, and nothing run, unless the settings
/// say so.
class StepsBrokenLink : public QWidget
{
    Q_OBJECT
public:
    /// Of the last links at most so many are tried, so that a long text does not take minutes.
    static constexpr int MostTried = 256;

    explicit StepsBrokenLink(Session& session, QWidget* parent = nullptr);

    /// The step whose link to the one before is broken; empty also while that is looked for.
    std::optional<int> step() const { return m_step; }
    /// All that there is to say of it is there.
    bool complete() const;

signals:
    void stepChanged();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void update();
    void setStep(std::optional<int> step);
    void showResult();
    void pinMostHarmful();
    std::optional<int> pinnedStep() const;
    std::optional<int> mostHarmfulStep() const;

    Session& m_session;
    ProbeJob* m_job;
    ElidedLabel* m_lstm;
    ElidedLabel* m_elsewhere; // at the end, and in attention
    QPushButton* m_mostHarmful; // there where another one is pinned
    std::optional<EachLinkBroken> m_tried; // of the text that is there
    std::optional<int> m_step;
};

/// What became of the prediction after `step`, or after the last one: wrong and right, and how many
/// bits they are apart.
QString brokenLinkText(const Run& run, const InterventionFound& found, int step);
QString brokenLinkAtTheEnd(const Run& run, const InterventionFound& found);

} // namespace timestep
