// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace timestep {

class HeadSurvey;
class Session;

/// Suggests a head for a text, once all heads are known: the best that reads what followed the same
/// token before, else the best that reads the token before; where no head clearly does either, the
/// one that is shown stays. Not again while the user types, and never in place of one that the user
/// chose of these models.
class HeadSuggestion : public QObject
{
    Q_OBJECT
public:
    HeadSuggestion(Session& session, const HeadSurvey& survey, QObject* parent = nullptr);

private:
    void suggest();

    Session& m_session;
    const HeadSurvey& m_survey;
    bool m_due = true;
};

} // namespace timestep
