// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/number_slider.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>

namespace timestep {

NumberHandle::NumberHandle(int most, QWidget* parent)
    : JumpSlider(parent)
    , m_scale(most)
{
    setRange(0, NumberScale::places);
    connect(this, &QSlider::valueChanged, this, [this](int place) {
        const int number = m_scale.numberAt(place);
        if (number == m_number)
            return;
        m_number = number;
        emit numberChosen(number);
    });
}

const NumberScale& NumberHandle::scale() const { return m_scale; }

void NumberHandle::setMost(int most) { m_scale = NumberScale(most); }

void NumberHandle::showNumber(int number)
{
    m_number = number;
    const QSignalBlocker quiet(this);
    setValue(m_scale.placeOf(number));
}

void NumberHandle::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Up:
        return step(1);
    case Qt::Key_Left:
    case Qt::Key_Down:
        return step(-1);
    default:
        JumpSlider::keyPressEvent(event);
    }
}

void NumberHandle::wheelEvent(QWheelEvent* event)
{
    if (event->angleDelta().y() != 0)
        step(event->angleDelta().y() > 0 ? 1 : -1);
    event->accept();
}

void NumberHandle::step(int direction)
{
    const int number = m_scale.next(m_number, direction);
    if (number == m_number)
        return;
    showNumber(number);
    emit numberChosen(number);
}

NumberSlider::NumberSlider(const QString& name, const QString& purpose, int most, QWidget* parent)
    : QWidget(parent)
    , m_handle(new NumberHandle(most, this))
    , m_value(new QSpinBox(this))
    , m_limit(most)
{
    auto* label = new QLabel(name, this);
    label->setBuddy(m_value);
    m_value->setObjectName(QStringLiteral("sliderValue"));
    m_value->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_value->setRange(1, most);
    m_value->setKeyboardTracking(false);
    m_value->setAccessibleName(name);
    m_handle->setAccessibleName(name);
    for (QWidget* control : { static_cast<QWidget*>(m_value), static_cast<QWidget*>(m_handle) }) {
        control->setAccessibleDescription(purpose);
        control->setToolTip(purpose);
    }
    setFocusProxy(m_handle);

    auto* line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(label);
    line->addWidget(m_value, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(line);
    layout->addWidget(m_handle);

    connect(m_handle, &NumberHandle::numberChosen, this, &NumberSlider::choose);
    connect(m_value, &QSpinBox::valueChanged, this, &NumberSlider::choose);
    setNumber(1);
}

int NumberSlider::number() const { return m_value->value(); }

void NumberSlider::setNumber(int number)
{
    const QSignalBlocker quiet(m_value);
    m_value->setValue(number);
    m_handle->showNumber(m_value->value());
}

void NumberSlider::setMost(int most)
{
    m_handle->setMost(most);
    setLimit(most);
}

void NumberSlider::setLimit(int most)
{
    m_limit = std::clamp(most, 1, m_handle->scale().most());
    const QSignalBlocker quiet(m_value);
    m_value->setMaximum(m_limit);
    m_handle->showNumber(m_value->value());
}

void NumberSlider::choose(int number)
{
    const int chosen = std::min(number, m_limit);
    setNumber(chosen);
    emit numberChanged(chosen);
}

} // namespace timestep

#include "moc_number_slider.cpp"
