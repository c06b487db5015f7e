// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/vocabulary.h"
#include "ui/models/samples.h"

#include <QObject>

#include <memory>
#include <string>

namespace timestep {

class MessageBar;
class Session;

/// Opens the pairs that come with the program, and texts together with the pair that they show
/// something with. A pair leaves the text as it is; where it reads other tokens than the one
/// before, a text that suits it is offered.
class PairOpener : public QObject
{
    Q_OBJECT
public:
    PairOpener(Session& session, MessageBar& message, QObject* parent);

    void openPair(const QString& name);

    /// The text, and its pair; models that read the same tokens stay where they are no pair of the
    /// program: they were chosen one by one.
    void openSample(const Sample& sample);

private:
    void takeModels();
    void offerText(const std::string& pair);
    void showSample(const Sample& sample);

    Session& m_session;
    MessageBar& m_message;
    std::string m_opening; // the pair that was chosen, until it is there
    std::shared_ptr<const Vocabulary> m_before; // of the pair that it replaces
};

} // namespace timestep
