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
    return kind == OperationKind::InputHalf || kind == OperationKind::KeysValues;
}

} // namespace

QString planText() { return tr("plan,\nnot measured"); }

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
                      countNumber(layout.lastStep(last) + 1), countNumber(picture->steps()));
        const bool away
            = layout.pinDetached(view) && (view.pinnedColumn < first || view.pinnedColumn > last);
        parts.append(away
                ? tr("%1 and the pinned token %2").arg(tokens, countNumber(*pinnedStep + 1))
                : tokens);
    }
    if (layout.lastFirstSubBatch() > 0) {
        const int first = layout.firstShown(0, view);
        parts.append(tr("sub-batches %1–%2 of %3")
                         .arg(countNumber(first + 1), countNumber(first + layout.shown(0)),
                             countNumber(picture->models[0].grid.subBatches())));
    }
    const QString text = parts.join(tr(" · "));
    const bool scrolls = layout.lastScrollX() > 0 || layout.lastFirstSubBatch() > 0;
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
    for (const QString& label : labels)
        input.tokenLabelWidth
            = std::max(input.tokenLabelWidth, tokenMetrics.horizontalAdvance(shortLabel(label)));
    if (!picture)
        return input;
    input.steps = picture->steps();
    QFont title = font;
    title.setBold(true);
    const QSize source = QFontMetrics(smallFont(font)).size(0, planText());
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
