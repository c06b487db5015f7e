// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_verdict.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;

namespace timestep {

/// The claims of the argument, each with a mark, its answer and what that rests on: a line each, or
/// large and in full.
class RaceVerdictPanel : public QWidget
{
    Q_OBJECT
public:
    enum class Size
    {
        Lines,
        Full,
    };

    explicit RaceVerdictPanel(Size size, QWidget* parent = nullptr);

    void setLines(const std::vector<VerdictLine>& lines);
    QString text() const; // all lines, for people who hear them

private:
    struct Row
    {
        QLabel* mark;
        QLabel* claim;
        QLabel* answer;
        QLabel* figures;
    };

    void addRow();
    void addLine(const Row& row);
    void addParagraph(const Row& row);

    Size m_size;
    QGridLayout* m_grid;
    std::vector<Row> m_rows;
};

/// "✓ 32 rows, 2 threads: both are parallel (LSTM × 1.94, attention × 1.91)"
QString verdictText(const VerdictLine& line);

} // namespace timestep
