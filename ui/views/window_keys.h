// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>

#include <optional>
#include <vector>

class QKeyEvent;

namespace timestep {

/// What a key of the window does.
enum class WindowCommand
{
    PlayPause,
    NextEvent,
    StepBack,
    StepForward,
    First,
    Last,
    ShowWorkspace1,
    ShowWorkspace2,
    ShowWorkspace3,
    ShowWorkspace4,
    ShowWorkspace5,
    ShowWorkspace6,
    PreviousHead,
    NextHead,
    PreviousLayer,
    NextLayer,
    ToggleCausal,
    CriticalPath,
    Dependencies,
    PinHovered,
    Clear,
    ShowKeys,
    RunAllRows,
    SaveView,
    OpenModel,
    FocusText,
    Presentation,
    Larger,
    Smaller,
    NormalSize,
};

struct WindowKey
{
    WindowCommand command;
    QList<QKeySequence> keys;
    QString purpose; // translated; empty: told with the one before
    QString shown; // how the sheet writes the keys
};

/// Every key of the window, in the order of the sheet.
const std::vector<WindowKey>& windowKeys();

/// The command of a key without Ctrl: such a key acts only where the focused widget has no use for
/// it, so never in a text field.
std::optional<WindowCommand> plainKeyCommand(const QKeyEvent& event);

/// A key with Ctrl or a function key, which act everywhere.
bool actsEverywhere(QKeyCombination combination);

/// Such a key of the window.
bool isWindowShortcut(QKeyCombination combination);

} // namespace timestep
