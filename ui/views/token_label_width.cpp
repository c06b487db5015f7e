// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/token_label_width.h"

#include "ui/views/fonts.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr int WidestLabel = 10; // letters
constexpr int LabelsMeasured = 1000; // a longer text has a label of the greatest width among them

} // namespace

int widestTokenLabel(const QFontMetrics& metrics)
{
    return WidestLabel * metrics.averageCharWidth();
}

int tokenLabelWidth(int tokens, const std::function<QString(int)>& label, const QFont& font)
{
    const QFontMetrics metrics(boldFont(font));
    const int most = widestTokenLabel(metrics);
    int widest = 0;
    for (int token = 0; token < std::min(tokens, LabelsMeasured) && widest < most; ++token)
        widest = std::max(widest, metrics.horizontalAdvance(label(token)));
    return std::min(widest, most);
}

} // namespace timestep
