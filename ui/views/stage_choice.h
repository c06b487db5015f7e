// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_stage.h"

#include <QWidget>

class QButtonGroup;

namespace timestep {

/// Q Kᵀ/√d → masked → softmax: which of them the heatmap shows.
class StageChoice : public QWidget
{
    Q_OBJECT
public:
    explicit StageChoice(QWidget* parent = nullptr);

    AffinityStage stage() const;
    QString stageText() const; // "Shares after softmax"
    void setStage(AffinityStage stage);

signals:
    void stageChanged();

private:
    QButtonGroup* m_buttons;
};

} // namespace timestep
