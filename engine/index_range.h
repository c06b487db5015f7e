// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace timestep {

/// Half-open: first … last − 1 of begin … end. Empty where it does not apply.
struct IndexRange
{
    int begin = 0;
    int end = 0;
    int count() const { return end - begin; }
    bool contains(int index) const { return index >= begin && index < end; }
    bool operator==(const IndexRange&) const = default;
};

} // namespace timestep
