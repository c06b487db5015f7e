// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/picture_controls.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QStringList>

namespace timestep {

namespace {

bool isControl(const QWidget& widget)
{
    if (qobject_cast<const QScrollBar*>(&widget))
        return false;
    return qobject_cast<const QAbstractButton*>(&widget)
        || qobject_cast<const QAbstractSlider*>(&widget)
        || qobject_cast<const QAbstractSpinBox*>(&widget) || qobject_cast<const QComboBox*>(&widget)
        || qobject_cast<const QLineEdit*>(&widget);
}

void collect(const QWidget& around, std::vector<QWidget*>& controls)
{
    for (QObject* child : around.children()) {
        auto* widget = qobject_cast<QWidget*>(child);
        if (!widget || widget->isHidden())
            continue;
        if (isControl(*widget))
            controls.push_back(widget);
        else
            collect(*widget, controls);
    }
}

QString chosen(const QWidget& control)
{
    if (const auto* choice = qobject_cast<const QComboBox*>(&control))
        return choice->currentText();
    if (const auto* number = qobject_cast<const QAbstractSpinBox*>(&control))
        return number->text();
    if (const auto* field = qobject_cast<const QLineEdit*>(&control))
        return field->text().isEmpty() ? field->placeholderText() : field->text();
    return {};
}

} // namespace

std::vector<QWidget*> shownControls(QWidget& around)
{
    std::vector<QWidget*> controls;
    collect(around, controls);
    return controls;
}

QString chosenIn(QWidget& row)
{
    QStringList parts;
    for (const QWidget* control : shownControls(row)) {
        const QString text = chosen(*control);
        if (!text.isEmpty())
            parts << text;
    }
    return parts.join(QLatin1Char(' '));
}

} // namespace timestep
