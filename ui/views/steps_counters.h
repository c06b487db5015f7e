// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_picture.h"

#include <QWidget>

#include <array>
#include <memory>

class QLabel;

namespace timestep {

class ElidedLabel;

/// One row of numbers a model, from the plan: when it is finished, its longest chain, its
/// parallelism, and how many workers are idle at the moment the picture shows.
class StepsCounters : public QWidget
{
    Q_OBJECT
public:
    explicit StepsCounters(QWidget* parent = nullptr);

    /// Null: no text, no numbers.
    void setPicture(std::shared_ptr<const StepsPicture> picture);

    /// Smaller numbers, where the picture needs the height.
    void setCompact(bool compact);

public slots:
    void setTime(double units);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    struct Row
    {
        QLabel* name = nullptr;
        QLabel* finishedAt = nullptr;
        QLabel* chain = nullptr;
        ElidedLabel* chainParts = nullptr; // of the chain
        QLabel* parallelism = nullptr;
        ElidedLabel* factors = nullptr; // of the parallelism
        QLabel* idle = nullptr;
    };

    void addRow(int model);
    void addProduct(int model, int column, QLabel* number, ElidedLabel* rest);
    void showChain(Row& row, const PlannedModel& model);
    void showFactors(Row& row, const PlannedModel& model);
    void updateIdle();
    void applyLook();
    void fitHeadings();

    std::shared_ptr<const StepsPicture> m_picture;
    double m_time = 0;
    std::array<Row, 2> m_rows;
    std::array<QLabel*, 4> m_headings {};
    bool m_compact = false;
    bool m_applyingLook = false;
};

} // namespace timestep
