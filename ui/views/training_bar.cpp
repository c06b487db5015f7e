// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_bar.h"

#include "ui/views/elided_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace timestep {

TrainingBar::TrainingBar(QWidget* parent)
    : QWidget(parent)
    , m_next(new QPushButton)
    , m_anew(new QPushButton(tr("Start anew")))
    , m_check(new QPushButton(tr("Check")))
    , m_keep(new QPushButton(tr("Keep as models")))
    , m_putBack(new QPushButton(tr("Put back")))
    , m_note(new ElidedLabel)
    , m_progress(new QLabel)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 10, 16, 10);
    layout->setSpacing(10);
    for (QPushButton* button : { m_next, m_anew, m_check, m_keep, m_putBack })
        layout->addWidget(button);
    layout->addWidget(m_note, 1);
    layout->addSpacing(8);
    layout->addWidget(m_progress);
    m_next->setProperty("primary", true);
    m_next->setMinimumWidth(104); // of its widest text
    m_next->setObjectName(QStringLiteral("trainingNext"));
    m_next->setToolTip(tr("Space"));
    m_anew->setObjectName(QStringLiteral("trainingAnew"));
    m_anew->setToolTip(tr("new random weights, on what is set now"));
    m_check->setObjectName(QStringLiteral("trainingCheck"));
    m_check->setToolTip(
        tr("compute the gradients in other ways and compare, and time the ways to split"));
    m_keep->setObjectName(QStringLiteral("trainingKeep"));
    m_keep->setToolTip(tr("use both as they are now in all workspaces; this training can go on"));
    m_putBack->setObjectName(QStringLiteral("trainingPutBack"));
    m_putBack->setToolTip(tr("use the models that were there before Keep"));
    m_note->setObjectName(QStringLiteral("trainingNote"));
    m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_progress->setObjectName(QStringLiteral("trainingProgress"));
    for (QLabel* label : { static_cast<QLabel*>(m_note), m_progress })
        label->setProperty("role", "secondary");
    connect(m_next, &QPushButton::clicked, this, &TrainingBar::toggled);
    connect(m_anew, &QPushButton::clicked, this, &TrainingBar::startAnew);
    connect(m_check, &QPushButton::clicked, this, &TrainingBar::check);
    connect(m_keep, &QPushButton::clicked, this, &TrainingBar::keep);
    connect(m_putBack, &QPushButton::clicked, this, &TrainingBar::putBack);
    showNext(Next::Train, true);
    showTrained(false, true);
    setPutBack(false);
}

void TrainingBar::showNext(Next next, bool possible)
{
    switch (next) {
    case Next::Train:
        m_next->setText(tr("▶  Train"));
        break;
    case Next::Stop:
        m_next->setText(tr("■  Stop"));
        break;
    case Next::Continue:
        m_next->setText(tr("▶  Continue"));
        break;
    }
    m_next->setAccessibleName(next == Next::Stop ? tr("Stop training")
            : next == Next::Continue             ? tr("Continue training")
                                                 : tr("Start training"));
    m_next->setEnabled(possible);
}

void TrainingBar::showTrained(bool trained, bool mayBegin)
{
    m_anew->setEnabled(trained && mayBegin);
    m_check->setEnabled(trained);
    m_keep->setEnabled(trained);
}

void TrainingBar::setPutBack(bool possible) { m_putBack->setVisible(possible); }

void TrainingBar::setNote(const QString& note) { m_note->setFullText(note); }

void TrainingBar::setProgress(const QString& progress) { m_progress->setText(progress); }

} // namespace timestep

#include "moc_training_bar.cpp"
