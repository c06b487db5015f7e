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

/// "46.1 kB": three significant digits, in units of 1,000.
QString bytesText(double bytes);

} // namespace timestep
