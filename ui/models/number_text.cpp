// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/number_text.h"

namespace timestep {

const QLocale& numberLocale()
{
    static const QLocale english(QLocale::English, QLocale::UnitedStates);
    return english;
}

QString countNumber(qint64 count) { return numberLocale().toString(count); }

} // namespace timestep
