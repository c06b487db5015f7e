// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/stage_choice.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace timestep {

StageChoice::StageChoice(QWidget* parent)
    : QWidget(parent)
    , m_buttons(new QButtonGroup(this))
{
    setAccessibleName(tr("Stage of the chosen head"));
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    struct Stage
    {
        AffinityStage stage;
        QString text, name, detail;
    };
    const Stage stages[] = {
        { AffinityStage::Scores, tr("QKᵀ/√d"), tr("Scores before the mask"),
            tr("The score of every pair: how well the query of the row suits the key of the "
               "column, over √d; signed, and nothing is masked yet") },
        { AffinityStage::Masked, tr("masked"), tr("Scores that the mask leaves"),
            tr("The same scores where the mask leaves them: all else becomes −∞, and nothing is "
               "read from there") },
        { AffinityStage::Softmax, tr("softmax"), tr("Shares after softmax"),
            tr("Each row's scores as shares that add up to 1: the affinity") },
    };
    for (const Stage& stage : stages) {
        if (stage.stage != AffinityStage::Scores)
            line->addWidget(new QLabel(QStringLiteral("→")));
        auto* button = new QToolButton;
        button->setText(stage.text);
        button->setToolTip(stage.detail);
        button->setAccessibleName(stage.name);
        button->setAccessibleDescription(stage.detail);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setChecked(stage.stage == AffinityStage::Softmax);
        m_buttons->addButton(button, int(stage.stage));
        line->addWidget(button);
    }
    line->addStretch(1);
    connect(m_buttons, &QButtonGroup::idToggled, this, [this](int, bool checked) {
        if (checked)
            emit stageChanged();
    });
}

AffinityStage StageChoice::stage() const
{
    return static_cast<AffinityStage>(m_buttons->checkedId());
}

QString StageChoice::stageText() const { return m_buttons->checkedButton()->accessibleName(); }

void StageChoice::setStage(AffinityStage stage)
{
    m_buttons->button(static_cast<int>(stage))->setChecked(true);
}

} // namespace timestep

#include "moc_stage_choice.cpp"
