// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/sweep.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace timestep {

class ElidedLabel;

/// The bottom bar of the race: Start or Stop, what goes on, and how far the measuring is.
class RaceBar : public QWidget
{
    Q_OBJECT
public:
    explicit RaceBar(QWidget* parent = nullptr);

    /// `measured` of the points have been timed at least once.
    void showProgress(const SweepProgress& progress, int measured, int repeats);
    /// What goes on, or why it cannot be started.
    void setNote(const QString& note);
    void setRunning(bool running);
    void setStartable(bool startable);

signals:
    void toggled();

private:
    QPushButton* m_button;
    QProgressBar* m_progress;
    ElidedLabel* m_note;
    QLabel* m_measured;
};

} // namespace timestep
