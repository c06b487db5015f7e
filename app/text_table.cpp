// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/text_table.h"

#include <algorithm>
#include <array>

namespace timestep {

namespace {

/// Letters on screen, not bytes.
std::size_t letters(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(),
        [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

} // namespace

std::string textTable(const std::vector<std::vector<std::string>>& lines, std::size_t wordColumns)
{
    std::vector<std::size_t> widths(lines.front().size());
    for (const std::vector<std::string>& line : lines)
        for (std::size_t column = 0; column < line.size(); ++column)
            widths[column] = std::max(widths[column], letters(line[column]));
    std::string text;
    for (const std::vector<std::string>& line : lines) {
        for (std::size_t column = 0; column < line.size(); ++column) {
            const std::string padding(widths[column] - letters(line[column]), ' ');
            const bool words = column < wordColumns;
            text += (column > 0 ? "  " : "")
                + (words ? line[column] + padding : padding + line[column]);
        }
        text += '\n';
    }
    return text;
}

std::string numberText(double value, int digits, std::chars_format format)
{
    std::array<char, 512> text {}; // the largest double has 309 digits before the point
    const auto written
        = std::to_chars(text.data(), text.data() + text.size(), value, format, digits);
    return { text.data(), written.ptr };
}

} // namespace timestep
