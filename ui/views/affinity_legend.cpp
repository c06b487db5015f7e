// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_legend.h"

#include "ui/views/attention_sentence.h"
#include "ui/views/theme.h"

#include <QPainter>

#include <algorithm>

namespace timestep {

namespace {

constexpr int BarHeight = 10;

} // namespace

AffinityLegend::AffinityLegend(QWidget* parent)
    : QWidget(parent)
    , m_picture(std::make_shared<AffinityPicture>())
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("Colour scale"));
}

void AffinityLegend::setPicture(AffinityPicturePointer picture)
{
    m_picture = std::move(picture);
    setAccessibleDescription(
        tr("%1, from %2 to %3")
            .arg(quantityText(*m_picture), leftEndText(*m_picture), fullColorText(*m_picture)));
    update();
}

QSize AffinityLegend::sizeHint() const { return { 240, BarHeight + 4 + fontMetrics().height() }; }

QString AffinityLegend::quantityText(const AffinityPicture& picture)
{
    return picture.scores ? tr("0, q·k ÷ √d") : tr("share copied");
}

QString AffinityLegend::leftEndText(const AffinityPicture& picture)
{
    if (!picture.scores)
        return QStringLiteral("0");
    const float full = picture.scores->farthest();
    const bool less = (picture.scores->of(picture.stage).array() < -full).any();
    return less ? tr("%1 and less").arg(scoreText(-full)) : scoreText(-full);
}

QString AffinityLegend::fullColorText(const AffinityPicture& picture)
{
    if (picture.scores) {
        const float full = picture.scores->farthest();
        const bool more = (picture.scores->of(picture.stage).array() > full).any();
        return more ? tr("%1 and more").arg(scoreText(full)) : scoreText(full);
    }
    switch (picture.shading) {
    case AffinityShading::Whole:
        return QStringLiteral("1");
    case AffinityShading::Row:
        return tr("largest of the row");
    case AffinityShading::Head:
        break;
    }
    if (picture.tokens() == 0)
        return QStringLiteral("1");
    const QString full = shareText(picture.fullColor.front());
    const std::vector<float>& largest = picture.statistics->largest;
    const bool some = *std::max_element(largest.begin(), largest.end()) > picture.fullColor.front();
    return some ? tr("%1 and more").arg(full) : full;
}

void AffinityLegend::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(palette());
    const ColorScale& colors
        = m_picture->scores ? ColorScale::signedBlue(theme.dark) : ColorScale::blue(theme.dark);
    QPainter painter(this);
    const QRect bar(0, 0, width() - 1, BarHeight);
    for (int x = 0; x < bar.width(); ++x)
        painter.fillRect(
            QRect(x, 0, 1, bar.height()), QColor(colors.at(x / double(bar.width() - 1))));
    painter.setPen(theme.border);
    painter.drawRect(bar);
    painter.setPen(theme.secondaryText);
    const QRect text(0, BarHeight + 4, width(), fontMetrics().height());
    painter.drawText(text, Qt::AlignLeft, leftEndText(*m_picture));
    painter.drawText(text, Qt::AlignHCenter, quantityText(*m_picture));
    painter.drawText(text, Qt::AlignRight, fullColorText(*m_picture));
}

} // namespace timestep

#include "moc_affinity_legend.cpp"
