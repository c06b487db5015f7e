// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/head_kind_choice.h"

#include "ui/views/flow_layout.h"
#include "ui/views/head_kind_text.h"
#include "ui/views/head_survey.h"

#include <QPushButton>

namespace timestep {

HeadKindChoice::HeadKindChoice(const HeadSurvey& survey, QWidget* parent)
    : QWidget(parent)
    , m_survey(survey)
    , m_buttons()
{
    auto* line = new FlowLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    setLayout(line);
    for (const HeadKind kind : headKinds) {
        auto* button = new QPushButton;
        button->setProperty("small", true);
        line->addWidget(button);
        m_buttons[std::size_t(kind)] = button;
        connect(button, &QPushButton::clicked, this, [this, kind] { choose(kind); });
    }
    connect(&survey, &HeadSurvey::restarted, this, &HeadKindChoice::showAll);
    connect(&survey, &HeadSurvey::known, this, &HeadKindChoice::showAll);
    showAll();
}

QPushButton& HeadKindChoice::button(HeadKind kind) const { return *m_buttons[std::size_t(kind)]; }

int HeadKindChoice::headsOf(HeadKind kind) const
{
    const Affinities* affinities = m_survey.affinities();
    int count = 0;
    for (int layer = 0; affinities != nullptr && layer < affinities->layers(); ++layer)
        for (int head = 0; head < affinities->heads(); ++head)
            count += m_survey.kind({ layer, head }) == kind ? 1 : 0;
    return count;
}

void HeadKindChoice::show(HeadKind kind)
{
    QPushButton& button = this->button(kind);
    const int count = headsOf(kind);
    button.setText(tr("%1 %2").arg(kindWord(kind)).arg(count));
    QString detail = tr("Heads that %1: %2.").arg(kindMeaning(kind)).arg(count);
    const auto best = m_survey.best(kind);
    if (best)
        detail += u' '
            + (count > 0 ? tr("Click for the best: %1: %2.") : tr("None stands out: %1: %2."))
                  .arg(headPlaceText(*best),
                      kindFigureText(kind, m_survey.statistics(*best)->figures));
    button.setToolTip(detail);
    button.setAccessibleName(tr("The head that best %1").arg(kindMeaning(kind)));
    button.setAccessibleDescription(detail);
    button.setEnabled(count > 0);
}

void HeadKindChoice::showAll()
{
    for (const HeadKind kind : headKinds)
        show(kind);
}

void HeadKindChoice::choose(HeadKind kind)
{
    if (const auto best = m_survey.best(kind))
        emit headChosen(best->layer, best->head);
}

} // namespace timestep

#include "moc_head_kind_choice.cpp"
