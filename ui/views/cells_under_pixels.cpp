// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/cells_under_pixels.h"

#include <algorithm>
#include <cmath>

namespace timestep {

std::vector<IndexRange> cellsUnderPixels(double first, double extent, int pixels, int count)
{
    std::vector<IndexRange> ranges(pixels);
    const double step = extent / pixels;
    for (int pixel = 0; pixel < pixels; ++pixel) {
        const double left = first + pixel * step;
        const bool several = step > 1;
        const double begin = std::floor(several ? left : left + step / 2);
        const double end = several ? std::ceil(left + step) : begin + 1;
        ranges[pixel] = { static_cast<int>(std::clamp(begin, 0.0, double(count))),
            static_cast<int>(std::clamp(end, 0.0, double(count))) };
    }
    return ranges;
}

} // namespace timestep
