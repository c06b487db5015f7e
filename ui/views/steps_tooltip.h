// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_statement.h"

#include <QWidget>

namespace timestep {

/// What the cell under the mouse says, beside it: its state, then what it needs (solid line, as in
/// the picture) and what it unblocks (dashed line). Lies over the picture and takes no mouse.
class StepsTooltip : public QWidget
{
    Q_OBJECT
public:
    explicit StepsTooltip(QWidget* parent);

    const StepsStatement& statement() const { return m_statement; }
    /// Shows it below the cell, or above where there is no room; inside the parent in any case.
    void showAt(const QRect& cell, const StepsStatement& statement);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QSize sizeFor(const StepsStatement& statement) const;

    StepsStatement m_statement;
};

} // namespace timestep
