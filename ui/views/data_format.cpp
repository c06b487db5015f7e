// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/data_format.h"

namespace timestep {

const DataFormat* dataFormatOf(const std::vector<DataFormat>& formats, const QString& fileName)
{
    const DataFormat* found = nullptr;
    for (const DataFormat& format : formats) {
        const bool longer = !found || format.ending.size() > found->ending.size();
        if (longer && fileName.endsWith(QLatin1Char('.') + format.ending, Qt::CaseInsensitive))
            found = &format;
    }
    return found;
}

} // namespace timestep
