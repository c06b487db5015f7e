// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/frame_files.h"

#include <algorithm>
#include <cctype>

namespace timestep {

namespace {

constexpr std::size_t usualDigits = 4;
constexpr std::size_t mostDigits = 9;

std::string padded(int number, std::size_t digits)
{
    const std::string text = std::to_string(number);
    return std::string(digits - std::min(digits, text.size()), '0') + text;
}

} // namespace

std::optional<std::string> frameFile(std::string_view pattern, int number)
{
    std::string file;
    bool numbered = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '%') {
            file += pattern[i];
            continue;
        }
        std::size_t end = i + 1;
        if (end < pattern.size() && pattern[end] == '%') {
            file += '%';
            i = end;
            continue;
        }
        std::size_t digits = 0;
        for (; end < pattern.size() && std::isdigit(static_cast<unsigned char>(pattern[end]));
             ++end)
            digits = std::min(10 * digits + std::size_t(pattern[end] - '0'), mostDigits);
        const bool zeros = end == i + 1 || pattern[i + 1] == '0';
        if (end >= pattern.size() || pattern[end] != 'd' || !zeros || numbered)
            return std::nullopt;
        file += padded(number, digits);
        numbered = true;
        i = end;
    }
    if (numbered)
        return file;
    const std::size_t point = file.rfind('.');
    const std::size_t folder = file.rfind('/');
    const bool hasEnding
        = point != std::string::npos && (folder == std::string::npos || point > folder);
    return file.insert(hasEnding ? point : file.size(), '-' + padded(number, usualDigits));
}

} // namespace timestep
