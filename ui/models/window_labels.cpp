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

QString windowText(const Run& run, IndexRange steps)
{
    if (steps.count() <= 0)
        return {};
    const auto token = [&run](int step) -> const Token& {
        return run.tokens[static_cast<std::size_t>(run.window.begin + step)];
    };
    const std::size_t begin = token(steps.begin).begin;
    std::string_view bytes
        = std::string_view(run.text).substr(begin, token(steps.end - 1).end - begin);
    QStringList words; // as many as there are spaces, and one more
    while (true) {
        const std::size_t space = bytes.find(' ');
        words.append(tokenLabel(bytes.substr(0, space)));
        if (space == std::string_view::npos)
            return words.join(u' ').trimmed();
        bytes.remove_prefix(space + 1);
    }
}

} // namespace timestep
