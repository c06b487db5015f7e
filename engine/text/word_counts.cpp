// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/word_counts.h"

#include "engine/text/pre_tokenizer.h"

#include <cstddef>
#include <unordered_map>

namespace timestep {

std::optional<std::vector<WordCount>> countWords(
    const std::vector<std::string_view>& documents, const std::stop_token& stop)
{
    std::vector<WordCount> counts;
    std::unordered_map<std::string_view, std::size_t> indices;
    for (const std::string_view document : documents) {
        forEachPreToken(document, [&](const PreToken& preToken) {
            if (preToken.isText) {
                const std::string_view word
                    = document.substr(preToken.begin, preToken.end - preToken.begin);
                const auto [place, isNew] = indices.emplace(word, counts.size());
                if (isNew)
                    counts.push_back({ word, 0 });
                ++counts[place->second].count;
            }
            return !stop.stop_requested();
        });
        if (stop.stop_requested())
            return std::nullopt;
    }
    return counts;
}

} // namespace timestep
