// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/utf8.h"

#include <cassert>

namespace timestep {

Utf8Character firstCharacter(std::string_view bytes)
{
    assert(!bytes.empty());
    const auto byte = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return { lead, 1 };
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || bytes.size() < length)
        return {};
    char32_t codePoint = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80)
            return {};
        codePoint = (codePoint << 6) | (byte(i) & 0x3fU);
    }
    const char32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
    const bool surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (codePoint < least || surrogate || codePoint > 0x10ffff)
        return {};
    return { codePoint, length };
}

} // namespace timestep
