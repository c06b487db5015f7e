// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/cell_numbers.h"

#include <QWidget>

class QLabel;

namespace timestep {

/// The equations of an LSTM cell with the live numbers of one unit at one step.
class EquationPanel : public QWidget
{
    Q_OBJECT
public:
    explicit EquationPanel(QWidget* parent = nullptr);

    /// `why`: how it came to be this unit, shown small.
    void setCell(const LstmPicture& picture, int step, int unit, const QString& why);
    void clear(); // there are no tokens
    QString text() const; // the lines, as shown

protected:
    void changeEvent(QEvent* event) override;

private:
    void fitFont();

    QLabel* m_title;
    QLabel* m_why;
    QLabel* m_lines;
};

} // namespace timestep
