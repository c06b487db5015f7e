// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_scene.h"

#include "ui/views/fonts.h"
#include "ui/views/steps_figures.h"
#include "ui/views/steps_statement.h"

#include <QCoreApplication>
#include <QFontDatabase>
#include <QFontMetrics>

#include <algorithm>

namespace timestep {

namespace {

constexpr int longestLabel = 14; // characters

QString tr(const char* text) { return QCoreApplication::translate("Steps", text); }

bool isThin(OperationKind kind)
{
    return kind == OperationKind::InputHalf || kind == OperationKind::KeysValues
        || kind == OperationKind::InputBackward || kind == OperationKind::WeightGradients;
}

} // namespace

QString tailLabel(OperationKind kind)
{
    return kind == OperationKind::Reduction   ? tr("sum")
        : kind == OperationKind::GradientNorm ? tr("norm")
                                              : tr("update");
}

QString sourceText(bool measured)
{
    return measured ? tr("measured,\na real run") : tr("plan,\nnot measured");
}

QFont tokenLabelFont(const QFont& base)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (base.pixelSize() > 0)
        font.setPixelSize(base.pixelSize());
    else
        font.setPointSizeF(base.pointSizeF());
    return font;
}

QString shortLabel(const QString& label)
{
    return label.size() <= longestLabel ? label : label.left(longestLabel - 1) + QChar(u'…');
}

QString StepsScene::label(int step) const
{
    const int steps = picture->steps();
    const auto& known = step < steps ? labels : tailLabels;
    const auto index = std::size_t(step < steps ? step : step - steps);
    return index < known.size() ? known[index] : QString();
}

QRect StepsScene::pinnedRect(int model) const
{
    if (!pinnedStep || layout.columnOf(*pinnedStep) >= layout.columns())
        return {};
    const int last = layout.columnOf(*pinnedStep);
    const int right = layout.columnLeft(last, view) + layout.cellWidth();
    // Where the last step stands at an edge by itself, the steps before it are out of sight.
    const int first = layout.pinDetached(view)
        ? last
        : std::clamp(layout.columnOf(pinnedSteps.begin),
            std::min(last, layout.visibleColumns(view).first), last);
    const int left = layout.columnLeft(first, view);
    const QRect strips = layout.stripsRect(model);
    if (!pinnedRows)
        return { left, strips.top(), right - left, strips.height() };
    QRect pinned;
    const auto all = this->model(model).grid.strips();
    for (int i = 0; i < int(all.size()); ++i) {
        const IndexRange rows = all[std::size_t(i)].rows;
        if (rows.begin < pinnedRows->end && pinnedRows->begin < rows.end
            && layout.stripShows(model, i, view))
            pinned
                |= QRect(left, layout.stripTop(model, i, view), right - left, layout.cellHeight());
    }
    return pinned;
}

QString StepsScene::noteOfView() const
{
    if (!picture || layout.columns() == 0)
        return {};
    QStringList parts;
    if (layout.stepsPerCell() > 1)
        parts.append(tr("cells show %1 steps each").arg(countNumber(layout.stepsPerCell())));
    if (layout.lastScrollX() > 0) {
        const auto [first, last] = layout.visibleColumns(view);
        const QString tokens
            = tr("tokens %1–%2 of %3")
                  .arg(countNumber(layout.firstStep(first) + 1),
                      countNumber(std::min(layout.lastStep(last) + 1, picture->steps())),
                      countNumber(picture->steps()));
        const bool away
            = layout.pinDetached(view) && (view.pinnedColumn < first || view.pinnedColumn > last);
        parts.append(away
                ? tr("%1 and the pinned token %2").arg(tokens, countNumber(*pinnedStep + 1))
                : tokens);
    }
    if (layout.lastFirstSubBatch() > 0) {
        const int first = layout.firstShown(0, view);
        const QString all = countNumber(picture->models[0].grid.subBatches());
        parts.append(layout.shown(0) == 1
                ? tr("sub-batch %1 of %2").arg(countNumber(first + 1), all)
                : tr("sub-batches %1–%2 of %3")
                      .arg(countNumber(first + 1), countNumber(first + layout.shown(0)), all));
    }
    const QString text = parts.join(tr(" · "));
    const bool scrolls = !onPaper && (layout.lastScrollX() > 0 || layout.lastFirstSubBatch() > 0);
    return scrolls ? tr("%1: scroll").arg(text) : text;
}

StepsLayoutInput StepsScene::layoutInput(const QSize& size, const QFont& font, bool wholeText) const
{
    const QFontMetrics metrics(font);
    QFont boldToken = tokenLabelFont(font);
    boldToken.setBold(true);
    const QFontMetrics tokenMetrics(boldToken);
    StepsLayoutInput input;
    input.size = size;
    input.wholeText = wholeText;
    input.lineHeight = metrics.height();
    input.tokenLabelWidth = 0;
    for (const auto* known : { &labels, &tailLabels }) {
        for (const QString& label : *known)
            input.tokenLabelWidth = std::max(
                input.tokenLabelWidth, tokenMetrics.horizontalAdvance(shortLabel(label)));
    }
    if (!picture)
        return input;
    input.steps = picture->steps();
    input.tails = int(picture->models[0].grid.tails().size());
    QFont title = font;
    title.setBold(true);
    const QSize source = QFontMetrics(smallFont(font)).size(0, sourceText(false));
    input.rowLabelWidth
        = std::max(QFontMetrics(title).horizontalAdvance(tr("Attention")), source.width());
    input.cornerHeight = source.height();
    bool layered = false;
    for (std::size_t index = 0; index < 2; ++index) {
        const StepsGrid& grid = picture->models[index].grid;
        StepsStrips& strips = input.models[index];
        strips.subBatches = grid.subBatches();
        layered = layered || grid.layers() > 1;
        for (int layer = 0; layer < grid.layers(); ++layer) {
            strips.layers.emplace_back();
            for (const StepsTier& tier : grid.strips()[std::size_t(layer)].tiers)
                strips.layers.back().push_back({ tier.parts, isThin(tier.kind) });
        }
        for (const StepsTier& tail : grid.strips().front().tails)
            strips.tailParts.push_back(tail.parts);
        for (const StepsStrip& strip : grid.strips())
            input.rowLabelWidth
                = std::max(input.rowLabelWidth, metrics.horizontalAdvance(rowsText(strip.rows)));
    }
    if (layered)
        input.rowLabelWidth += metrics.horizontalAdvance(layerText(0)) + metrics.height() / 2;
    input.rowLabelWidth += metrics.height();
    return input;
}

} // namespace timestep
