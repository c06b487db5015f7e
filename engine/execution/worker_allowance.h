// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace timestep {

/// While it lives, oneTBB may run `threads` threads for its owner, also where that is more than the
/// machine has cores. oneTBB keeps one pool for the whole process and takes the smallest of several
/// limits; this keeps one limit, the sum over all owners.
class WorkerAllowance
{
public:
    explicit WorkerAllowance(int threads);
    ~WorkerAllowance();
    WorkerAllowance(const WorkerAllowance&) = delete;
    WorkerAllowance& operator=(const WorkerAllowance&) = delete;

private:
    int m_threads;
};

} // namespace timestep
