// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/window_labels.h"

#include "ui/models/token_label.h"

#include <string_view>

namespace timestep {

QStringList windowLabels(const Run& run)
{
    QStringList labels;
    for (int token = run.window.begin; token < run.window.end; ++token) {
        const Token& place = run.tokens[static_cast<std::size_t>(token)];
        labels.append(
            tokenLabel(std::string_view(run.text).substr(place.begin, place.end - place.begin),
                LeadingSpace::Hidden));
    }
    return labels;
}

} // namespace timestep
