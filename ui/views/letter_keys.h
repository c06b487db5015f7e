// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/window_keys.h"

#include <QObject>

#include <functional>

class QWidget;

namespace timestep {

/// Gives a window its digits, letters and brackets where a combo box or a table has the focus: Qt
/// would take them for the beginning of a choice, but neither is a text field. Lists that are open
/// keep them. And its shortcuts where a field has the focus, which would take Ctrl+E for "end of
/// line".
class LetterKeys : public QObject
{
public:
    /// Owned by the window; `execute` is called for each such key.
    LetterKeys(QWidget& window, std::function<void(WindowCommand)> execute);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget& m_window;
    std::function<void(WindowCommand)> m_execute;
};

} // namespace timestep
