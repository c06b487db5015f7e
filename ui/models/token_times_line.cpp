// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/token_times_line.h"

#include "engine/measurement/statistics.h"
#include "ui/models/number_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace timestep {

namespace {

struct Line
{
    Q_DECLARE_TR_FUNCTIONS(TokenTimes)
};

QString milli(double milliseconds)
{
    const int decimals = milliseconds < 0.1 ? 3 : milliseconds < 10 ? 2 : 1;
    return numberLocale().toString(milliseconds, 'f', decimals);
}

} // namespace

QString tokenTimeText(const std::vector<double>& milliseconds)
{
    return Line::tr("%1 ms a token").arg(tokenTimeNumber(milliseconds));
}

QString tokenTimeNumber(const std::vector<double>& milliseconds)
{
    return milli(quantile(milliseconds, 0.5));
}

QString tokenTimeDetail(const std::vector<double>& milliseconds)
{
    const auto [least, most] = std::minmax_element(milliseconds.begin(), milliseconds.end());
    const QString spread = milliseconds.size() == 1
        ? Line::tr("1 token, measured")
        : Line::tr("median of %1 tokens, each measured: %2 to %3 ms")
              .arg(countNumber(static_cast<qint64>(milliseconds.size())), milli(*least),
                  milli(*most));
    return Line::tr("%1 (%2). From embedding to logits, on one thread, both models in turns.")
        .arg(tokenTimeText(milliseconds), spread);
}

} // namespace timestep
