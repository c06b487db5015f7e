// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/key_sheet.h"

#include "ui/views/fonts.h"
#include "ui/views/window_keys.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace timestep {

KeySheet::KeySheet(QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("keySheet"));
    setWindowTitle(tr("Keys"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    for (const WindowKey& key : windowKeys()) {
        if (key.shown.isEmpty())
            continue;
        const int row = grid->rowCount();
        auto* keys = new QLabel(key.shown, this);
        keys->setFont(monospaceFont(font()));
        grid->addWidget(keys, row, 0);
        grid->addWidget(new QLabel(key.purpose, this), row, 1);
    }
    auto* note = new QLabel(
        tr("Arrow keys walk the focused picture. Keys without Ctrl act outside text fields."),
        this);
    note->setProperty("role", "caption");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 18, 22, 18);
    layout->setSpacing(14);
    layout->addLayout(grid);
    layout->addWidget(note);
    layout->setSizeConstraint(QLayout::SetFixedSize);
}

} // namespace timestep

#include "moc_key_sheet.cpp"
