// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_layout.h"
#include "ui/views/steps_picture.h"

#include <QFont>
#include <QString>

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace timestep {

/// A cell that is looked at, and what it has to do with.
struct StepsFocus
{
    StepsSpot spot;
    int operation = -1; // −1: the cell shows several steps
    StepsRelations relations;
};

/// Everything the Steps picture is drawn from.
struct StepsScene
{
    std::shared_ptr<const StepsPicture> picture;
    std::vector<QString> labels; // of row 0's tokens, T or none
    std::vector<QString> tailLabels; // of the columns after them
    StepsLayout layout;
    StepsView view;
    double time = 0; // units
    std::optional<int> pinnedStep;
    std::optional<IndexRange> pinnedRows; // of those the pinned steps are of; none: all
    IndexRange pinnedSteps; // pinnedStep is the last one
    std::optional<int> brokenLink; // of the LSTM: the step whose link to the one before is broken
    std::optional<int> hoveredStep; // also where another pane hovers over its token
    std::optional<StepsFocus> focus; // hovered, or else walked to by key
    std::optional<StepsSpot> keyboardSpot; // has the focus rectangle
    std::array<QString, 2> layerTexts; // which layer of each model; empty: all, or there is one
    bool onPaper = false; // nothing can be scrolled there
    QString note; // noteOfView(), beside the title of the LSTM
    int noteRight = 0; // where it ends

    const StepsModel& model(int index) const { return picture->models[std::size_t(index)]; }
    const StepsStrip& strip(int model, int index) const
    {
        return this->model(model).grid.strips()[std::size_t(index)];
    }
    /// What the pin encloses of a model's cells that show; empty: none of them.
    QRect pinnedRect(int model) const;
    /// Of a step, or of what follows the steps; empty: not known.
    QString label(int step) const;
    /// What is not seen at once, and how to see it; empty: all is.
    QString noteOfView() const;
    StepsLayoutInput layoutInput(const QSize& size, const QFont& font, bool wholeText) const;
};

/// "plan,\nnot measured" or "measured,\na real run": where the picture comes from, in its upper
/// left corner.
QString sourceText(bool measured);
/// "sum", "norm", "update": what follows the steps, in the place of a token.
QString tailLabel(OperationKind kind);
/// The font of token labels.
QFont tokenLabelFont(const QFont& base);
/// A token's label as it stands above the steps: a very long one is cut short.
QString shortLabel(const QString& label);

} // namespace timestep
