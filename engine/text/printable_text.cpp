// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/printable_text.h"

#include "engine/text/utf8.h"

#include <charconv>

namespace timestep {

namespace {

std::string hexEscape(unsigned char byte)
{
    constexpr char digits[] = "0123456789ABCDEF";
    return { '\\', 'x', digits[byte >> 4U], digits[byte & 0xFU] };
}

/// Of "1F"; not set for anything else than two digits.
std::optional<char> byteOfHex(std::string_view digits)
{
    unsigned value = 0;
    const auto end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != 2 || read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return static_cast<char>(value);
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

std::optional<std::string> bytesOfPrintableText(std::string_view shown)
{
    std::string bytes;
    for (std::string_view rest = shown; !rest.empty();) {
        std::size_t length = 1;
        if (rest[0] != '\\') {
            bytes += rest[0];
        } else if (rest.starts_with("\\\\")) {
            bytes += '\\';
            length = 2;
        } else {
            const auto byte = rest.starts_with("\\x") ? byteOfHex(rest.substr(2, 2)) : std::nullopt;
            if (!byte)
                return std::nullopt;
            bytes += *byte;
            length = 4;
        }
        rest.remove_prefix(length);
    }
    // A letter that was escaped without need, say.
    return printableText(bytes) == shown ? std::optional(std::move(bytes)) : std::nullopt;
}

} // namespace timestep
