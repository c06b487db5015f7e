// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/jump_slider.h"
#include "ui/views/number_scale.h"

#include <QWidget>

class QLabel;
class QSpinBox;

namespace timestep {

/// The handle on a logarithmic scale; its arrow keys go from one round number to the next.
class NumberHandle : public JumpSlider
{
    Q_OBJECT
public:
    explicit NumberHandle(int most, QWidget* parent = nullptr);
    const NumberScale& scale() const;
    void setMost(int most);
    void showNumber(int number);

signals:
    void numberChosen(int number);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void step(int direction);

    NumberScale m_scale;
    int m_number = 1;
};

/// A name, a number that can be typed, and below them a slider for the same number, 1 … most.
class NumberSlider : public QWidget
{
    Q_OBJECT
public:
    NumberSlider(const QString& name, const QString& purpose, int most, QWidget* parent = nullptr);

    int number() const;
    /// Shows it; says nothing.
    void setNumber(int number);
    /// The end of the scale, and its largest number.
    void setMost(int most);
    /// The largest number there is a use for now; the scale stays.
    void setLimit(int most);

signals:
    void numberChanged(int number); // by the user

private:
    void choose(int number);

    NumberHandle* m_handle;
    QSpinBox* m_value;
    int m_limit;
};

} // namespace timestep
