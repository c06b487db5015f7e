// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/style_sheet.h"

#include "ui/views/icon.h"

#include <QFile>
#include <QRegularExpression>

#include <algorithm>
#include <utility>
#include <vector>

namespace timestep {

namespace {

QString withColors(QString sheet, const Theme& theme)
{
    // Longer names first: @button is the beginning of @buttonText.
    const std::vector<std::pair<QString, QColor>> colors = {
        { QStringLiteral("@buttonText"), theme.buttonText },
        { QStringLiteral("@buttonHover"),
            theme.dark ? theme.button.darker(112) : theme.button.lighter(160) },
        { QStringLiteral("@focusOnButton"), theme.bracket },
        { QStringLiteral("@button"), theme.button },
        { QStringLiteral("@tooltipText"), theme.tooltipText },
        { QStringLiteral("@tooltip"), theme.tooltip },
        { QStringLiteral("@window"), theme.window },
        { QStringLiteral("@panel"), theme.panel },
        { QStringLiteral("@field"), theme.field },
        { QStringLiteral("@border"), theme.border },
        { QStringLiteral("@secondary"), theme.secondaryText },
        { QStringLiteral("@text"), theme.text },
    };
    for (const auto& [name, color] : colors)
        sheet.replace(name, color.name());
    return sheet;
}

QString scaled(const QString& sheet, double scale)
{
    static const QRegularExpression size(QStringLiteral("(border-radius: )?(-?\\d+)px"));
    QString result;
    qsizetype end = 0;
    for (auto matches = size.globalMatch(sheet); matches.hasNext();) {
        const auto match = matches.next();
        const bool radius = match.hasCaptured(1);
        const int pixels = match.captured(2).toInt();
        // A radius of more than half a side is none at all to Qt: round handles would be squares.
        const int whole = radius ? int(pixels * scale) : qRound(pixels * scale);
        result += sheet.mid(end, match.capturedStart() - end) + match.captured(1)
            + QString::number(std::abs(pixels) <= 1 ? pixels : whole) + QStringLiteral("px");
        end = match.capturedEnd();
    }
    return result + sheet.mid(end);
}

} // namespace

QString styleSheet(const Theme& theme, double scale)
{
    registerWindowResources();
    QFile file(QStringLiteral(":/style/window.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    // A style sheet takes pictures by address only, so there is one of each for each theme.
    for (const char* picture : { "check", "down" }) {
        sheet.replace(QLatin1Char('@') + QLatin1String(picture),
            QStringLiteral(":/icons/%1-%2.svg")
                .arg(QLatin1String(picture),
                    theme.dark ? QLatin1String("dark") : QLatin1String("light")));
    }
    return scaled(withColors(sheet, theme), scale);
}

} // namespace timestep
