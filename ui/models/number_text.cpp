// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/number_text.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace timestep {

namespace {

struct Number
{
    Q_DECLARE_TR_FUNCTIONS(NumberText)
};

constexpr double MsOfSecond = 1000;

QString significantText(double value, int digits)
{
    const double rounded = value * (1 + 0.5 * std::pow(10, -digits)); // 9.996 has two digits before
    const int before = value > 0 ? 1 + int(std::floor(std::log10(rounded))) : 1;
    return numberLocale().toString(value, 'f', std::max(0, digits - before));
}

/// Whether it is told in seconds: from 1,000 ms on, and what rounds to that.
bool inSeconds(double milliseconds, int digits)
{
    const double step = std::pow(10, std::min(0, 3 - digits)); // of the last digit below a second
    return milliseconds >= MsOfSecond - step / 2;
}

QString withUnit(const QString& number, bool seconds)
{
    return (seconds ? Number::tr("%1 s") : Number::tr("%1 ms")).arg(number);
}

} // namespace

const QLocale& numberLocale()
{
    static const QLocale english(QLocale::English, QLocale::UnitedStates);
    return english;
}

QString countNumber(qint64 count) { return numberLocale().toString(count); }

QString rowsText(int rows)
{
    return rows == 1 ? Number::tr("1 row") : Number::tr("%1 rows").arg(countNumber(rows));
}

QString threadsText(int threads)
{
    return threads == 1 ? Number::tr("1 thread") : Number::tr("%1 threads").arg(threads);
}

QString durationText(double milliseconds, int digits)
{
    const bool seconds = inSeconds(milliseconds, digits);
    return withUnit(
        significantText(seconds ? milliseconds / MsOfSecond : milliseconds, digits), seconds);
}

QString durationRangeText(double shorter, double longer, int digits, const QString& between)
{
    const bool seconds = inSeconds(longer, digits);
    const double unit = seconds ? MsOfSecond : 1;
    return withUnit(
        significantText(shorter / unit, digits) + between + significantText(longer / unit, digits),
        seconds);
}

QString bytesText(double bytes)
{
    static const QString units[] = { QStringLiteral("B"), QStringLiteral("kB"),
        QStringLiteral("MB"), QStringLiteral("GB"), QStringLiteral("TB") };
    constexpr double RoundsTo1000 = 999.5;
    std::size_t unit = 0;
    for (; bytes >= RoundsTo1000 && unit + 1 < std::size(units); ++unit)
        bytes /= 1000;
    const int decimals = unit == 0 || bytes >= 99.95 ? 0 : bytes >= 9.995 ? 1 : 2;
    QString digits = numberLocale().toString(bytes, 'f', decimals);
    if (decimals > 0)
        while (digits.endsWith(u'0') || digits.endsWith(u'.')) {
            const bool point = digits.endsWith(u'.');
            digits.chop(1);
            if (point)
                break;
        }
    return QStringLiteral("%1 %2").arg(digits, units[unit]);
}

QString withUnbrokenQuantities(QString text)
{
    static const QRegularExpression quantity(
        QStringLiteral("(\\d) (?=(?:ns|µs|ms|s|bytes|kB|MB|GB|bits?|units?)\\b|%)"),
        QRegularExpression::UseUnicodePropertiesOption);
    return text.replace(quantity, QStringLiteral("\\1\u00a0"));
}

} // namespace timestep
