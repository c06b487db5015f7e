// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/pair_picker.h"

#include "ui/session/session.h"

namespace timestep {

PairPicker::PairPicker(Session& session, QWidget* parent)
    : ExplainedChoice(tr("Models"), parent)
    , m_session(session)
{
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(&session, &Session::modelsChanged, this, &PairPicker::takeModels);
    connect(
        &session, &Session::failed, this, &PairPicker::takeModels); // what was chosen is not there
    takeModels();
}

/// The list is filled with the first models: until then the window does not wait for any file.
void PairPicker::takeModels()
{
    const ModelPair& models = m_session.models();
    if (!models.lstm)
        return showItem({}, { .name = {}, .title = tr("Models"), .sentence = tr("being made…") });
    if (count() == 0)
        setItems(pairItems());
    const BundledPair* const pair = bundledPairOf(models);
    showItem(pair ? QString::fromStdString(pair->name) : QString(),
        { .name = {},
            .title = tr("Others"),
            .sentence = tr("%1 and %2.")
                            .arg(QString::fromStdString(models.lstm->name),
                                QString::fromStdString(models.attention->name)) });
}

} // namespace timestep

#include "moc_pair_picker.cpp"
