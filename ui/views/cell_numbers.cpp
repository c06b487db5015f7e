// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/cell_numbers.h"

#include "ui/models/number_text.h"

#include <QCoreApplication>

#include <cmath>

namespace timestep {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(CellNumbers)
};

constexpr int Decimals = 4;
constexpr int NumberWidth = 7; // letters

QString padded(float value) { return stateText(value).rightJustified(NumberWidth); }

} // namespace

CellNumbers CellNumbers::of(const LstmPicture& picture, int step, int unit)
{
    const auto value = [&](LstmQuantity quantity) { return picture.value(quantity, step, unit); };
    CellNumbers numbers;
    numbers.input = value(LstmQuantity::Input);
    numbers.forget = value(LstmQuantity::Forget);
    numbers.candidate = value(LstmQuantity::Candidate);
    numbers.output = value(LstmQuantity::Output);
    numbers.before = step > 0 ? picture.value(LstmQuantity::Cell, step - 1, unit) : 0;
    numbers.cell = value(LstmQuantity::Cell);
    numbers.hidden = value(LstmQuantity::Hidden);
    return numbers;
}

QString stateText(float value)
{
    QString text = QString::number(double(value), 'f', Decimals);
    return text.replace(u'-', u'−');
}

QStringList cellEquation(const CellNumbers& numbers)
{
    return {
        QStringLiteral("c = f · c₋₁ + i · g"),
        QStringLiteral("  = %1 · %2").arg(padded(numbers.forget), padded(numbers.before)),
        QStringLiteral("  + %1 · %2 = %3")
            .arg(padded(numbers.input), padded(numbers.candidate), padded(numbers.cell)),
        QStringLiteral("h = o · tanh c"),
        QStringLiteral("  = %1 · %2 = %3")
            .arg(padded(numbers.output), padded(std::tanh(numbers.cell)), padded(numbers.hidden)),
    };
}

QString halfLifeText(double steps)
{
    if (std::isnan(steps))
        return QStringLiteral("–");
    if (std::isinf(steps))
        return Text::tr("no end");
    if (steps < 9.95)
        return Text::tr("%1 tokens").arg(steps, 0, 'f', 1);
    return Text::tr("%1 tokens").arg(countNumber(std::llround(steps)));
}

QString lstmCellText(const LstmPicture& picture, LstmQuantity quantity, int step, int unit)
{
    return Text::tr("%1 of unit %2 at “%3”: %4")
        .arg(lstmName(quantity))
        .arg(unit)
        .arg(picture.labels[step], stateText(picture.value(quantity, step, unit)));
}

QString lstmCellDetail(const LstmPicture& picture, int unit)
{
    return Text::tr("this unit forgets half in %1")
        .arg(halfLifeText(picture.halfLives[static_cast<std::size_t>(unit)]));
}

} // namespace timestep
