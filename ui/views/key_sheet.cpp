// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/key_sheet.h"

#include "ui/views/fonts.h"
#include "ui/views/window_keys.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace timestep {

KeySheet::KeySheet(QWidget* parent)
    : QFrame(parent)
{
    setObjectName(QStringLiteral("keySheet"));
    setAccessibleName(tr("Keys"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    for (const WindowKey& key : windowKeys()) {
        if (key.shown.isEmpty())
            continue;
        const int row = grid->rowCount();
        auto* keys = new QLabel(key.shown, this);
        m_keys << keys;
        grid->addWidget(keys, row, 0);
        grid->addWidget(new QLabel(key.purpose, this), row, 1);
    }
    auto* title = new QLabel(tr("Keys"), this);
    title->setProperty("role", "heading");
    auto* note = new QLabel(
        tr("Arrow keys walk the focused picture, Ctrl+Home and Ctrl+End to the ends of a row.\n"
           "In LSTM, Shift with the arrows brushes tokens, as a drag does; 0 shows all of them.\n"
           "Keys without Ctrl act outside text fields."),
        this);
    note->setProperty("role", "caption");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 16, 22, 16);
    layout->setSpacing(10);
    layout->addWidget(title);
    layout->addLayout(grid);
    layout->addWidget(note);
    updateFonts();
    hide();
}

void KeySheet::toggle()
{
    if (isVisible())
        return hide();
    adjustSize();
    move(parentWidget()->rect().center() - rect().center());
    raise();
    show();
}

void KeySheet::mousePressEvent(QMouseEvent*) { hide(); }

void KeySheet::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateFonts();
}

void KeySheet::updateFonts()
{
    for (QWidget* keys : m_keys)
        keys->setFont(monospaceFont(font()));
}

} // namespace timestep

#include "moc_key_sheet.cpp"
