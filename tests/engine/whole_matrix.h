// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/affinities.h"
#include "engine/model/matrix.h"

namespace timestep {

/// All of one head's affinities (T, T).
inline Matrix<float> wholeMatrix(const Affinities& affinities, HeadIndex head)
{
    const int tokens = affinities.tokens();
    Matrix<float> matrix(tokens, tokens);
    affinities.read(head,
        { .queries = { 0, tokens },
            .keys = { 0, tokens },
            .shares = matrix.data(),
            .stride = static_cast<std::size_t>(tokens) });
    return matrix;
}

} // namespace timestep
