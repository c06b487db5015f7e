// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/affinities.h"
#include "engine/text/token.h"

#include <array>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace timestep {

/// What a head may be there for, by the keys it then looks at from a position t. Its score is the
/// affinity from t to all of these keys together, averaged over the positions t that have any.
enum class HeadJob
{
    /// t − 1, of every t > 0. Previous-token heads: Elhage et al., "A Mathematical Framework for
    /// Transformer Circuits", 2021.
    PreviousToken,
    /// The positions that followed earlier occurrences of the token at t; where that token stood at
    /// t − 1 too, t itself is one of them. Prefix matching of induction heads: Olsson et al.,
    /// "In-context Learning and Induction Heads", 2022, here on any text.
    Induction,
    /// 0, of every t > 0. Attention sinks: Xiao et al., "Efficient Streaming Language Models with
    /// Attention Sinks", 2023.
    FirstToken,
    /// t − n + 1, of every t ≥ n of 2n tokens that are n different ones read twice: Olsson et al.
    /// repeat random tokens, so that nothing but the repetition says what follows.
    RepeatedInduction
};

inline constexpr std::array headJobs { HeadJob::PreviousToken, HeadJob::Induction,
    HeadJob::FirstToken, HeadJob::RepeatedInduction };

/// "previous_token", "induction", "first_token", "repeated_induction"
std::string_view headJobName(HeadJob job);

/// The keys of a job from position `query` of `tokens` (T), ascending; none where the position does
/// not count.
std::vector<int> keysOfJob(HeadJob job, std::span<const TokenId> tokens, int query);

/// The scores of all heads of a model, from the affinities of as many texts as are added. Beside
/// them stands what an even spread would score: a head that looks alike at all it sees.
class HeadScores
{
public:
    HeadScores(int layers, int heads); // L, A

    int layers() const { return m_layers; } // L
    int heads() const { return m_heads; } // A, of each layer

    /// Adds the positions of one text of `tokens` (T); `affinities` are of it, L x A of them. No
    /// more than a block of queries is held at once. False when stopped: then the scores are of no
    /// use.
    bool add(std::span<const HeadJob> jobs, const Affinities& affinities,
        std::span<const TokenId> tokens, const std::stop_token& stop = {});

    // 0 … 1; of a job without positions there is no score.
    std::int64_t positions(HeadJob job) const; // that were averaged over
    double score(HeadJob job, HeadIndex head) const;
    double evenSpread(HeadJob job) const;
    HeadIndex best(HeadJob job) const; // of several the first

private:
    struct Sums
    {
        std::int64_t positions = 0;
        double even = 0;
        std::vector<double> affinity; // (L, A)
    };
    const Sums& of(HeadJob job) const { return m_sums[static_cast<std::size_t>(job)]; }
    std::size_t at(HeadIndex head) const;

    int m_layers;
    int m_heads;
    std::array<Sums, headJobs.size()> m_sums;
};

} // namespace timestep
