// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace timestep {

/// Wrong use of the command line: exit 2. One line that says what is wrong; main adds where the
/// right use is written down.
class UsageError : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

} // namespace timestep
