// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/operation.h"

#include <array>

namespace timestep {

std::string_view operationName(OperationKind kind)
{
    constexpr std::array<std::string_view, 16> names { "input-half", "recurrent-half",
        "keys-values", "attend", "combine", "block", "recurrent-backward", "block-backward",
        "input-backward", "weight-gradients", "reduction", "loss", "embedding-gradients",
        "gradient-norm", "update", "averaging" };
    return names[static_cast<std::size_t>(kind)];
}

} // namespace timestep
