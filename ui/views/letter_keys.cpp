// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/letter_keys.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>

#include <utility>

namespace timestep {

namespace {

/// Looks for a choice by the letters typed, and has no text to type them into.
bool searchesByLetters(const QObject* object)
{
    const auto* combo = qobject_cast<const QComboBox*>(object);
    return (combo && !combo->isEditable()) || qobject_cast<const QAbstractItemView*>(object);
}

bool isLetter(const QKeyEvent& event)
{
    return !event.text().isEmpty() && event.text().front().isPrint()
        && !event.text().front().isSpace(); // Space opens a combo box
}

} // namespace

LetterKeys::LetterKeys(QWidget& window, std::function<void(WindowCommand)> execute)
    : QObject(&window)
    , m_window(window)
    , m_execute(std::move(execute))
{
    qApp->installEventFilter(this);
}

bool LetterKeys::eventFilter(QObject* watched, QEvent* event)
{
    const auto* widget = qobject_cast<const QWidget*>(watched);
    const bool override = event->type() == QEvent::ShortcutOverride;
    if (!widget || widget->window() != &m_window
        || !(override || event->type() == QEvent::KeyPress))
        return false;
    const auto& key = *static_cast<QKeyEvent*>(event);
    if (override) {
        event->ignore(); // whoever takes the event, the shortcut is looked for
        return isWindowShortcut(key.keyCombination());
    }
    if (!searchesByLetters(widget))
        return false;
    const auto command = isLetter(key) ? plainKeyCommand(key) : std::nullopt;
    if (!command)
        return false;
    m_execute(*command);
    return true;
}

} // namespace timestep
