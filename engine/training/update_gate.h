// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

namespace timestep {

/// Between the gradients of a step and the change of the parameters: a stop that comes before it
/// leaves all of them as they were, one that comes after it is too late for this step.
class UpdateGate
{
public:
    /// Before a step.
    void reset() noexcept { m_state = State::Open; }

    /// True where nothing is, or will be, updated; false once something may have been: the step
    /// must then come to its end.
    bool close() noexcept { return go(State::Closed); }

    /// False where the gate was closed before.
    bool pass() noexcept { return go(State::Passed); }

private:
    enum class State
    {
        Open,
        Closed,
        Passed
    };

    bool go(State wanted) noexcept
    {
        State found = State::Open;
        return m_state.compare_exchange_strong(found, wanted) || found == wanted;
    }

    std::atomic<State> m_state = State::Open;
};

} // namespace timestep
