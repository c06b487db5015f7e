// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/typed_text.h"

#include "ui/models/utf8.h"

namespace timestep {

namespace {

constexpr char16_t newlineSign = u'⏎';
constexpr char16_t escapedBytes = 0xdc00; // + the byte

bool isEscapedByte(const QString& line, qsizetype at)
{
    const char16_t unit = line[at].unicode();
    return unit >= escapedBytes + 0x80 && unit <= escapedBytes + 0xff
        && (at == 0 || !line[at - 1].isHighSurrogate());
}

} // namespace

QString lineFromBytes(std::string_view bytes)
{
    QString line;
    line.reserve(static_cast<qsizetype>(bytes.size()));
    while (!bytes.empty()) {
        const Utf8Character character = firstCharacter(bytes);
        if (!character.valid() || character.codePoint == newlineSign) {
            for (const char byte : bytes.substr(0, character.length))
                line += QChar(
                    static_cast<char16_t>(escapedBytes + static_cast<unsigned char>(byte)));
        } else if (character.codePoint == U'\n') {
            line += QChar(newlineSign);
        } else {
            line += QStringView(QChar::fromUcs4(character.codePoint));
        }
        bytes.remove_prefix(character.length);
    }
    return line;
}

std::string bytesFromLine(const QString& line)
{
    std::string bytes;
    qsizetype plain = 0; // where the run of ordinary text begins
    const auto flush = [&](qsizetype end) {
        bytes += QStringView(line).mid(plain, end - plain).toUtf8().toStdString();
        plain = end + 1;
    };
    for (qsizetype at = 0; at < line.size(); ++at) {
        if (line[at] == QChar(newlineSign)) {
            flush(at);
            bytes += '\n';
        } else if (isEscapedByte(line, at)) {
            flush(at);
            bytes += static_cast<char>(line[at].unicode() - escapedBytes);
        }
    }
    flush(line.size());
    return bytes;
}

} // namespace timestep
