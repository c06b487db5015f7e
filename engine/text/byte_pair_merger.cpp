// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/byte_pair_merger.h"

#include <cassert>
#include <limits>

namespace timestep {

BytePairMerger::BytePairMerger(const Vocabulary& vocabulary)
    : m_vocabulary(vocabulary)
    , m_queue(vocabulary.merges().size())
{
}

void BytePairMerger::encode(
    std::string_view preToken, std::size_t offset, std::vector<Token>& tokens)
{
    begin(preToken);
    while (!m_queue.empty()) {
        const Merge& merge = m_vocabulary.merges()[m_queue.takeLowest(m_positions)];
        for (std::uint32_t piece : m_positions) {
            // Only a pair of equal pieces can overlap itself. Its whole run is merged at once from
            // its first piece on, so that the order of positions does not matter.
            if (merge.left == merge.right && isPair(piece, merge))
                piece = firstOfRun(piece);
            // Not a pair any more: an earlier merge took one of the two.
            for (; isPair(piece, merge); piece = nextPiece(piece))
                mergeWithNext(piece, merge.result);
        }
    }
    for (std::uint32_t piece = 0; piece < m_bytes.size(); piece = nextPiece(piece))
        tokens.push_back({ m_bytes[piece].id, offset + piece, offset + nextPiece(piece) });
}

void BytePairMerger::begin(std::string_view preToken)
{
    assert(preToken.size() < std::numeric_limits<std::uint32_t>::max());
    m_bytes.resize(preToken.size());
    for (std::uint32_t byte = 0; byte < m_bytes.size(); ++byte)
        m_bytes[byte] = { m_vocabulary.byteId(static_cast<unsigned char>(preToken[byte])), byte };
    for (std::uint32_t byte = 0; byte < m_bytes.size(); ++byte)
        pushPair(byte);
}

bool BytePairMerger::isPair(std::uint32_t left, const Merge& merge) const
{
    if (left >= m_bytes.size() || m_bytes[left].id != merge.left)
        return false;
    const std::uint32_t right = nextPiece(left);
    return right < m_bytes.size() && m_bytes[right].id == merge.right;
}

std::uint32_t BytePairMerger::firstOfRun(std::uint32_t piece) const
{
    const TokenId id = m_bytes[piece].id;
    while (piece > 0 && m_bytes[previousPiece(piece)].id == id)
        piece = previousPiece(piece);
    return piece;
}

void BytePairMerger::mergeWithNext(std::uint32_t left, TokenId result)
{
    const std::uint32_t right = nextPiece(left);
    const std::uint32_t last = m_bytes[right].otherEnd;
    m_bytes[right].id = inside;
    m_bytes[left] = { result, last };
    m_bytes[last].otherEnd = left;
    if (left > 0)
        pushPair(previousPiece(left));
    pushPair(left);
}

void BytePairMerger::pushPair(std::uint32_t left)
{
    const std::uint32_t right = nextPiece(left);
    if (right >= m_bytes.size())
        return;
    if (const auto rank = m_vocabulary.rank(m_bytes[left].id, m_bytes[right].id))
        m_queue.push(*rank, left);
}

} // namespace timestep
