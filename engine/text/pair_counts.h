// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/token.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace timestep {

using PiecePair = std::pair<TokenId, TokenId>;

/// How often two pieces are neighbours, in which words, and which pair is the most frequent, kept
/// up to date while words change, so that no merge has to count the corpus anew.
class PairCounts
{
public:
    /// `comesBefore` decides between pairs of equal count: a strict total order.
    explicit PairCounts(std::function<bool(PiecePair, PiecePair)> comesBefore);

    /// `change` more (or, negative, fewer) occurrences, in the word of this index.
    void add(PiecePair pair, std::int64_t change, std::size_t word);

    /// The most frequent pair, where any pair is left. It is not handed out again unless its count
    /// grows.
    std::optional<PiecePair> takeMostFrequent();

    /// All words that hold the pair, ascending, among them perhaps some that no longer do.
    std::vector<std::size_t> words(PiecePair pair) const;

private:
    struct Use
    {
        std::int64_t count = 0;
        std::vector<std::size_t> words; // where it was added, perhaps twice
        bool hasGrown = false; // since the queue was last looked at
    };

    struct Candidate
    {
        std::int64_t count = 0; // when it was put into the queue
        PiecePair pair;
    };

    struct PairHash
    {
        std::size_t operator()(PiecePair pair) const
        {
            const auto key = (static_cast<std::uint64_t>(pair.first) << 32U)
                | static_cast<std::uint32_t>(pair.second);
            return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> 16U);
        }
    };

    void queueGrown();
    void push(const Candidate& candidate);
    Candidate pop();

    std::function<bool(const Candidate&, const Candidate&)> m_isLess;
    std::unordered_map<PiecePair, Use, PairHash> m_uses;
    std::vector<PiecePair> m_grown;
    // A heap. A pair's count may have fallen since it was put in; that is put right when it comes
    // out, so that a fall costs nothing here.
    std::vector<Candidate> m_queue;
};

} // namespace timestep
