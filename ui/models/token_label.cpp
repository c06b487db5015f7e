// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/token_label.h"

#include <QChar>

namespace timestep {

namespace {

constexpr char32_t invalid = 0xffffffff;

/// One character of UTF-8 at the front of `bytes`, or `invalid` and one byte where there is none
/// (also for overlong forms, surrogates and what lies beyond U+10FFFF).
struct Decoded
{
    char32_t character = invalid;
    std::size_t length = 1;
};

Decoded decodeFirst(std::string_view bytes)
{
    const auto byte = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return { lead, 1 };
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || bytes.size() < length)
        return {};
    char32_t character = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80)
            return {};
        character = (character << 6) | (byte(i) & 0x3fU);
    }
    const char32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
    const bool surrogate = character >= 0xd800 && character <= 0xdfff;
    if (character < least || surrogate || character > 0x10ffff)
        return {};
    return { character, length };
}

QString hexadecimal(char32_t number, int digits)
{
    return QString::number(static_cast<uint>(number), 16).toUpper().rightJustified(digits, u'0');
}

bool isInvisible(char32_t character)
{
    switch (QChar::category(character)) {
    case QChar::Separator_Space:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
        return true;
    default:
        return false;
    }
}

QString characterLabel(char32_t character)
{
    if (character == U' ')
        return QStringLiteral("·");
    if (character == U'\n')
        return QStringLiteral("⏎");
    if (character == U'\t')
        return QStringLiteral("⇥");
    if (character < 0x20)
        return QString(QChar(static_cast<char16_t>(0x2400 + character)));
    if (character == 0x7f)
        return QString(QChar(u'\u2421'));
    if (isInvisible(character))
        return QStringLiteral("U+") + hexadecimal(character, 4);
    return QString::fromUcs4(&character, 1);
}

bool isMark(char32_t character) { return character != invalid && QChar::isMark(character); }

} // namespace

QString tokenLabel(std::string_view bytes, LeadingSpace leadingSpace)
{
    if (leadingSpace == LeadingSpace::Hidden && bytes.size() > 1 && bytes[0] == ' '
        && bytes[1] != ' ')
        bytes.remove_prefix(1);
    QString label;
    while (!bytes.empty()) {
        const Decoded decoded = decodeFirst(bytes);
        if (label.isEmpty() && isMark(decoded.character))
            label += QStringLiteral("◌"); // a mark without its letter needs something to stand on
        label += decoded.character == invalid
            ? QStringLiteral("\\x") + hexadecimal(static_cast<unsigned char>(bytes[0]), 2)
            : characterLabel(decoded.character);
        bytes.remove_prefix(decoded.length);
    }
    return label;
}

} // namespace timestep
