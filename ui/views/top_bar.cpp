// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/top_bar.h"

#include "engine/resource_folder.h"
#include "ui/session/session.h"
#include "ui/views/fonts.h"
#include "ui/views/pair_picker.h"
#include "ui/views/text_field.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QWidgetAction>

#include <exception>
#include <utility>

namespace timestep {

TopBar::TopBar(Session& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_text(new TextField(this))
    , m_pair(new PairPicker(session, this))
    , m_samples(new QPushButton(tr("Samples ▾"), this))
    , m_samplesMenu(new QMenu(m_samples))
    , m_run(new QPushButton(this))
{
    setObjectName(QStringLiteral("topBar"));
    auto* name = new QLabel(QStringLiteral("Timestep"), this);
    name->setProperty("role", "name");
    m_pair->setObjectName(QStringLiteral("pairPicker"));
    m_samples->setMenu(m_samplesMenu);
    m_samples->setAccessibleName(tr("Samples"));
    m_samples->setAccessibleDescription(tr("Texts to begin with"));
    m_run->setProperty("primary", true);
    m_run->setObjectName(QStringLiteral("runAllRows"));
    showRunning(session.runsAllRows());

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 10, 16, 10);
    layout->setSpacing(12);
    layout->addWidget(name);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_pair);
    layout->addWidget(m_samples);
    layout->addWidget(m_run);

    connect(m_text, &TextField::bytesEdited, &session, &Session::editText);
    connect(&session, &Session::textChanged, this, [this] { m_text->setBytes(m_session.text()); });
    connect(&session, &Session::textExtended, this,
        [this](bool sameEdit) { m_text->extendBytes(m_session.text(), sameEdit); });
    connect(m_pair, &PairPicker::chosen, this, &TopBar::pairChosen);
    connect(m_run, &QPushButton::clicked, &session, &Session::toggleAllRows);
    connect(&session, &Session::runsAllRowsChanged, this, &TopBar::showRunning);
    connect(m_samplesMenu, &QMenu::aboutToShow, this, &TopBar::fillSamples);
    m_text->setBytes(session.text());
}

void TopBar::showRunning(bool running)
{
    m_run->setMinimumWidth(running ? m_run->width() : 0); // nothing beside it moves
    m_run->setText(running ? tr("■  Stop  Esc") : tr("Run all rows  Ctrl ⏎"));
    m_run->setAccessibleName(running ? tr("Stop the run of all rows") : tr("Run all rows"));
    m_run->setToolTip(running
            ? tr("Both models run over all rows; press to stop them")
            : tr("Runs both models over all rows on the real threads, with a trace"));
}

/// When the menu opens, so that the window is there before the folder is read.
void TopBar::fillSamples()
{
    if (!m_samplesMenu->isEmpty())
        return;
    try {
        const std::vector<Sample> samples = readSamples(resourceFolder() / "samples");
        for (const ExplainedItem& pair : pairItems())
            addSamples(pair.title, pair.name, samples);
        addSamples(m_samplesMenu->isEmpty() ? QString() : tr("Any models"), QString(), samples);
        addSentence();
    } catch (const std::exception& error) {
        emit failed(QString::fromUtf8(error.what()));
    }
}

/// Below the titles, what the one that is pointed at shows: beside it, it would hide the next.
void TopBar::addSentence()
{
    constexpr int width = 280;
    auto* sentence = new QLabel(tr("What a text shows is told here."), m_samplesMenu);
    sentence->setObjectName("sentence");
    sentence->setWordWrap(true);
    sentence->setFont(smallFont(font()));
    sentence->setMargin(10);
    sentence->setFixedWidth(width);
    sentence->setFixedHeight(2 * sentence->margin() + 4 * sentence->fontMetrics().lineSpacing());
    sentence->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* below = new QWidgetAction(m_samplesMenu);
    below->setDefaultWidget(sentence);
    below->setEnabled(false);
    m_samplesMenu->addSeparator();
    m_samplesMenu->addAction(below);
    connect(m_samplesMenu, &QMenu::hovered, sentence,
        [sentence](const QAction* action) { sentence->setText(action->toolTip()); });
}

/// Those of one pair, below its title where it has one; nothing where there are none.
void TopBar::addSamples(
    const QString& title, const QString& pair, const std::vector<Sample>& samples)
{
    bool first = true;
    for (const Sample& sample : samples) {
        if (sample.pair != pair)
            continue;
        if (std::exchange(first, false) && !title.isEmpty()) {
            m_samplesMenu->addSeparator();
            m_samplesMenu->addAction(title)->setEnabled(false);
        }
        QAction* action = m_samplesMenu->addAction(sample.title);
        action->setToolTip(sample.purpose);
        connect(action, &QAction::triggered, this, [this, sample] { emit sampleChosen(sample); });
    }
}

} // namespace timestep

#include "moc_top_bar.cpp"
