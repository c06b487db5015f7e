// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gradient_check_text.h"

#include <sstream>

namespace timestep {

namespace {

std::string differenceText(const GradientDifference& difference)
{
    std::ostringstream text;
    text.precision(2);
    text << difference.differing << " of " << difference.numbers << " gradients differ";
    if (difference.differing > 0)
        text << ", by at most " << difference.largest << " of the largest";
    return text.str();
}

} // namespace

std::string gradientCheckText(const GradientCheck& check, const TrainerSettings& settings)
{
    std::ostringstream text;
    text << "split on " << settings.threads << " threads, against\n"
         << "  one thread                " << differenceText(check.oneThread) << '\n'
         << "  the whole batch at once   " << differenceText(check.unsplit) << '\n'
         << "  summed as they came       " << differenceText(check.inOrderOfArrival);
    if (check.arrival.size() > 1) {
        text << " (the last layer's came";
        for (const int subBatch : check.arrival)
            text << ' ' << subBatch;
        text << ')';
    }
    text << '\n';
    return text.str();
}

} // namespace timestep
