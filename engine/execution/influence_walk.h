// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/operation.h"

#include <cmath>
#include <cstddef>

namespace timestep {

/// The way back from some targets through the layers of one model, whose forward pass over a text
/// is done and kept. Immutable: several threads walk at once, each with memory of its own.
class InfluenceWalk
{
public:
    virtual ~InfluenceWalk() = default;

    /// Targets that suit one walk.
    virtual int targetsAtOnce() const = 0;

    /// The last hidden state of a position; those of later positions follow, `hiddenStride` apart.
    virtual const float* hidden(int position) const = 0;
    virtual std::size_t hiddenStride() const = 0;

    /// `gradients` (targets, H or D): of the last hidden state at each target. `norms` (targets,
    /// T), zero at first: lengths of the gradients of the embeddings read. False when stopped;
    /// `norms` are then of no use.
    virtual bool walk(
        IndexRange targets, const float* gradients, const Worker& worker, double* norms) const = 0;
};

/// ‖x‖₂, in double: squares of small gradients leave the range of a float.
inline double lengthOf(const float* x, int count)
{
    double squares = 0;
    for (int i = 0; i < count; ++i)
        squares += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    return std::sqrt(squares);
}

} // namespace timestep
