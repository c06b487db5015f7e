// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/head_suggestion.h"

#include "ui/session/session.h"
#include "ui/views/head_survey.h"

#include <utility>

namespace timestep {

HeadSuggestion::HeadSuggestion(Session& session, const HeadSurvey& survey, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_survey(survey)
{
    connect(&session, &Session::textChanged, this, [this] { m_due = true; });
    connect(&session, &Session::modelsChanged, this, [this] {
        m_session.selection().forgetChosenHead();
        m_due = true;
    });
    connect(&survey, &HeadSurvey::known, this, &HeadSuggestion::suggest);
}

void HeadSuggestion::suggest()
{
    const auto& run = m_survey.run();
    if (!m_survey.complete() || run->text != m_session.text() || !std::exchange(m_due, false))
        return;
    for (const HeadKind kind : { HeadKind::Induction, HeadKind::PreviousToken }) {
        const auto best = m_survey.best(kind);
        if (best && m_survey.kind(*best) == kind) {
            m_session.selection().suggestHead(best->layer, best->head);
            return;
        }
    }
}

} // namespace timestep

#include "moc_head_suggestion.cpp"
