// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/utf8.h"

namespace timestep {

namespace {

/// The bytes that may follow a leading byte: how many, and the range of the first of them
/// (the others are 80..BF). Table 3-7 of the Unicode standard.
struct Continuation
{
    std::size_t count;
    unsigned char first;
    unsigned char last;
};

Continuation continuationOf(unsigned char lead)
{
    if (lead < 0xC2 || lead > 0xF4)
        return { 0, 0, 0 };
    if (lead < 0xE0)
        return { 1, 0x80, 0xBF };
    if (lead < 0xF0)
        return { 2,
            lead == 0xE0 ? static_cast<unsigned char>(0xA0) : static_cast<unsigned char>(0x80),
            lead == 0xED ? static_cast<unsigned char>(0x9F) : static_cast<unsigned char>(0xBF) };
    return { 3, lead == 0xF0 ? static_cast<unsigned char>(0x90) : static_cast<unsigned char>(0x80),
        lead == 0xF4 ? static_cast<unsigned char>(0x8F) : static_cast<unsigned char>(0xBF) };
}

} // namespace

std::size_t characterLength(std::string_view bytes)
{
    if (bytes.empty())
        return 0;
    const auto lead = static_cast<unsigned char>(bytes[0]);
    if (lead < 0x80)
        return 1;
    const Continuation expected = continuationOf(lead);
    if (expected.count == 0 || bytes.size() <= expected.count)
        return 0;
    for (std::size_t i = 1; i <= expected.count; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        const unsigned first = i == 1 ? expected.first : 0x80U;
        const unsigned last = i == 1 ? expected.last : 0xBFU;
        if (byte < first || byte > last)
            return 0;
    }
    return expected.count + 1;
}

std::string characterBytes(char32_t codePoint)
{
    const auto tail = [codePoint](unsigned shift) {
        return static_cast<char>(0x80U | ((codePoint >> shift) & 0x3FU));
    };
    if (codePoint < 0x80)
        return { static_cast<char>(codePoint) };
    if (codePoint < 0x800)
        return { static_cast<char>(0xC0U | (codePoint >> 6U)), tail(0) };
    if (codePoint < 0x10000)
        return { static_cast<char>(0xE0U | (codePoint >> 12U)), tail(6), tail(0) };
    return { static_cast<char>(0xF0U | (codePoint >> 18U)), tail(12), tail(6), tail(0) };
}

} // namespace timestep
