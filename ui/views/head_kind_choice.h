// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/head_kind.h"

#include <QWidget>

#include <array>

class QPushButton;

namespace timestep {

class HeadSurvey;

/// The kinds of heads in a line, each with how many heads of it there are; a click chooses the one
/// that has the best score of it.
class HeadKindChoice : public QWidget
{
    Q_OBJECT
public:
    explicit HeadKindChoice(const HeadSurvey& survey, QWidget* parent = nullptr);

    QPushButton& button(HeadKind kind) const;

signals:
    void headChosen(int layer, int head);

private:
    void show(HeadKind kind);
    void showAll();
    void choose(HeadKind kind);
    int headsOf(HeadKind kind) const;

    const HeadSurvey& m_survey;
    std::array<QPushButton*, headKinds.size()> m_buttons;
};

} // namespace timestep
