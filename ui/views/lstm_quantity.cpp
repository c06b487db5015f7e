// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_quantity.h"

#include <QCoreApplication>

namespace timestep {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(LstmQuantity)
};

} // namespace

QString lstmLetter(LstmQuantity quantity)
{
    return QString(QChar(u"ifgoch"[static_cast<std::size_t>(quantity)]));
}

QString lstmName(LstmQuantity quantity)
{
    switch (quantity) {
    case LstmQuantity::Input:
        return Text::tr("input");
    case LstmQuantity::Forget:
        return Text::tr("forget");
    case LstmQuantity::Candidate:
        return Text::tr("candidate");
    case LstmQuantity::Output:
        return Text::tr("output");
    case LstmQuantity::Cell:
        return Text::tr("cell");
    case LstmQuantity::Hidden:
        return Text::tr("hidden");
    }
    return {};
}

bool isSigned(LstmQuantity quantity)
{
    return quantity == LstmQuantity::Candidate || quantity == LstmQuantity::Cell
        || quantity == LstmQuantity::Hidden;
}

const Matrix<float>& recorded(const Recording& recording, int layer, LstmQuantity quantity)
{
    const auto index = static_cast<std::size_t>(layer);
    const GateRecording& gates = recording.gates[index];
    switch (quantity) {
    case LstmQuantity::Input:
        return gates.input;
    case LstmQuantity::Forget:
        return gates.forget;
    case LstmQuantity::Candidate:
        return gates.candidate;
    case LstmQuantity::Output:
        return gates.output;
    case LstmQuantity::Cell:
        return recording.cell[index];
    case LstmQuantity::Hidden:
        break;
    }
    return recording.hidden[index];
}

} // namespace timestep
