// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace timestep {

/// The bottom bar of the race: Start or Stop, and how far the measuring is.
class RaceBar : public QWidget
{
    Q_OBJECT
public:
    explicit RaceBar(QWidget* parent = nullptr);

    /// `measured` of the points have been timed at least once. Where the text was run meanwhile on
    /// the same cores, that is said.
    void showProgress(const SweepProgress& progress, int measured, int repeats, bool disturbed);
    void setRunning(bool running);
    /// Why it cannot be started; empty: it can.
    void setObstacle(const QString& reason);

signals:
    void toggled();

private:
    QPushButton* m_button;
    QProgressBar* m_progress;
    QLabel* m_text;
    bool m_running = false;
};

} // namespace timestep
