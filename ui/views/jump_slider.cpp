// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/jump_slider.h"

#include <QMouseEvent>
#include <QStyleOptionSlider>

namespace timestep {

JumpSlider::JumpSlider(QWidget* parent)
    : QSlider(Qt::Horizontal, parent)
{
}

void JumpSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && !handleRect().contains(event->position().toPoint())) {
        const int handle = handleRect().width();
        const int left = qRound(event->position().x()) - handle / 2;
        const bool mirrored = layoutDirection() == Qt::RightToLeft;
        setValue(QStyle::sliderValueFromPosition(
            minimum(), maximum(), mirrored ? width() - handle - left : left, width() - handle));
    }
    QSlider::mousePressEvent(event); // the handle is under the mouse now: a drag begins
}

QRect JumpSlider::handleRect() const
{
    QStyleOptionSlider option;
    initStyleOption(&option);
    return style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, this);
}

} // namespace timestep

#include "moc_jump_slider.cpp"
