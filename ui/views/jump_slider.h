// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSlider>

namespace timestep {

/// A horizontal slider whose handle goes to where the mouse is pressed, and follows it from there.
class JumpSlider : public QSlider
{
    Q_OBJECT
public:
    explicit JumpSlider(QWidget* parent = nullptr);

protected:
    void mousePressEvent(QMouseEvent* event) override;

private:
    QRect handleRect() const;
};

} // namespace timestep
