// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/number_text.h"

#include <QCoreApplication>

#include <iterator>

namespace timestep {

namespace {

struct Number
{
    Q_DECLARE_TR_FUNCTIONS(NumberText)
};

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

} // namespace timestep
