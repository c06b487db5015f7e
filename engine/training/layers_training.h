// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/training/sub_batch_gradients.h"

namespace timestep {

/// The layers of a model forward and back, as a training plan says.
class LayersTraining : public Computation
{
public:
    /// Summed over all rows, after a run; laid out as the gradient layouts say.
    virtual const float* gradients() const = 0;
    virtual SubBatchGradients& subBatchGradients() = 0;
};

} // namespace timestep
