// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/head_kind_text.h"

#include "ui/models/number_text.h"
#include "ui/views/attention_sentence.h"

#include <QCoreApplication>

namespace timestep {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(HeadKindText)
};

QString kindName(HeadKind kind)
{
    switch (kind) {
    case HeadKind::PreviousToken:
        return Text::tr("previous token");
    case HeadKind::FirstToken:
        return Text::tr("first token");
    case HeadKind::Induction:
        return Text::tr("what followed last time");
    case HeadKind::Wide:
        break;
    }
    return Text::tr("reads widely, spread");
}

} // namespace

QString kindWord(HeadKind kind)
{
    switch (kind) {
    case HeadKind::PreviousToken:
        return Text::tr("previous");
    case HeadKind::FirstToken:
        return Text::tr("first");
    case HeadKind::Induction:
        return Text::tr("induction");
    case HeadKind::Wide:
        break;
    }
    return Text::tr("wide");
}

QString kindMeaning(HeadKind kind)
{
    switch (kind) {
    case HeadKind::PreviousToken:
        return Text::tr("reads the token before");
    case HeadKind::FirstToken:
        return Text::tr("reads the first token");
    case HeadKind::Induction:
        return Text::tr("reads what followed the same token before");
    case HeadKind::Wide:
        break;
    }
    return Text::tr("reads all it may nearly alike");
}

QString kindFigureText(HeadKind kind, const HeadFigures& figures)
{
    const HeadFigure& figure = figures.of(kind);
    return Text::tr("%1 %2, an even spread %3")
        .arg(kindName(kind), shareText(figure.score), shareText(figure.even));
}

QString headFiguresText(const HeadFigures& figures)
{
    if (const auto kind = kindOf(figures))
        return kindFigureText(*kind, figures);
    std::optional<HeadKind> most;
    for (const HeadKind kind : headKinds)
        if (kind != HeadKind::Wide && figures.of(kind).positions >= fewestPositionsOfAKind
            && (!most || figures.of(kind).excess() > figures.of(*most).excess()))
            most = kind;
    return most ? Text::tr("a mixture: %1").arg(kindFigureText(*most, figures))
                : Text::tr("too few tokens to tell its kind");
}

QString headPlaceText(HeadIndex head)
{
    return Text::tr("layer %1, head %2").arg(head.layer + 1).arg(head.head + 1);
}

} // namespace timestep
