// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"

#include <QWidget>

#include <vector>

namespace timestep {

/// One bar for each token written lately, as high as the time it took one model; the latest stands
/// at the right. Both models' plots share the scale they are given. A bar that goes on
/// above has a dark end.
class TokenTimesPlot : public QWidget
{
    Q_OBJECT
public:
    explicit TokenTimesPlot(ModelKind kind, QWidget* parent = nullptr);

    /// ms, the oldest first; `most` ms are as high as the plot.
    void setTimes(const std::vector<double>& milliseconds, double most);
    int barCount() const; // as many as there is room for
    QRect barRect(int bar) const; // 0: the latest

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ModelKind m_kind;
    std::vector<double> m_times; // ms
    double m_most = 1; // ms
};

} // namespace timestep
