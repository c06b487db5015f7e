// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/merge_queue.h"
#include "engine/text/token.h"
#include "engine/text/vocabulary.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace timestep {

/// Byte-level BPE of one pre-token after the other: begin with a piece for each byte, then, as long
/// as there is one, take the neighbours whose merge has the lowest rank and merge all their
/// occurrences from left to right. Time is linear in the length of a pre-token.
/// Keeps its buffers from call to call, so each thread has one of its own.
class BytePairMerger
{
public:
    explicit BytePairMerger(const Vocabulary& vocabulary);

    /// Appends the tokens of `preToken`, which begins at byte `offset` of the text.
    /// Its length fits 32 bits.
    void encode(std::string_view preToken, std::size_t offset, std::vector<Token>& tokens);

private:
    /// What is known at one byte of the pre-token.
    struct Byte
    {
        TokenId id = 0; // at the first byte of a piece its id, else `inside`
        std::uint32_t otherEnd = 0; // at a piece's first byte its last one, and the reverse
    };
    static constexpr TokenId inside = -1;

    void begin(std::string_view preToken);
    std::uint32_t nextPiece(std::uint32_t piece) const { return m_bytes[piece].otherEnd + 1; }
    std::uint32_t previousPiece(std::uint32_t piece) const { return m_bytes[piece - 1].otherEnd; }
    bool isPair(std::uint32_t left, const Merge& merge) const;
    std::uint32_t firstOfRun(std::uint32_t piece) const;
    void mergeWithNext(std::uint32_t left, TokenId result);
    void pushPair(std::uint32_t left);

    const Vocabulary& m_vocabulary;
    MergeQueue m_queue;
    std::vector<Byte> m_bytes; // a piece is named by the index of its first byte
    std::vector<std::uint32_t> m_positions;
};

} // namespace timestep
