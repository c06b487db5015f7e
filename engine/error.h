// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace timestep {

/// Bad input: the message says what is wrong, where, why, and what to do, in one line.
/// It is caught once, at the session or at main. Misuse by the programmer is asserted instead.
class Error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

} // namespace timestep
