// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/document_sequence.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace timestep {

/// One pass over a corpus: the documents in a random order, read as one sequence with a separator
/// between two of them and cut into windows of T + 1 tokens, each beginning with the last token of
/// the one before it; then the windows in a random order, so that the rows of a batch tell of
/// different documents. Where the first window begins is random, too, so that even a corpus of one
/// document is cut at other places in every epoch.
class TextEpoch
{
public:
    /// Windows of an epoch, as many in each: one fewer than there is room for (but not 0), so that
    /// there are T tokens to shift them by. Fewer than 2 T tokens are left out, others in each
    /// epoch. 0 where the corpus has fewer than T + 1 tokens.
    static std::size_t windows(const TokenDocuments& documents, int steps);

    /// The epoch that follows from the seed and its number. `windows` must not be 0.
    TextEpoch(std::shared_ptr<const TokenDocuments> documents, int steps, std::uint64_t seed,
        std::uint64_t number);

    /// The T + 1 tokens of a window in the order of reading.
    void copyWindow(std::size_t window, std::span<TokenId> tokens) const;

private:
    std::size_t m_steps; // T
    std::optional<DocumentSequence> m_sequence; // in the order of the epoch
    std::size_t m_shift = 0; // where the first window begins
    std::vector<std::uint32_t> m_windowOrder;
};

} // namespace timestep
