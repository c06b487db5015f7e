// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>

namespace timestep {

/// The program's texts are English, whatever the machine's number format; so are its numbers.
const QLocale& numberLocale();

/// "1,000".
QString countNumber(qint64 count);

QString rowsText(int rows); // "1 row" | "32 rows"
QString threadsText(int threads); // "1 thread" | "2 threads"

/// "0.0742 ms", "35.8 ms", and from a second on "74.6 s", "1,235 s": so many significant digits,
/// but every whole number.
QString durationText(double milliseconds, int digits);

/// "4.50 to 6.00 ms": two times in the unit of the longer one, `between` them.
QString durationRangeText(
    double shorter, double longer, int digits, const QString& between = QStringLiteral(" to "));

/// The same with no line break between a number and its unit: for text that is wrapped.
QString withUnbrokenQuantities(QString text);

/// "46.1 kB": three significant digits, in units of 1,000.
QString bytesText(double bytes);

} // namespace timestep
