// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/training_figures.h"

#include <QWidget>

#include <vector>

class QDoubleSpinBox;
class QGridLayout;
class QLabel;

namespace timestep {

/// The figures of a training as a table, a column for each model.
class TrainingFiguresPanel : public QWidget
{
    Q_OBJECT
public:
    explicit TrainingFiguresPanel(QWidget* parent = nullptr);

    void show(const std::vector<TrainingFigure>& figures);
    double threshold() const;
    void setThreshold(double loss);

signals:
    void thresholdChanged(double loss);

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Line
    {
        QLabel* name;
        QLabel* lstm;
        QLabel* attention;
    };
    void addLine();
    void applyTheme();

    QGridLayout* m_grid;
    QDoubleSpinBox* m_threshold;
    QLabel* m_lstmHead;
    QLabel* m_attentionHead;
    std::vector<Line> m_lines;
    bool m_appliesTheme = false;
};

} // namespace timestep
