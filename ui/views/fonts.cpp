// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/fonts.h"

#include <QFontDatabase>
#include <QFontInfo>
#include <QStringList>

namespace timestep {

namespace {

QString familyOr(const QString& wanted, QFontDatabase::SystemFont fallback)
{
    return QFontDatabase::families().contains(wanted)
        ? wanted
        : QFontDatabase::systemFont(fallback).family();
}

} // namespace

QFont sansFont(int pixels)
{
    static const QString family = familyOr(QStringLiteral("Noto Sans"), QFontDatabase::GeneralFont);
    QFont font(family);
    font.setPixelSize(pixels);
    return font;
}

QFont monospaceFont(const QFont& font)
{
    static const QString family
        = familyOr(QStringLiteral("Noto Sans Mono"), QFontDatabase::FixedFont);
    QFont monospace(family);
    monospace.setStyleHint(QFont::Monospace);
    monospace.setPixelSize(qRound(QFontInfo(font).pixelSize() * 0.93));
    return monospace;
}

QFont smallFont(const QFont& font)
{
    QFont smaller = font;
    smaller.setPixelSize(qRound(QFontInfo(font).pixelSize() * 0.9));
    return smaller;
}

QFont boldFont(QFont font)
{
    font.setBold(true);
    return font;
}

} // namespace timestep
