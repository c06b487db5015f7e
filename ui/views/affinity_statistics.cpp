// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_statistics.h"

#include <cmath>
#include <limits>

namespace timestep {

std::vector<double> attentionSpread(const Matrix<float>& affinity, bool causal)
{
    const auto tokens = affinity.rows();
    std::vector<double> spread(tokens, std::numeric_limits<double>::quiet_NaN());
    for (Eigen::Index row = 0; row < tokens; ++row) {
        const Eigen::Index readable = causal ? row + 1 : tokens;
        if (readable < 2)
            continue;
        double entropy = 0;
        for (Eigen::Index column = 0; column < readable; ++column) {
            const double share = affinity(row, column);
            if (share > 0)
                entropy -= share * std::log2(share);
        }
        spread[row] = entropy / std::log2(double(readable));
    }
    return spread;
}

std::vector<double> attentionReceived(const Matrix<float>& affinity, bool causal)
{
    const auto tokens = affinity.rows();
    std::vector<double> received(tokens, 0);
    std::vector<double> even(tokens, 0);
    for (Eigen::Index row = 0; row < tokens; ++row) {
        const Eigen::Index readable = causal ? row + 1 : tokens;
        for (Eigen::Index column = 0; column < readable; ++column) {
            received[column] += affinity(row, column);
            even[column] += 1.0 / double(readable);
        }
    }
    for (Eigen::Index column = 0; column < tokens; ++column)
        received[column] /= even[column];
    return received;
}

} // namespace timestep
