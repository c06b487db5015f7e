// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_line.h"

#include "ui/models/number_text.h"

#include <QCoreApplication>

namespace timestep {

namespace {

QString translated(const char* text) { return QCoreApplication::translate("ModelLine", text); }

} // namespace

QString modelLine(const Model& model)
{
    QStringList parts { QString::fromStdString(model.name),
        translated("%1 parameters").arg(countNumber(static_cast<qint64>(model.parameters()))),
        translated("%1 × %2").arg(model.shape.layers).arg(model.shape.width) };
    if (model.shape.attentionWindow > 0)
        parts << translated("looks at %1 tokens").arg(countNumber(model.shape.attentionWindow));
    if (model.untrained())
        parts << translated("untrained");
    return parts.join(QStringLiteral(" · "));
}

QString modelNotes(const Model& model)
{
    QStringList lines { QString::fromStdString(model.origin) };
    for (const std::string& warning : model.warnings)
        lines << QString::fromStdString(warning);
    return lines.join(u'\n');
}

QString untrainedNote(const ModelPair& models)
{
    const bool lstm = models.lstm && models.lstm->untrained();
    const bool attention = models.attention && models.attention->untrained();
    if (lstm && attention)
        return translated("both models are untrained");
    if (lstm)
        return translated("the LSTM is untrained");
    return attention ? translated("attention is untrained") : QString();
}

} // namespace timestep
