// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_bar.h"

#include "ui/views/elided_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include <algorithm>

namespace timestep {

RaceBar::RaceBar(QWidget* parent)
    : QWidget(parent)
    , m_button(new QPushButton)
    , m_progress(new QProgressBar)
    , m_note(new ElidedLabel)
    , m_measured(new QLabel)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 10, 16, 10);
    layout->setSpacing(10);
    layout->addWidget(m_button);
    layout->addWidget(m_progress, 1);
    layout->addWidget(m_note, 1);
    layout->addSpacing(8);
    layout->addWidget(m_measured);
    m_button->setProperty("primary", true);
    m_button->setMinimumWidth(76);
    m_button->setToolTip(tr("Space"));
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Runs measured"));
    m_note->setObjectName(QStringLiteral("raceNote"));
    m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_measured->setObjectName(QStringLiteral("raceMeasured"));
    for (QLabel* label : { static_cast<QLabel*>(m_note), m_measured })
        label->setProperty("role", "secondary");
    connect(m_button, &QPushButton::clicked, this, &RaceBar::toggled);
    setRunning(false);
    showProgress({}, 0, 0);
}

void RaceBar::setRunning(bool running)
{
    m_button->setText(running ? tr("■  Stop") : tr("▶  Start"));
    m_button->setAccessibleName(running ? tr("Stop measuring") : tr("Start measuring"));
}

void RaceBar::setStartable(bool startable) { m_button->setEnabled(startable); }

void RaceBar::setNote(const QString& note)
{
    m_note->setFullText(note);
    m_note->setVisible(!note.isEmpty()); // the bar takes its room
}

void RaceBar::showProgress(const SweepProgress& progress, int measured, int repeats)
{
    m_progress->setMaximum(std::max(1, progress.repeats));
    m_progress->setValue(progress.repeatsDone);
    m_measured->setVisible(progress.points > 0);
    m_measured->setText(tr("measured <b>%1</b> of %2 points · %3 of %4 runs each")
                            .arg(measured)
                            .arg(progress.points)
                            .arg(progress.repeatsDone / std::max(1, progress.points))
                            .arg(repeats));
}

} // namespace timestep

#include "moc_race_bar.cpp"
