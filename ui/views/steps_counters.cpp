// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_counters.h"

#include "ui/views/elided_label.h"
#include "ui/views/steps_cell_pixmaps.h"
#include "ui/views/steps_figures.h"
#include "ui/views/theme.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

constexpr double numberScale = 1.9; // of the interface font
constexpr double compactScale = 1.25;
constexpr int shortHeadingsBelow = 48; // lines of text, in width

QFont scaled(QFont font, double factor)
{
    if (font.pixelSize() > 0)
        font.setPixelSize(int(std::lround(font.pixelSize() * factor)));
    else
        font.setPointSizeF(font.pointSizeF() * factor);
    font.setBold(true);
    return font;
}

} // namespace

StepsCounters::StepsCounters(QWidget* parent)
    : QWidget(parent)
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 8, 0, 4);
    grid->setVerticalSpacing(0);
    grid->setHorizontalSpacing(24);
    const int stretches[] = { 0, 2, 3, 0 }; // with what the numbers are made of
    for (int column = 0; column < 4; ++column) {
        m_headings[std::size_t(column)] = new QLabel(this);
        grid->addWidget(m_headings[std::size_t(column)], 0, column + 1);
        grid->setColumnStretch(column + 1, stretches[column]);
    }
    m_headings[1]->setToolTip(
        tr("Cells, a layer at a step each, that must be done one after the other"));
    addRow(0);
    addRow(1);
    fitHeadings();
    applyLook();
}

void StepsCounters::addRow(int model)
{
    const QString name = model == 0 ? tr("LSTM") : tr("Attention");
    Row& row = m_rows[std::size_t(model)];
    auto* grid = static_cast<QGridLayout*>(layout());
    const auto label = [&](int column, const QString& text, const QString& accessibleName) {
        auto* widget = new QLabel(text, this);
        widget->setAccessibleName(accessibleName);
        grid->addWidget(widget, model + 1, column, Qt::AlignLeft | Qt::AlignBaseline);
        return widget;
    };
    row.name = label(0, name, name);
    row.finishedAt = label(1, {}, tr("%1 finished at, in units").arg(name));
    row.chain = label(2, {}, tr("%1 longest chain, in cells").arg(name));
    row.parallelism = label(3, {}, tr("%1 parallelism").arg(name));
    row.idle = label(4, {}, tr("%1 idle workers now").arg(name));
    row.chainParts = new ElidedLabel;
    row.factors = new ElidedLabel;
    addProduct(model, 2, row.chain, row.chainParts);
    addProduct(model, 3, row.parallelism, row.factors);
    row.chain->setObjectName(
        model == 0 ? QStringLiteral("lstmChain") : QStringLiteral("attentionChain"));
    row.chainParts->setObjectName(
        model == 0 ? QStringLiteral("lstmChainParts") : QStringLiteral("attentionChainParts"));
    row.factors->setObjectName(
        model == 0 ? QStringLiteral("lstmFactors") : QStringLiteral("attentionFactors"));
    row.finishedAt->setObjectName(
        model == 0 ? QStringLiteral("lstmFinishedAt") : QStringLiteral("attentionFinishedAt"));
    row.parallelism->setObjectName(
        model == 0 ? QStringLiteral("lstmParallelism") : QStringLiteral("attentionParallelism"));
    row.idle->setObjectName(
        model == 0 ? QStringLiteral("lstmIdle") : QStringLiteral("attentionIdle"));
}

/// A number, and beside it what it is made of.
void StepsCounters::addProduct(int model, int column, QLabel* number, ElidedLabel* rest)
{
    auto* product = new QHBoxLayout;
    product->setSpacing(8);
    product->addWidget(number);
    product->addWidget(rest, 1);
    static_cast<QGridLayout*>(layout())->addLayout(product, model + 1, column);
}

void StepsCounters::setPicture(std::shared_ptr<const StepsPicture> picture)
{
    m_picture = std::move(picture);
    for (std::size_t model = 0; model < 2; ++model) {
        Row& row = m_rows[model];
        if (!m_picture) {
            for (QLabel* label : { row.finishedAt, row.chain, row.parallelism, row.idle })
                label->setText(QStringLiteral("–"));
            row.chainParts->setFullText({});
            row.factors->setFullText({});
            continue;
        }
        const PlannedModel& planned
            = model == 0 ? m_picture->pair->lstm : m_picture->pair->attention;
        row.finishedAt->setText(unitsNumber(m_picture->models[model].times.finishedAt()));
        row.parallelism->setText(ratioNumber(planned.summary.parallelism));
        showChain(row, planned);
        showFactors(row, planned);
    }
    updateIdle();
}

/// "= 24 steps + 2 layers − 1": what length and depth make of it, where they do.
void StepsCounters::showChain(Row& row, const PlannedModel& model)
{
    row.chain->setText(countNumber(model.chain));
    const PlanShape& shape = model.plan.shape();
    const bool lstm = shape.kind == ModelKind::Lstm;
    const bool parted = shape.brokenLink > 0 && !shape.beingWritten;
    const int inSequence
        = parted ? std::max(shape.brokenLink, shape.steps - shape.brokenLink) : shape.steps;
    const int there = shape.beingWritten ? shape.steps * shape.layers
        : lstm                           ? inSequence + shape.layers - 1
                                         : shape.layers;
    const QString steps = parted
        ? tr("%1 of %2 steps").arg(countNumber(inSequence), countNumber(shape.steps))
        : shape.steps == 1 ? tr("1 step")
                           : tr("%1 steps").arg(countNumber(shape.steps));
    const QString layers
        = shape.layers == 1 ? tr("1 layer") : tr("%1 layers").arg(countNumber(shape.layers));
    QString parts = shape.beingWritten ? tr("%1 × %2").arg(steps, layers)
        : !lstm                        ? layers
        : shape.layers > 1             ? tr("%1 + %2 − 1").arg(steps, layers)
                                       : steps;
    if (shape.training)
        parts = tr("%1, there and back").arg(parts);
    const bool explained = model.chain == there * (shape.training ? 2 : 1);
    row.chainParts->setFullText(explained ? tr("= %1").arg(parts) : QString());
    row.chainParts->setDetail({});
}

/// "4 sub-batches × 1.9 time": what is 1 brings nothing and is left out, unless all are. Where the
/// sub-batches are not alike, the largest is what the others are counted in.
void StepsCounters::showFactors(Row& row, const PlannedModel& model)
{
    const ParallelismFactors& factors = model.parallelism;
    const int subBatches = model.plan.cut().subBatches;
    const int rows = m_picture->pair->rows;
    const int largest = (rows + subBatches - 1) / subBatches;
    const bool alike = rows % subBatches == 0;
    QStringList parts, whole;
    const auto add = [&](double factor, const QString& name, const QString& longName) {
        whole << tr("%1 %2").arg(ratioNumber(factor), longName);
        if (std::abs(factor - 1) > 0.005)
            parts << tr("%1 %2").arg(ratioNumber(factor), name);
    };
    add(factors.rows, alike ? tr("sub-batches") : tr("sub-batches of %1 rows").arg(largest),
        alike ? tr("across rows (sub-batches)")
              : tr("across rows (the largest of %1 sub-batches has %2 of %3 rows)")
                    .arg(countNumber(subBatches), countNumber(largest), countNumber(rows)));
    add(factors.time, tr("time"), tr("across time"));
    add(factors.step, tr("in a step"), tr("within a step (hidden units or heads)"));
    row.factors->setFullText(
        parts.isEmpty() ? tr("one chain") : tr("= %1").arg(parts.join(tr(" × "))));
    row.factors->setDetail(tr("work that may be done at once: %1").arg(whole.join(tr(" × "))));
}

void StepsCounters::setCompact(bool compact)
{
    if (compact == m_compact)
        return;
    m_compact = compact;
    applyLook();
}

void StepsCounters::setTime(double units)
{
    m_time = units;
    updateIdle();
}

void StepsCounters::updateIdle()
{
    if (!m_picture)
        return;
    const int workers = m_picture->pair->workers;
    for (std::size_t model = 0; model < 2; ++model) {
        const int idle = workers - m_picture->models[model].times.running(m_time);
        m_rows[model].idle->setText(tr("%1 of %2").arg(countNumber(idle), countNumber(workers)));
    }
}

void StepsCounters::applyLook()
{
    const Theme& theme = Theme::of(palette());
    m_applyingLook = true;
    const auto color = [](QLabel* label, const QColor& text) {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText, text);
        label->setPalette(palette);
    };
    for (QLabel* heading : m_headings)
        color(heading, theme.secondaryText);
    for (const Row& row : m_rows) {
        color(row.factors, theme.secondaryText);
        color(row.chainParts, theme.secondaryText);
    }
    for (int model = 0; model < 2; ++model) {
        const Row& row = m_rows[std::size_t(model)];
        row.name->setFont(scaled(font(), 1.0));
        for (QLabel* number : { row.finishedAt, row.chain, row.parallelism, row.idle })
            number->setFont(scaled(font(), m_compact ? compactScale : numberScale));
        for (QLabel* label : { row.name, row.finishedAt, row.chain, row.parallelism, row.idle })
            color(label, modelColors(theme, model).text);
    }
    m_applyingLook = false;
}

void StepsCounters::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    const bool look = event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange;
    if (look && !m_applyingLook)
        applyLook();
}

void StepsCounters::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitHeadings();
}

/// Where there is little room, what goes without saying is not said.
void StepsCounters::fitHeadings()
{
    const bool narrow = width() < shortHeadingsBelow * fontMetrics().height();
    const QString full[] = { tr("finished at (units)"), tr("longest chain (cells)"),
        tr("parallelism = work ÷ span"), tr("idle workers now") };
    const QString brief[]
        = { tr("finished at"), tr("longest chain"), tr("parallelism"), tr("idle workers") };
    for (std::size_t column = 0; column < m_headings.size(); ++column)
        m_headings[column]->setText(narrow ? brief[column] : full[column]);
    static_cast<QGridLayout*>(layout())->setHorizontalSpacing(narrow ? 12 : 24);
}

void StepsCounters::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(Theme::of(palette()).border);
    painter.drawLine(0, 0, width() - 12, 0);
}

} // namespace timestep
