// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace timestep {

/// A logarithmic scale of whole numbers 1 … most, as a slider shows it: the places 0 … 1000 of its
/// handle, and the steps of its keys, which pass 1, 2, 3, 4, 6, 8, 12, 16, 24 …
class NumberScale
{
public:
    static constexpr int places = 1000;

    explicit NumberScale(int most);

    int most() const { return m_most; }
    int placeOf(int number) const;
    int numberAt(int place) const;
    /// The next round number up (+1) or down (−1).
    int next(int number, int direction) const;

private:
    int m_most;
};

} // namespace timestep
