// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/vocabulary_learner.h"

#include "engine/error.h"
#include "engine/text/pair_counts.h"
#include "engine/text/word_counts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace timestep {

namespace {

/// A word as the merges so far leave it, and how often the corpus has it.
struct SplitWord
{
    std::vector<TokenId> pieces;
    std::int64_t count = 0;
};

/// Ids here are of no consequence outside: 0 to 255 are the bytes, then the merges in order.
class Learner
{
public:
    explicit Learner(const std::stop_token& stop)
        : m_stop(stop)
        , m_pairs([this](PiecePair a, PiecePair b) {
            return std::tie(m_pieces[index(a.first)], m_pieces[index(a.second)])
                < std::tie(m_pieces[index(b.first)], m_pieces[index(b.second)]);
        })
    {
        for (unsigned byte = 0; byte < 256; ++byte)
            addPiece(std::string(1, static_cast<char>(byte)));
    }

    /// False when stopped.
    bool addWords(const std::vector<WordCount>& counts)
    {
        m_words.reserve(counts.size());
        for (const WordCount& count : counts) {
            SplitWord word { {}, count.count };
            for (const char byte : count.word)
                word.pieces.push_back(static_cast<unsigned char>(byte));
            for (std::size_t i = 0; i + 1 < word.pieces.size(); ++i)
                m_pairs.add({ word.pieces[i], word.pieces[i + 1] }, word.count, m_words.size());
            m_words.push_back(std::move(word));
            if (m_stop.stop_requested())
                return false;
        }
        return true;
    }

    /// Makes the next merge; false when stopped.
    bool merge()
    {
        const PiecePair pair = nextPair();
        const TokenId result = addPiece(pieceOf(pair));
        m_merges.emplace_back(m_pieces[index(pair.first)], m_pieces[index(pair.second)]);
        for (const std::size_t word : m_pairs.words(pair)) {
            mergeInWord(word, pair, result);
            if (m_stop.stop_requested())
                return false;
        }
        return true;
    }

    const std::vector<std::pair<std::string, std::string>>& merges() const { return m_merges; }

private:
    static std::size_t index(TokenId id) { return static_cast<std::size_t>(id); }

    TokenId addPiece(std::string piece)
    {
        m_known.insert(piece);
        m_pieces.push_back(std::move(piece));
        return static_cast<TokenId>(m_pieces.size() - 1);
    }

    std::string pieceOf(PiecePair pair) const
    {
        return m_pieces[index(pair.first)] + m_pieces[index(pair.second)];
    }

    /// The most frequent pair that makes a piece not known yet: a second way to the same piece
    /// would give the vocabulary a merge but no piece.
    PiecePair nextPair()
    {
        while (const auto pair = m_pairs.takeMostFrequent()) {
            if (!m_known.contains(pieceOf(*pair)))
                return *pair;
        }
        throw Error("the corpus holds only " + std::to_string(m_merges.size())
            + " different merges; give more text or ask for fewer merges");
    }

    void mergeInWord(std::size_t wordIndex, PiecePair pair, TokenId result)
    {
        SplitWord& word = m_words[wordIndex];
        std::vector<TokenId> merged;
        for (std::size_t i = 0; i < word.pieces.size(); ++i) {
            const bool isPair = i + 1 < word.pieces.size() && word.pieces[i] == pair.first
                && word.pieces[i + 1] == pair.second;
            merged.push_back(isPair ? result : word.pieces[i]);
            i += isPair ? 1 : 0;
        }
        std::map<PiecePair, std::int64_t> changes;
        for (std::size_t i = 0; i + 1 < word.pieces.size(); ++i)
            --changes[{ word.pieces[i], word.pieces[i + 1] }];
        for (std::size_t i = 0; i + 1 < merged.size(); ++i)
            ++changes[{ merged[i], merged[i + 1] }];
        for (const auto& [changed, occurrences] : changes) {
            if (occurrences != 0)
                m_pairs.add(changed, occurrences * word.count, wordIndex);
        }
        word.pieces = std::move(merged);
    }

    const std::stop_token& m_stop;
    std::vector<std::string> m_pieces; // bytes, by id
    std::unordered_set<std::string> m_known;
    std::vector<SplitWord> m_words;
    std::vector<std::pair<std::string, std::string>> m_merges;
    PairCounts m_pairs;
};

} // namespace

std::shared_ptr<const Vocabulary> learnVocabulary(
    const std::vector<std::string_view>& documents, int merges, const std::stop_token& stop)
{
    if (merges < 0)
        throw Error(
            "a vocabulary cannot have " + std::to_string(merges) + " merges; ask for 0 or more");
    const auto counts = countWords(documents, stop);
    Learner learner(stop);
    if (!counts || !learner.addWords(*counts))
        return nullptr;
    for (int i = 0; i < merges; ++i) {
        if (stop.stop_requested() || !learner.merge())
            return nullptr;
    }
    return Vocabulary::fromMerges(learner.merges());
}

} // namespace timestep
