// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_controls.h"

#include "engine/measurement/sweep_columns.h"
#include "ui/models/number_text.h"
#include "ui/session/race_names.h"
#include "ui/views/overflow_row.h"
#include "ui/views/race_pictures.h"

#include <QComboBox>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <initializer_list>

namespace timestep {

namespace {

constexpr SweepCell::Pass passes[]
    = { SweepCell::Pass::Inference, SweepCell::Pass::Training, SweepCell::Pass::Generation };

enum Pair
{
    EqualParameters,
    BareLayers
};

enum SpeedUpLength
{
    AsTheText,
    Longest
};

QString questionText(RaceQuestion question)
{
    switch (question) {
    case RaceQuestion::Length:
        return RaceControls::tr("by length");
    case RaceQuestion::Rows:
        return RaceControls::tr("by rows");
    case RaceQuestion::SubBatches:
        return RaceControls::tr("by sub-batches");
    case RaceQuestion::Memory:
        return RaceControls::tr("memory");
    }
    return {};
}

QPushButton* smallButton(const QString& text, const QString& tip)
{
    auto* button = new QPushButton(text);
    button->setProperty("small", true);
    button->setToolTip(tip);
    return button;
}

} // namespace

RaceControls::RaceControls(QWidget* parent)
    : QWidget(parent)
{
    auto* row = new OverflowRow;
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(row);
    m_question = makeBox(tr("Against what the pictures are drawn"));
    m_question->setToolTip(
        tr("length and workers; rows: latency, throughput and one core; sub-batches; memory"));
    for (RaceQuestion question : raceQuestions)
        m_question->addItem(questionText(question), int(question));
    m_pass = makeBox(tr("What is timed"));
    for (SweepCell::Pass pass : passes)
        m_pass->addItem(passText(pass), int(pass));
    m_pair = makeBox(tr("What is compared"));
    m_pair->addItem(tr("equal parameters"), EqualParameters);
    m_pair->setItemData(0, tr("both models on this text"), Qt::ToolTipRole);
    m_pair->addItem(tr("bare layers"), BareLayers);
    m_pair->setItemData(1, tr("a layer of each, of equal width, random weights"), Qt::ToolTipRole);
    m_longest = makeBox(tr("Lengths"));
    for (int longest : { 256, 1024, 4096 })
        m_longest->addItem(tr("to %1").arg(countNumber(longest)), longest);
    m_longest->setCurrentIndex(1);
    m_longest->setToolTip(tr("tokens, from 16 on"));
    m_repeats = makeBox(tr("Runs of each point"));
    for (int repeats : { 5, 25, 101 })
        m_repeats->addItem(tr("%1 runs").arg(repeats), repeats);
    m_repeats->setCurrentIndex(1);
    m_repeats->setToolTip(tr("of each point"));
    m_speedUpLength = makeBox(tr("Length of the speed-ups"));
    m_speedUpLength->addItem(tr("speed-ups: text's length"), AsTheText);
    m_speedUpLength->addItem(tr("speed-ups: longest"), Longest);
    m_speedUpLength->setToolTip(
        tr("tokens read for the speed-ups, and against rows or sub-batches: the power of two that "
           "holds the text, or the longest of which all rows can be planned position by position, "
           "256 of up to 32 rows"));

    m_linear = smallButton(tr("Linear"), tr("both axes linear in place of logarithmic"));
    m_table = smallButton(
        tr("Table"), tr("all points with their arithmetic, share of the peak and bytes"));
    m_verdict = smallButton(tr("Verdict"), tr("the argument, claim by claim, as measured here"));
    m_baseline = smallButton(tr("Baseline"),
        tr("keep these points, pale, beside what is measured next, and compare in words"));
    m_report = smallButton(
        tr("Report…"), tr("save or print what has been measured, or open what was saved before"));
    for (QPushButton* button : { m_linear, m_table, m_verdict, m_baseline })
        button->setCheckable(true);
    // What is wanted seldom stands last: where there is no room, the last go first.
    for (QWidget* control : std::initializer_list<QWidget*> { m_question, m_pass, m_pair, m_longest,
             m_repeats, m_linear, m_table, m_verdict, m_baseline, m_report, m_speedUpLength })
        row->add(control);
    connect(m_linear, &QPushButton::toggled, this, &RaceControls::linearToggled);
    connect(m_table, &QPushButton::toggled, this, [this](bool table) {
        if (table)
            m_verdict->setChecked(false);
        emit pageChanged();
    });
    connect(m_verdict, &QPushButton::toggled, this, [this](bool verdict) {
        if (verdict)
            m_table->setChecked(false);
        emit pageChanged();
    });
    connect(m_baseline, &QPushButton::toggled, this, &RaceControls::baselineToggled);
    connect(m_report, &QPushButton::clicked, this, &RaceControls::reportWanted);
    for (QComboBox* box : { m_question, m_pass, m_pair, m_longest, m_repeats, m_speedUpLength })
        connect(box, &QComboBox::currentIndexChanged, this, [this] {
            setRunning(false); // which choices there are depends on others
            emit changed();
        });
    setMeasured(false);
    setRunning(false);
}

QComboBox* RaceControls::makeBox(const QString& name)
{
    constexpr int FewestLetters = 5; // where there is no room for more
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    box->setMinimumContentsLength(FewestLetters);
    return box;
}

RaceQuestion RaceControls::question() const
{
    return static_cast<RaceQuestion>(m_question->currentData().toInt());
}

SweepCell::Pass RaceControls::pass() const
{
    return question() == RaceQuestion::Memory
        ? SweepCell::Pass::Inference
        : static_cast<SweepCell::Pass>(m_pass->currentData().toInt());
}

bool RaceControls::bareLayers() const { return m_pair->currentData() == BareLayers; }

int RaceControls::longest() const { return m_longest->currentData().toInt(); }

bool RaceControls::longestSpeedUps() const { return m_speedUpLength->currentData() == Longest; }

int RaceControls::repeats() const { return m_repeats->currentData().toInt(); }

RaceControls::Page RaceControls::page() const
{
    return m_table->isChecked()  ? Page::Table
        : m_verdict->isChecked() ? Page::Verdict
                                 : Page::Plots;
}

void RaceControls::setPage(Page page)
{
    m_table->setChecked(page == Page::Table);
    m_verdict->setChecked(page == Page::Verdict);
}

void RaceControls::useFewestRepeats()
{
    if (!m_repeatsChosen)
        m_repeats->setCurrentIndex(0);
}

std::vector<PictureChoice> RaceControls::pictureChoices()
{
    const auto choosing
        = [](QComboBox* box) { return [box](int value) { box->setCurrentIndex(value); }; };
    const auto numbers = [](const QComboBox& box) {
        QStringList values;
        for (int index = 0; index < box.count(); ++index)
            values.append(QString::number(box.itemData(index).toInt()));
        return values;
    };
    const auto names = [](const auto& values, auto nameOf) {
        QStringList all;
        for (const auto value : values) {
            const std::string_view name = nameOf(value);
            all.append(QString::fromUtf8(name.data(), qsizetype(name.size())));
        }
        return all;
    };
    return {
        { QStringLiteral("question"),
            names(raceQuestions, [](RaceQuestion question) { return raceName(question); }),
            choosing(m_question) },
        { QStringLiteral("pass"), names(passes, passName), choosing(m_pass) },
        { QStringLiteral("pair"), { QStringLiteral("parameters"), QStringLiteral("layers") },
            choosing(m_pair) },
        { QStringLiteral("longest"), numbers(*m_longest), choosing(m_longest) },
        { QStringLiteral("speed-up-length"), { QStringLiteral("text"), QStringLiteral("longest") },
            choosing(m_speedUpLength) },
        { QStringLiteral("repeats"), numbers(*m_repeats),
            [this](int value) {
                m_repeats->setCurrentIndex(value);
                m_repeatsChosen = true;
            } },
        { QStringLiteral("scale"), { QStringLiteral("logarithmic"), QStringLiteral("linear") },
            [this](int value) { m_linear->setChecked(value == 1); } },
        { QStringLiteral("page"),
            { QStringLiteral("plots"), QStringLiteral("table"), QStringLiteral("verdict") },
            [this](int value) { setPage(static_cast<Page>(value)); } },
    };
}

void RaceControls::setRunning(bool running)
{
    const RaceQuestion asked = question();
    const bool memory = asked == RaceQuestion::Memory;
    for (QComboBox* box : { m_question, m_pair })
        box->setEnabled(!running);
    m_pass->setEnabled(!running && !memory);
    m_longest->setEnabled(!running && (memory || asked == RaceQuestion::Length));
    for (QComboBox* box : { m_repeats, m_speedUpLength })
        box->setEnabled(!running && !memory);
}

void RaceControls::setMeasured(bool measured)
{
    m_baseline->setEnabled(measured || m_baseline->isChecked());
}

void RaceControls::setHasBaseline(bool baseline)
{
    const QSignalBlocker quiet(m_baseline);
    m_baseline->setChecked(baseline);
}

} // namespace timestep

#include "moc_race_controls.cpp"
