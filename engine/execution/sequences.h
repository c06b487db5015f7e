// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/token.h"

#include <cstddef>
#include <span>

namespace timestep {

/// What the first layer reads: numbers that are given, or the embeddings of a text.
struct SequenceInput
{
    int width = 0; // I
    int steps = 0; // T
    const float* given = nullptr; // (B, T, I); null: a text
    const float* embedding = nullptr; // (V, I)
    std::span<const TokenId> tokens; // (T); row r reads them from token r on, wrapping round;
    bool ownRows = false; // or (B, T): each row has tokens of its own

    const float* at(int row, int step) const
    {
        const std::size_t i = static_cast<std::size_t>(row);
        const std::size_t t = static_cast<std::size_t>(step);
        if (given != nullptr)
            return given + (i * steps + t) * width;
        const std::size_t place = ownRows ? i * static_cast<std::size_t>(steps) + t : i + t;
        return embedding + static_cast<std::size_t>(tokens[place % tokens.size()]) * width;
    }
};

/// Where the last hidden states of the new steps go, for the first `rows` rows only.
struct SequenceOutput
{
    float* data = nullptr; // (rows, T − first step, width)
    int rows = 0;
};

} // namespace timestep
