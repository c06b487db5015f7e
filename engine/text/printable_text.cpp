// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/printable_text.h"

#include "engine/text/utf8.h"

namespace timestep {

namespace {

std::string hexEscape(unsigned char byte)
{
    constexpr char digits[] = "0123456789ABCDEF";
    return { '\\', 'x', digits[byte >> 4U], digits[byte & 0xFU] };
}

} // namespace

std::string printableText(std::string_view bytes)
{
    std::string shown;
    while (!bytes.empty()) {
        const std::size_t length = characterLength(bytes);
        if (length == 0)
            shown += hexEscape(static_cast<unsigned char>(bytes[0]));
        else if (bytes[0] == '\\')
            shown += "\\\\";
        else
            shown += bytes.substr(0, length);
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return shown;
}

} // namespace timestep
