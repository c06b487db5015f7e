// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/next_token_panel.h"

#include "ui/models/model_line.h"
#include "ui/models/number_text.h"
#include "ui/models/token_times_line.h"
#include "ui/session/continuation.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/fonts.h"
#include "ui/views/icon.h"
#include "ui/views/next_token_bars.h"
#include "ui/views/theme.h"
#include "ui/views/token_times_plot.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>

namespace timestep {

namespace {

constexpr int leastHeight = 640; // lower windows need all of it for the picture

void setTextColor(QWidget& widget, const QColor& color)
{
    QPalette palette = widget.palette();
    palette.setColor(QPalette::WindowText, color);
    widget.setPalette(palette);
}

/// The times of one model, and how much of a plot's height they fill at most.
std::vector<double> timesOf(const std::vector<TokenTimes>& all, double TokenTimes::*model)
{
    std::vector<double> times;
    times.reserve(all.size());
    for (const TokenTimes& token : all)
        times.push_back(token.*model);
    return times;
}

/// One that the system held up must not make all others look alike: twice the larger median.
double fullHeight(std::vector<double> lstm, std::vector<double> attention)
{
    const auto middle = [](std::vector<double>& times) {
        const auto place = times.begin() + std::ssize(times) / 2;
        std::nth_element(times.begin(), place, times.end());
        return *place;
    };
    return 2 * std::max(middle(lstm), middle(attention));
}

QString mostUsualNote() { return NextTokenPanel::tr("untrained: nothing learned"); }

QString longestNote() { return NextTokenPanel::tr("window ends before the text"); }

QLabel* caption(const QString& text)
{
    auto* label = new QLabel(text);
    label->setProperty("role", "caption");
    return label;
}

} // namespace

NextTokenPanel::NextTokenPanel(Session& session, Continuation& continuation, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_continuation(continuation)
    , m_fold(new QToolButton)
    , m_after(new ElidedLabel)
    , m_note(new ElidedLabel)
    , m_line(new ElidedLabel)
    , m_lstm(makeRow(ModelKind::Lstm, tr("LSTM")))
    , m_attention(makeRow(ModelKind::Attention, tr("Attention")))
    , m_unfolded(new QWidget)
    , m_grid(new QGridLayout(m_unfolded))
{
    setObjectName(QStringLiteral("nextTokenPanel"));
    setAccessibleName(tr("Next token"));
    m_fold->setObjectName(QStringLiteral("foldNextToken"));
    m_after->setObjectName(QStringLiteral("nextAfter"));
    m_note->setObjectName(QStringLiteral("nextTokenNote"));
    m_note->setProperty("role", "caption");
    m_line->setObjectName(QStringLiteral("nextTokenLine"));

    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(6);
    m_grid->setVerticalSpacing(5);
    m_grid->addWidget(m_after, 0, 0);
    m_grid->addWidget(m_note, 1, 0);
    m_writing = makeWriting();
    int row = 0;
    for (const ModelRow& model : { m_lstm, m_attention }) {
        m_grid->addWidget(model.name, row, 1);
        m_grid->addWidget(model.bars, row, 2);
        m_grid->addWidget(model.time, row, 3);
        m_grid->addWidget(model.plot, row, 4);
        ++row;
    }
    m_choice = makeChoice();
    m_grid->addWidget(m_choice, 1, 5);
    m_grid->setColumnStretch(2, 1);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 5, 16, 6);
    layout->setSpacing(6);
    layout->addWidget(m_fold, 0, Qt::AlignTop);
    layout->addWidget(m_unfolded, 1);
    layout->addWidget(m_line, 1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    layout->setSizeConstraint(QLayout::SetNoConstraint); // a small window makes a line of it

    connect(m_fold, &QToolButton::clicked, this, [this] {
        setFolded(!m_folded);
        emit foldedChanged(m_folded);
    });
    connect(&session, &Session::runChanged, this, &NextTokenPanel::showNext);
    connect(&session.selection(), &Selection::changed, this, &NextTokenPanel::showNext);
    connect(&session, &Session::tokensChanged, this, &NextTokenPanel::showModels);
    connect(&session, &Session::modelsChanged, this, &NextTokenPanel::showModels);
    connect(&session, &Session::settingsChanged, this, &NextTokenPanel::showModels);
    for (const auto signal : { &Session::textChanged, &Session::textEdited })
        connect(&session, signal, this, &NextTokenPanel::showContinuation);
    connect(&continuation, &Continuation::changed, this, &NextTokenPanel::showContinuation);
    showNext();
    showModels();
    showContinuation();
    layOut();
}

NextTokenPanel::ModelRow NextTokenPanel::makeRow(ModelKind kind, const QString& name)
{
    ModelRow row { new QLabel(name), new NextTokenBars(kind), caption({}),
        new TokenTimesPlot(kind) };
    row.time->setObjectName(
        kind == ModelKind::Lstm ? QStringLiteral("lstmTime") : QStringLiteral("attentionTime"));
    return row;
}

QWidget* NextTokenPanel::makeWriting()
{
    m_writer = new QComboBox;
    m_writer->addItems({ tr("LSTM"), tr("Attention") });
    m_writer->setObjectName(QStringLiteral("writer"));
    m_writer->setAccessibleName(tr("Which model writes"));
    m_writer->setToolTip(
        tr("The model that writes: it chooses each token; both read it, and both are timed"));
    m_next = new QPushButton(tr("Next token"));
    m_next->setObjectName(QStringLiteral("writeNext"));
    m_continue = new QPushButton;
    m_continue->setObjectName(QStringLiteral("continue"));
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    for (QWidget* widget : std::initializer_list<QWidget*> { m_writer, m_next, m_continue }) {
        widget->setProperty("small", true);
        layout->addWidget(widget, widget == m_continue ? 1 : 0);
    }
    connect(m_next, &QPushButton::clicked, this, [this] { write(1); });
    connect(m_continue, &QPushButton::clicked, this, [this] {
        if (m_continuation.running())
            m_continuation.stop();
        else
            write(m_count->value());
    });
    return row;
}

QWidget* NextTokenPanel::makeChoice()
{
    m_temperature = new QDoubleSpinBox;
    m_temperature->setObjectName(QStringLiteral("temperature"));
    m_temperature->setRange(0, 2);
    m_temperature->setSingleStep(0.1);
    m_temperature->setDecimals(2);
    m_temperature->setLocale(numberLocale());
    m_temperature->setValue(0.8);
    m_temperature->setAccessibleName(tr("Temperature"));
    m_temperature->setToolTip(tr("0: always the most probable token. 1: drawn as the model says. "
                                 "Above: freer"));
    m_seed = new QSpinBox;
    m_seed->setObjectName(QStringLiteral("writingSeed"));
    m_seed->setRange(0, 99'999);
    m_seed->setValue(1);
    m_seed->setAccessibleName(tr("Seed of the draws"));
    m_seed->setToolTip(tr("The same text, model, temperature and seed write the same tokens"));
    m_count = new QSpinBox;
    m_count->setObjectName(QStringLiteral("tokensToWrite"));
    m_count->setRange(1, 10'000);
    m_count->setValue(32);
    m_count->setAccessibleName(tr("Tokens to write"));
    m_count->setToolTip(tr("After so many tokens Continue ends by itself"));

    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(5);
    const auto add = [layout](const QString& name, QAbstractSpinBox* box) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setProperty("small", true);
        layout->addWidget(caption(name));
        layout->addWidget(box, 1);
    };
    add(tr("temperature"), m_temperature);
    add(tr("seed"), m_seed);
    add(tr("tokens"), m_count);
    return row;
}

void NextTokenPanel::setFolded(bool folded)
{
    m_folded = folded;
    layOut();
}

void NextTokenPanel::fit(QSize window, double scale)
{
    const QMargins margins = layout()->contentsMargins();
    m_room = window.width() - m_fold->sizeHint().width() - layout()->spacing() - margins.left()
        - margins.right();
    m_fits = roomForBars(false, false) >= m_lstm.bars->minimumSizeHint().width()
        && window.height() >= leastHeight * scale;
    // Even a line is dear in a low window.
    layout()->setContentsMargins(margins.left(), m_fits ? 5 : 2, margins.right(), m_fits ? 6 : 3);
    layOut();
    placeTimes();
}

/// With the times beside the tokens as numbers and plots, or without.
int NextTokenPanel::roomForBars(bool numbers, bool plots) const
{
    const auto widest = [](const QWidget& one, const QWidget& other) {
        return std::max(one.sizeHint().width(), other.sizeHint().width());
    };
    std::vector<int> others { m_after->minimumWidth(), widest(*m_lstm.name, *m_attention.name),
        std::max(m_writing->minimumSizeHint().width(), m_choice->minimumSizeHint().width()) };
    if (numbers)
        others.push_back(widest(*m_lstm.time, *m_attention.time));
    if (plots)
        others.push_back(widest(*m_lstm.plot, *m_attention.plot));
    int room = m_room;
    for (const int width : others)
        room -= width + m_grid->horizontalSpacing();
    return room;
}

/// The tokens come first: where they would get narrow, the plots go, then the numbers move into the
/// note and the tooltips.
void NextTokenPanel::placeTimes()
{
    const bool some = !m_continuation.times().empty();
    const int wanted = m_lstm.bars->sizeHint().width();
    const bool numbers = some && roomForBars(true, false) >= wanted;
    const bool plots = some && roomForBars(true, true) >= wanted;
    for (const ModelRow& row : { m_lstm, m_attention }) {
        row.time->setVisible(numbers);
        row.plot->setVisible(plots);
    }
    m_timesInNote = some && !numbers;
    showNote();
}

QSize NextTokenPanel::minimumSizeHint() const
{
    return { m_writing->minimumSizeHint().width() + 200, layout()->minimumSize().height() };
}

void NextTokenPanel::layOut()
{
    const bool line = m_folded || !m_fits;
    if (line)
        static_cast<QHBoxLayout*>(layout())->addWidget(m_writing);
    else
        m_grid->addWidget(m_writing, 0, 5);
    m_writing->show(); // one that moves is hidden until events are worked off
    m_unfolded->setVisible(!line);
    m_line->setVisible(line);
    m_fold->setEnabled(m_fits);
    const QString purpose = !m_fits ? tr("The window is too small for more than a line")
        : m_folded                  ? tr("Show the next tokens and the controls that continue")
                                    : tr("Fold the next tokens to a line");
    m_fold->setAccessibleName(purpose);
    m_fold->setToolTip(purpose);
    updateLook();
}

void NextTokenPanel::write(int count)
{
    // What is written goes to the end of the text, and so does what is shown.
    m_session.selection().pinToken(std::nullopt);
    const ModelKind writer = m_writer->currentIndex() == 0 ? ModelKind::Lstm : ModelKind::Attention;
    m_continuation.start(
        writer, { m_temperature->value(), static_cast<std::uint64_t>(m_seed->value()) }, count);
}

void NextTokenPanel::showNext()
{
    const auto run = m_session.run();
    const Selection& selection = m_session.selection();
    m_shown
        = run ? nextTokens(*run, selection.pinnedToken(), selection.hoveredToken()) : NextTokens();
    m_lstm.bars->setTokens(m_shown.lstm);
    m_attention.bars->setTokens(m_shown.attention);
    m_after->setFullText(m_shown.after.isEmpty() ? tr("Next token") : afterText());
    showNote();
}

/// The last token needs no number.
QString NextTokenPanel::afterText() const
{
    return m_shown.isLast
        ? tr("Next after “%1”").arg(m_shown.after)
        : tr("After token %1, “%2”").arg(countNumber(m_shown.token + 1), m_shown.after);
}

void NextTokenPanel::showNote()
{
    const Note shown = note();
    m_note->setFullText(shown.text);
    m_note->setDetail(shown.detail);
    showLine();
}

/// The best of each, what else there is to say, and what a token took.
void NextTokenPanel::showLine()
{
    if (m_shown.after.isEmpty())
        return m_line->setFullText(tr("Next token: type a text first"));
    QStringList parts { tr("%1: LSTM %2, attention %3")
                            .arg(afterText(), nextTokensLine({ m_shown.lstm.front() }),
                                nextTokensLine({ m_shown.attention.front() })) };
    if (!m_note->fullText().isEmpty())
        parts << m_note->fullText();
    if (!m_continuation.times().empty() && m_note->fullText() != timesNote())
        parts << tr("LSTM %1, attention %2").arg(m_lstm.time->text(), m_attention.time->text());
    m_line->setFullText(parts.join(QStringLiteral(" · ")));
}

NextTokenPanel::Note NextTokenPanel::note() const
{
    if (!m_continuation.note().isEmpty())
        return { m_continuation.note(), {} };
    const ModelPair& models = m_session.models();
    if (!models.lstm)
        return { tr("the models are being made"), {} };
    const TokenizedTextPointer text = m_session.tokenized();
    if (!text || text->count() == 0)
        return { tr("type a text first"), {} };
    if (const Note place = noteOfPlace(); !place.text.isEmpty())
        return place;
    if (m_timesInNote)
        return { timesNote(), m_lstm.time->toolTip() };
    const bool lstm = models.lstm->untrained();
    const bool attention = models.attention->untrained();
    if (lstm && attention)
        return { mostUsualNote(), {} };
    if (lstm || attention)
        return { lstm ? tr("LSTM: nothing learned") : tr("attention: nothing learned"), {} };
    return { m_session.settings().causal ? QString() : tr("not causal: sees the answer"), {} };
}

/// Where what is shown, what is read and the end of the text are not the same place.
NextTokenPanel::Note NextTokenPanel::noteOfPlace() const
{
    const TokenizedText& text = *m_session.tokenized();
    if (!m_shown.after.isEmpty() && !m_shown.isLast) {
        if (m_shown.token + 1 == text.window.end)
            return { longestNote(),
                tr("The window ends before the end of the text: shown is what may come after token "
                   "%1 of %2, the last one in use. Next token and Continue write at the end of the "
                   "text, and move the window there.")
                    .arg(countNumber(text.window.end), countNumber(text.count())) };
        return { tr("writes at the end of the text"),
            tr("Shown is what may come after token %1 of %2. Next token and Continue write at the "
               "end of the text, and drop the pin.")
                .arg(countNumber(m_shown.token + 1), countNumber(text.count())) };
    }
    const int most = windowLength(m_session.models(), m_session.settings());
    if (text.count() <= most)
        return {};
    const auto first = firstTokenRead(static_cast<std::size_t>(text.count()), most);
    const QString read = countNumber(text.count() - static_cast<qint64>(first));
    return { tr("writes from the last %1").arg(read),
        tr("%1 of %2 tokens are read to write the next one: the context is full. It holds %3; when "
           "it is full, the older half is dropped.")
            .arg(read, countNumber(text.count()), countNumber(most)) };
}

QString NextTokenPanel::timesNote() const
{
    if (m_continuation.times().empty())
        return {};
    return tr("LSTM %1, attn. %2 ms")
        .arg(tokenTimeNumber(timesOf(m_continuation.times(), &TokenTimes::lstm)),
            tokenTimeNumber(timesOf(m_continuation.times(), &TokenTimes::attention)));
}

void NextTokenPanel::showModels()
{
    const bool possible = m_continuation.possible();
    m_next->setEnabled(possible);
    m_continue->setEnabled(possible);
    showNames();
    showNote();
}

/// Who they are, and what they took where there is no room to say so.
void NextTokenPanel::showNames()
{
    const ModelPair& models = m_session.models();
    for (const auto& [row, model] :
        { std::pair(m_lstm, models.lstm), std::pair(m_attention, models.attention) }) {
        QStringList lines;
        if (model)
            lines << modelLine(*model);
        if (!m_continuation.times().empty())
            lines << row.time->toolTip();
        row.name->setToolTip(lines.join(u'\n'));
    }
}

void NextTokenPanel::showContinuation()
{
    const bool running = m_continuation.running();
    m_continue->setText(running ? tr("■ Stop  Esc") : tr("Continue"));
    m_continue->setAccessibleName(running ? tr("Stop writing") : tr("Continue the text"));
    m_continue->setToolTip(running ? tr("A model writes; Esc or any change of the text stops it")
                                   : tr("Writes token after token; Ctrl+Z in the text takes back "
                                        "what was written"));
    m_next->setToolTip(tr("Writes one token more at the end of the text; a pin goes"));
    showModels();
    showTimes();
}

void NextTokenPanel::showTimes()
{
    const std::vector<TokenTimes>& all = m_continuation.times();
    const std::vector<double> lstm = timesOf(all, &TokenTimes::lstm);
    const std::vector<double> attention = timesOf(all, &TokenTimes::attention);
    const auto show = [&](const ModelRow& row, const std::vector<double>& times) {
        if (times.empty())
            return;
        row.time->setText(tokenTimeText(times));
        row.plot->setTimes(times, fullHeight(lstm, attention));
        for (QWidget* widget : std::initializer_list<QWidget*> { row.time, row.plot }) {
            widget->setToolTip(tokenTimeDetail(times));
            widget->setAccessibleDescription(tokenTimeDetail(times));
        }
    };
    show(m_lstm, lstm);
    show(m_attention, attention);
    showNames();
    placeTimes();
}

void NextTokenPanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        updateLook();
}

void NextTokenPanel::updateLook()
{
    const Theme& theme = Theme::of(palette());
    m_fold->setIcon(
        coloredIcon(m_folded || !m_fits ? QStringLiteral("right") : QStringLiteral("down"),
            theme.secondaryText, 14));
    setTextColor(*m_lstm.name, theme.lstm.text);
    setTextColor(*m_attention.name, theme.attention.text);
    // Neither the bars nor the controls move from token to token.
    const int width = QFontMetrics(smallFont(font())).horizontalAdvance(longestNote());
    for (ElidedLabel* label : { m_after, m_note })
        label->setFixedWidth(width);
}

} // namespace timestep

#include "moc_next_token_panel.cpp"
