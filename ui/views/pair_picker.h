// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/explained_choice.h"

namespace timestep {

class Session;

/// The pairs that come with the program, each with the sentence on what it shows, and which of them
/// the session has. What is chosen is told, not opened.
class PairPicker : public ExplainedChoice
{
    Q_OBJECT
public:
    explicit PairPicker(Session& session, QWidget* parent = nullptr);

private:
    void takeModels();

    Session& m_session;
};

} // namespace timestep
