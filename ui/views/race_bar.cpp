// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace timestep {

RaceBar::RaceBar(QWidget* parent)
    : QWidget(parent)
    , m_button(new QPushButton)
    , m_progress(new QProgressBar)
    , m_text(new QLabel)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 10, 16, 10);
    layout->setSpacing(10);
    layout->addWidget(m_button);
    layout->addWidget(m_progress, 1);
    layout->addWidget(m_text);
    m_button->setProperty("primary", true);
    m_button->setMinimumWidth(76);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Runs measured"));
    m_text->setProperty("role", "secondary");
    connect(m_button, &QPushButton::clicked, this, &RaceBar::toggled);
    setRunning(false);
    showProgress({}, 0, 0, false);
}

void RaceBar::setRunning(bool running)
{
    m_running = running;
    m_button->setText(running ? tr("■  Stop") : tr("▶  Start"));
    m_button->setAccessibleName(running ? tr("Stop measuring") : tr("Start measuring"));
    m_button->setToolTip(tr("Space"));
}

void RaceBar::setObstacle(const QString& reason)
{
    m_button->setEnabled(reason.isEmpty());
    if (!reason.isEmpty())
        m_text->setText(reason);
}

void RaceBar::showProgress(const SweepProgress& progress, int measured, int repeats, bool disturbed)
{
    m_progress->setMaximum(std::max(1, progress.repeats));
    m_progress->setValue(progress.repeatsDone);
    if (progress.repeats == 0) {
        m_text->setText(tr("not measured yet"));
        return;
    }
    QString text = tr("measured <b>%1</b> of %2 points · %3 of %4 runs each")
                       .arg(measured)
                       .arg(progress.points)
                       .arg(progress.repeatsDone / std::max(1, progress.points))
                       .arg(repeats);
    if (disturbed)
        text += tr(" · disturbed: the text was run meanwhile");
    m_text->setText(text);
}

} // namespace timestep

#include "moc_race_bar.cpp"
