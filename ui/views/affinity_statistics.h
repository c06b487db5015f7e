// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"

#include <vector>

namespace timestep {

/// How widely each row reads: the entropy of its shares in bits ÷ log₂ of the number of tokens it
/// may read (t + 1 under the mask): 0 all from one token, 1 from all alike. A row that may read a
/// single token has no spread: not a number. (T)
std::vector<double> attentionSpread(const Matrix<float>& affinity, bool causal);

/// What each token is read, summed over the rows that may read it, ÷ what it would be if each of
/// them spread evenly over all it may read: 1 is an even share. (T)
std::vector<double> attentionReceived(const Matrix<float>& affinity, bool causal);

} // namespace timestep
