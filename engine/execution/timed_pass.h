// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/memory_account.h"
#include "engine/execution/plan.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace timestep {

/// A pass that can be timed, forward or in training: weights packed, input ready. `prepare`
/// allocates what a run of one plan needs besides them; the computation may then be run any number
/// of times.
class TimedPass
{
public:
    virtual ~TimedPass() = default;

    /// What to make a plan of.
    virtual const PlanShape& shape() const = 0;

    virtual std::int64_t parameters() const = 0;

    /// What `prepare` will allocate, without weights, input and output.
    virtual std::size_t bytesNeeded(const Plan& plan, int lanes) const = 0;

    /// `lanes`: threads of the executor. The account must outlive the computation, and the
    /// computation must not outlive this.
    virtual std::unique_ptr<Computation> prepare(
        const Plan& plan, int lanes, MemoryAccount& account)
        = 0;

    /// Largest difference of the last run's output from a double-precision reference, relative to
    /// the reference's largest magnitude. Compared on row 0 only: all positions, or as many as
    /// the reference does in about a second. Steps after given ones have a reference that reads all
    /// of the text; NaN where that would take more than some seconds.
    virtual double maxError() const = 0;
};

} // namespace timestep
