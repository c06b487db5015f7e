// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/kernels/aligned_floats.h"
#include "engine/text/token.h"

#include <cstddef>
#include <span>
#include <vector>

namespace timestep {

/// Walks the positions that a Loss operation covers, a tile at a time: the head's weights are read
/// once for a whole tile, whatever rows it is from. All rows of a step come before the next step,
/// so that how steps are cut into operations does not show in sums over positions. Scratch of one
/// worker.
class PositionTile
{
public:
    static constexpr int most = 64; // positions

    enum class Which
    {
        All,
        Counted // those whose target is not `uncounted`
    };

    /// `width` of a hidden state, H or D.
    explicit PositionTile(int width);
    static std::size_t floatsNeeded(int width);

    /// Before the first position of `operation`, in rows of `steps` (T).
    void begin(const Operation& operation, int steps, Which which) noexcept;

    /// Takes the next positions out of last hidden states (B, T, width) and targets (B, T). False
    /// where there are none left.
    bool next(const float* hidden, std::span<const TokenId> targets) noexcept;

    float* hidden() { return m_hidden.data(); } // (n, width)
    const float* hidden() const { return m_hidden.data(); }
    std::span<const TokenId> targets() const { return m_targets; } // (n)
    std::span<const std::size_t> places() const { return m_places; } // (n), in (B, T)

private:
    const std::size_t m_width;
    AlignedFloats m_hidden; // (most, width)
    std::vector<TokenId> m_targets;
    std::vector<std::size_t> m_places;
    IndexRange m_steps;
    IndexRange m_rows;
    int m_rowLength = 0; // T
    Which m_which = Which::All;
    int m_next = 0; // position of the operation
};

} // namespace timestep
