// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace timestep {

/// Columns as wide as their texts, scrolled where they do not fit; what reaches beyond the right
/// edge ends in "…" there, so that a picture of the table never cuts a number short unmarked.
class SweepTable : public QTableView
{
    Q_OBJECT
public:
    explicit SweepTable(QAbstractItemModel& model, QWidget* parent = nullptr);

    void setForPicture(bool forPicture); // high enough for all lines
};

} // namespace timestep
