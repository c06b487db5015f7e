// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/run_bar.h"

#include "ui/models/number_text.h"
#include "ui/models/run_line.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"

#include <QHBoxLayout>

namespace timestep {

RunBar::RunBar(Session& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_line(new ElidedLabel({}, this))
{
    setObjectName(QStringLiteral("runBar"));
    m_line->setObjectName(QStringLiteral("runLine"));
    m_line->setProperty("role", "secondary");
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(20, 4, 20, 0);
    layout->addWidget(m_line);
    connect(&session, &Session::runsAllRowsChanged, this, &RunBar::showState);
    connect(&session, &Session::runChanged, this, &RunBar::showState);
    connect(&session, &Session::settingsChanged, this, &RunBar::forget);
    connect(&session, &Session::tokensChanged, this, [this] {
        const auto run = m_session.run();
        if (run && run->text != m_session.text())
            forget();
    });
    showState();
}

void RunBar::showState()
{
    if (m_session.runsAllRows()) {
        const int rows = m_session.settings().rows;
        m_line->setFullText(rows == 1
                ? tr("Running 1 row through both models… Esc stops it")
                : tr("Running %1 rows through both models… Esc stops it").arg(countNumber(rows)));
    } else {
        const auto run = m_session.run();
        const bool told = run && run != m_forgotten.lock();
        m_line->setFullText(told ? allRowsLine(*run) : QString());
    }
    setVisible(!m_line->fullText().isEmpty());
}

void RunBar::forget()
{
    m_forgotten = m_session.run();
    showState();
}

} // namespace timestep

#include "moc_run_bar.cpp"
