// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/csv_field.h"

namespace timestep {

std::string csvField(std::string text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    for (std::size_t quote = text.find('"'); quote != std::string::npos;
         quote = text.find('"', quote + 2))
        text.insert(quote, 1, '"');
    text.insert(text.begin(), '"');
    text.push_back('"');
    return text;
}

} // namespace timestep
