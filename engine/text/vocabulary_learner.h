// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/vocabulary.h"

#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

namespace timestep {

/// Learns `merges` merges from the documents: the most frequent pair first, ties to the pair whose
/// left, then right piece comes first by bytes, so the result depends on nothing but the input.
/// A pair that would make a piece known already is passed over, so each merge makes a new piece.
/// Ids: the 256 byte symbols in GPT-2's order, the merges in order, then <|endoftext|>.
/// Returns null when stopped; throws Error where the documents hold fewer pairs than merges.
std::shared_ptr<const Vocabulary> learnVocabulary(
    const std::vector<std::string_view>& documents, int merges, const std::stop_token& stop);

} // namespace timestep
