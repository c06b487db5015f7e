// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/byte_symbols.h"

#include "engine/text/utf8.h"

#include <cstddef>
#include <unordered_map>

namespace timestep {

namespace {

bool standsForItself(unsigned byte)
{
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Alphabet
{
    std::array<unsigned char, 256> order {};
    std::array<std::string, 256> symbols; // by byte
    std::unordered_map<std::string, unsigned char> bytes; // by symbol

    Alphabet()
    {
        std::size_t next = 0;
        const auto add = [&](unsigned byte, char32_t symbol) {
            order[next++] = static_cast<unsigned char>(byte);
            symbols[byte] = characterBytes(symbol);
            bytes.emplace(symbols[byte], static_cast<unsigned char>(byte));
        };
        for (unsigned byte = 0; byte < 256; ++byte) {
            if (standsForItself(byte))
                add(byte, byte);
        }
        char32_t substitute = 0x100;
        for (unsigned byte = 0; byte < 256; ++byte) {
            if (!standsForItself(byte))
                add(byte, substitute++);
        }
    }
};

const Alphabet& alphabet()
{
    static const Alphabet instance;
    return instance;
}

} // namespace

const std::array<unsigned char, 256>& byteOrder() { return alphabet().order; }

std::string symbolsOf(std::string_view bytes)
{
    std::string symbols;
    for (const char byte : bytes)
        symbols += alphabet().symbols[static_cast<unsigned char>(byte)];
    return symbols;
}

std::optional<std::string> bytesOf(std::string_view symbols)
{
    std::string bytes;
    while (!symbols.empty()) {
        const std::size_t length = characterLength(symbols);
        const auto found = alphabet().bytes.find(std::string(symbols.substr(0, length)));
        if (found == alphabet().bytes.end())
            return std::nullopt;
        bytes += static_cast<char>(found->second);
        symbols.remove_prefix(length);
    }
    return bytes;
}

} // namespace timestep
