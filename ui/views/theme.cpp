// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/theme.h"

namespace timestep {

namespace {

Theme makeLight()
{
    Theme theme;
    theme.dark = false;
    theme.window = QColor(0xffffff);
    theme.panel = QColor(0xffffff);
    theme.field = QColor(0xf4f5f7);
    theme.border = QColor(0xdfe2e7);
    theme.text = QColor(0x1b1e24);
    theme.secondaryText = QColor(0x5d6470);
    theme.button = QColor(0x1b1e24);
    theme.buttonText = QColor(0xffffff);
    theme.tooltip = QColor(0x1b1e24);
    theme.tooltipText = QColor(0xffffff);
    theme.pin = QColor(0xc9a400);
    theme.bracket = QColor(0x7a828f);
    theme.lstm.text = QColor(0xa84a00);
    theme.lstm.running = QColor(0xf28c28);
    theme.lstm.runningText = QColor(0x1b1e24);
    theme.lstm.done = QColor(0xfbe3cf);
    theme.lstm.outline = QColor(0xf28c28);
    theme.attention.text = QColor(0x005f99);
    theme.attention.running = QColor(0x3d9bd8);
    theme.attention.runningText = QColor(0x1b1e24);
    theme.attention.done = QColor(0xcfe5f3);
    theme.attention.outline = QColor(0x3d9bd8);
    return theme;
}

Theme makeDark()
{
    Theme theme;
    theme.dark = true;
    theme.window = QColor(0x1d2027);
    theme.panel = QColor(0x1d2027);
    theme.field = QColor(0x15171c);
    theme.border = QColor(0x343945);
    theme.text = QColor(0xe7e9ee);
    theme.secondaryText = QColor(0x9aa2b1);
    theme.button = QColor(0xe7e9ee);
    theme.buttonText = QColor(0x1d2027);
    theme.tooltip = QColor(0xe7e9ee);
    theme.tooltipText = QColor(0x1d2027);
    theme.pin = QColor(0xe8c53a);
    theme.bracket = QColor(0x8d95a3);
    theme.lstm.text = QColor(0xff9a4d);
    theme.lstm.running = QColor(0xff9a4d);
    theme.lstm.runningText = QColor(0x1d2027);
    theme.lstm.done = QColor(0x53351f);
    theme.lstm.outline = QColor(0xff9a4d);
    theme.attention.text = QColor(0x5ab4ea);
    theme.attention.running = QColor(0x5ab4ea);
    theme.attention.runningText = QColor(0x1d2027);
    theme.attention.done = QColor(0x1f455d);
    theme.attention.outline = QColor(0x5ab4ea);
    return theme;
}

} // namespace

QPalette Theme::palette() const
{
    QPalette palette;
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, field);
    palette.setColor(QPalette::AlternateBase, panel);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::PlaceholderText, secondaryText);
    palette.setColor(QPalette::Button, panel);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, buttonText);
    palette.setColor(QPalette::ToolTipBase, tooltip);
    palette.setColor(QPalette::ToolTipText, tooltipText);
    palette.setColor(QPalette::Highlight, button);
    palette.setColor(QPalette::HighlightedText, buttonText);
    palette.setColor(QPalette::Link, attention.text);
    palette.setColor(QPalette::LinkVisited, attention.text);
    palette.setColor(QPalette::Light, panel);
    palette.setColor(QPalette::Midlight, border);
    palette.setColor(QPalette::Mid, border);
    palette.setColor(QPalette::Dark, border);
    palette.setColor(QPalette::Shadow, border);
    for (auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText })
        palette.setColor(QPalette::Disabled, role, secondaryText);
    return palette;
}

const Theme& Theme::light()
{
    static const Theme theme = makeLight();
    return theme;
}

const Theme& Theme::darkTheme()
{
    static const Theme theme = makeDark();
    return theme;
}

const Theme& Theme::of(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightnessF() < 0.5F ? darkTheme() : light();
}

} // namespace timestep
