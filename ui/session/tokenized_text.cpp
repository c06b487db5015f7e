// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/tokenized_text.h"

#include <algorithm>

namespace timestep {

IndexRange windowOf(int count, int begin, int length)
{
    const int used = std::min(count, std::max(length, 1));
    const int first = std::clamp(begin, 0, count - used);
    return { first, first + used };
}

} // namespace timestep
