// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/window_keys.h"

#include <QCoreApplication>
#include <QKeyEvent>

#include <algorithm>

namespace timestep {

namespace {

QString translated(const char* text) { return QCoreApplication::translate("WindowKeys", text); }

std::vector<WindowKey> makeKeys()
{
    using Command = WindowCommand;
    const auto key = [](int code) { return QList<QKeySequence> { QKeySequence(code) }; };
    const auto control = [](int code) { return QKeySequence(static_cast<int>(Qt::CTRL) | code); };
    return {
        { Command::PlayPause, key(Qt::Key_Space), translated("play, pause"), translated("Space") },
        { Command::NextEvent, key(Qt::Key_N), translated("play to the next event"),
            QStringLiteral("N") },
        { Command::StepBack, key(Qt::Key_Comma), translated("step the clock back and on"),
            QStringLiteral(",  .") },
        { Command::StepForward, key(Qt::Key_Period), {}, {} },
        { Command::First, key(Qt::Key_Home), translated("clock to the beginning, to the end"),
            translated("Home  End") },
        { Command::Last, key(Qt::Key_End), {}, {} },
        { Command::ShowWorkspace1, key(Qt::Key_1), translated("workspace"),
            QStringLiteral("1 – 6") },
        { Command::ShowWorkspace2, key(Qt::Key_2), {}, {} },
        { Command::ShowWorkspace3, key(Qt::Key_3), {}, {} },
        { Command::ShowWorkspace4, key(Qt::Key_4), {}, {} },
        { Command::ShowWorkspace5, key(Qt::Key_5), {}, {} },
        { Command::ShowWorkspace6, key(Qt::Key_6), {}, {} },
        { Command::PreviousHead, key(Qt::Key_BracketLeft), translated("attention head"),
            QStringLiteral("[  ]") },
        { Command::NextHead, key(Qt::Key_BracketRight), {}, {} },
        { Command::PreviousLayer, key(Qt::Key_BraceLeft), translated("layer"),
            QStringLiteral("{  }") },
        { Command::NextLayer, key(Qt::Key_BraceRight), {}, {} },
        { Command::ToggleCausal, key(Qt::Key_M), translated("causal on, off"),
            QStringLiteral("M") },
        { Command::CriticalPath, key(Qt::Key_P), translated("critical path"), QStringLiteral("P") },
        { Command::Dependencies, key(Qt::Key_D), translated("dependencies of what is pinned"),
            QStringLiteral("D") },
        { Command::PinHovered, key(Qt::Key_L), translated("pin what the mouse is over"),
            QStringLiteral("L") },
        { Command::Clear, key(Qt::Key_Escape),
            translated("clear pin and cursor, close, stop a run, leave a field"),
            translated("Esc") },
        { Command::RunAllRows, { control(Qt::Key_Return), control(Qt::Key_Enter) },
            translated("run all rows"), translated("Ctrl+Enter") },
        { Command::FocusText, { control(Qt::Key_L) }, translated("go to the text"),
            translated("Ctrl+L") },
        { Command::SaveView, { control(Qt::Key_E) },
            translated("save the view: picture or numbers"), translated("Ctrl+E") },
        { Command::OpenModel, { QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O) },
            translated("open a model folder"), translated("Ctrl+Shift+O") },
        { Command::Presentation, key(Qt::Key_F11), translated("presentation"),
            QStringLiteral("F11") },
        { Command::Larger, { control(Qt::Key_Plus), control(Qt::Key_Equal) },
            translated("larger, smaller, normal size"), translated("Ctrl+plus  minus  0") },
        { Command::Smaller, { control(Qt::Key_Minus) }, {}, {} },
        { Command::NormalSize, { control(Qt::Key_0) }, {}, {} },
        { Command::ShowKeys, { QKeySequence(Qt::Key_Question), QKeySequence(Qt::Key_F1) },
            translated("this sheet"), QStringLiteral("?  F1") },
    };
}

} // namespace

const std::vector<WindowKey>& windowKeys()
{
    static const std::vector<WindowKey> keys = makeKeys();
    return keys;
}

bool actsEverywhere(QKeyCombination combination)
{
    const Qt::Key key = combination.key();
    return combination.keyboardModifiers() & Qt::ControlModifier
        || (key >= Qt::Key_F1 && key <= Qt::Key_F35);
}

bool isWindowShortcut(QKeyCombination combination)
{
    const QKeySequence pressed(combination);
    return actsEverywhere(combination)
        && std::ranges::any_of(
            windowKeys(), [&](const WindowKey& key) { return key.keys.contains(pressed); });
}

std::optional<WindowCommand> plainKeyCommand(const QKeyEvent& event)
{
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return std::nullopt;
    for (const WindowKey& key : windowKeys()) {
        for (const QKeySequence& sequence : key.keys) {
            if (!actsEverywhere(sequence[0]) && sequence[0].key() == event.key())
                return key.command;
        }
    }
    return std::nullopt;
}

} // namespace timestep
