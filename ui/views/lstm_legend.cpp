// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_legend.h"

#include "ui/views/fonts.h"
#include "ui/views/lstm_image.h"
#include "ui/views/theme.h"

#include <QPainter>

#include <utility>

namespace timestep {

namespace {

constexpr int BarHeight = 9;
constexpr int Gap = 3;

int blockHeight(const QFontMetrics& metrics) { return BarHeight + Gap + metrics.height() + Gap; }

} // namespace

LstmLegend::LstmLegend(QWidget* parent)
    : QWidget(parent)
    , m_picture(std::make_shared<LstmPicture>())
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("Colour scales"));
}

void LstmLegend::setPicture(LstmPicturePointer picture)
{
    m_picture = std::move(picture);
    setAccessibleDescription(tr("gates from 0 to 1; %1").arg(signedText(*m_picture)));
    update();
}

QSize LstmLegend::sizeHint() const
{
    return { 240, 2 * blockHeight(QFontMetrics(smallFont(font()))) };
}

QString LstmLegend::signedText(const LstmPicture& picture)
{
    QStringList parts;
    for (const LstmQuantity quantity : lstmQuantities) {
        if (!isSigned(quantity))
            continue;
        const QString full = QString::number(double(picture.fullColorOf(quantity)), 'g', 2);
        const bool more = picture.exceeded[static_cast<std::size_t>(quantity)];
        parts.append((more ? tr("%1 ±%2 and more") : tr("%1 ±%2")).arg(lstmLetter(quantity), full));
    }
    return parts.join(QStringLiteral(", "));
}

void LstmLegend::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(palette());
    QPainter painter(this);
    painter.setFont(smallFont(font()));
    const QFontMetrics metrics(painter.font());
    const auto paint = [&](int top, const ColorScale& colors) {
        const QRect bar(0, top, width() - 1, BarHeight);
        for (int x = 0; x < bar.width(); ++x)
            painter.fillRect(
                QRect(x, top, 1, BarHeight), QColor(colors.at(x / double(bar.width() - 1))));
        painter.setPen(theme.border);
        painter.drawRect(bar);
        painter.setPen(theme.secondaryText);
        return QRect(0, top + BarHeight + Gap, width(), metrics.height());
    };
    QRect text = paint(0, lstmColors(LstmQuantity::Forget, theme.dark));
    painter.drawText(text, Qt::AlignLeft, QStringLiteral("0"));
    painter.drawText(text, Qt::AlignHCenter, tr("gates i, f, o"));
    painter.drawText(text, Qt::AlignRight, QStringLiteral("1"));
    text = paint(blockHeight(metrics), lstmColors(LstmQuantity::Cell, theme.dark));
    painter.drawText(text, Qt::AlignHCenter, signedText(*m_picture));
    const int beside = (text.width() - metrics.horizontalAdvance(signedText(*m_picture))) / 2;
    if (beside < 2 * metrics.horizontalAdvance(u'+'))
        return; // the numbers have their signs too
    painter.drawText(text, Qt::AlignLeft, QStringLiteral("−"));
    painter.drawText(text, Qt::AlignRight, QStringLiteral("+"));
}

} // namespace timestep

#include "moc_lstm_legend.cpp"
