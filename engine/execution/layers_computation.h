// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"

namespace timestep {

/// The layers of a model between embedding and vocabulary head, or bare layers.
class LayersComputation : public Computation
{
public:
    /// Whether the states that a run left are finite.
    virtual bool finite() const = 0;

    /// Last hidden state (H or D) of row 0 at the latest step that runGivenSteps has run.
    virtual const float* givenHidden(int step) = 0;
};

} // namespace timestep
