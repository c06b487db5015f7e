// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/token_label.h"

#include "ui/models/utf8.h"

#include <QChar>

namespace timestep {

namespace {

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

} // namespace

QString tokenLabel(std::string_view bytes, LeadingSpace leadingSpace)
{
    if (leadingSpace == LeadingSpace::Hidden && bytes.size() > 1 && bytes[0] == ' '
        && bytes[1] != ' ')
        bytes.remove_prefix(1);
    QString label;
    while (!bytes.empty()) {
        const Utf8Character character = firstCharacter(bytes);
        if (label.isEmpty() && character.valid() && QChar::isMark(character.codePoint))
            label += QStringLiteral("◌"); // a mark without its letter needs something to stand on
        label += character.valid()
            ? characterLabel(character.codePoint)
            : QStringLiteral("\\x") + hexadecimal(static_cast<unsigned char>(bytes[0]), 2);
        bytes.remove_prefix(character.length);
    }
    return label;
}

} // namespace timestep
