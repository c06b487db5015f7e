// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/head_scores.h"

#include <array>
#include <cstdint>
#include <optional>

namespace timestep {

/// What a head is there for, as far as one text tells.
enum class HeadKind
{
    PreviousToken, // HeadJob::PreviousToken
    FirstToken, // HeadJob::FirstToken
    Induction, // HeadJob::Induction: what followed the last times
    Wide // nearly as evenly as it can be
};

inline constexpr std::array headKinds { HeadKind::PreviousToken, HeadKind::FirstToken,
    HeadKind::Induction, HeadKind::Wide };

/// How much of its reading a head gives to something, beside what an even spread gives to it.
struct HeadFigure
{
    double score = 0; // 0 … 1, mean over the positions
    double even = 0;
    std::int64_t positions = 0; // none: there is no score

    /// How far it has come from an even spread towards all: (score − even) ÷ (1 − even).
    double excess() const { return even < 1 ? (score - even) / (1 - even) : 0; }
};

/// The figures of one head in one text.
struct HeadFigures
{
    HeadFigure previousToken, firstToken, induction;
    /// Entropy of its shares in bits ÷ log₂ of the number of keys seen, mean over the positions
    /// that see several; `even` is 1.
    HeadFigure spread;

    const HeadFigure& of(HeadKind kind) const;
};

/// Fewer positions tell nothing of a head.
inline constexpr int fewestPositionsOfAKind = 3;
/// A job counts from this excess on: a quarter of the way from an even spread to all.
inline constexpr double clearExcess = 0.25;
/// A head that does no job reads widely from this spread on.
inline constexpr double wideSpread = 0.9;

/// Whether a head's figure of a kind stands clearly off: see above.
bool isClear(HeadKind kind, const HeadFigures& figures);

/// Of the jobs that are clear the one with the greatest excess; of none Wide, if that is clear;
/// else nothing, and the head is a mixture.
std::optional<HeadKind> kindOf(const HeadFigures& figures);

/// Adds one text position: what share of its reading goes to the keys of each job. `row` (T) are
/// the shares of position `query` of `tokens` (T), `seen` the keys it may see. Where the keys of a
/// job are more than half of these, as in a text of one word over and over, nearly any reading
/// would do it: such a position does not count. Sums, until meanOf.
void addPosition(HeadFigures& sums, std::span<const TokenId> tokens, int query, IndexRange seen,
    const float* row);
HeadFigures meanOf(const HeadFigures& sums);

} // namespace timestep
