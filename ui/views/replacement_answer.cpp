// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/replacement_answer.h"

#include "ui/models/token_label.h"
#include "ui/session/replacement_token.h"
#include "ui/views/elided_label.h"
#include "ui/views/fonts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

enum class Way
{
    Pinned,
    EachInTurn,
};

constexpr double FewestBits = 0.001; // that are worth their digits

QString bitsText(double bits)
{
    return bits > 0 && bits < FewestBits ? ReplacementAnswer::tr("< %1 bits").arg(FewestBits)
                                         : ReplacementAnswer::tr("%1 bits").arg(bits, 0, 'g', 3);
}

TokenBars::Series seriesOf(ModelKind kind, const std::vector<double>& bits, int tokens)
{
    TokenBars::Series series;
    series.kind = kind;
    series.name = kind == ModelKind::Lstm ? ReplacementAnswer::tr("LSTM")
                                          : ReplacementAnswer::tr("Attention");
    series.values = bits;
    series.values.resize(static_cast<std::size_t>(tokens), std::nan(""));
    return series;
}

} // namespace

std::string usualReplacement(std::string_view original)
{
    const std::string_view word
        = original.size() > 1 && original.front() == ' ' ? original.substr(1) : original;
    if (word.size() != 1)
        return word == "the" ? "a" : "the";
    const char letter = word.front();
    if (letter >= '0' && letter <= '9')
        return { static_cast<char>(letter == '9' ? '0' : letter + 1) };
    if (letter >= 'a' && letter <= 'z')
        return { static_cast<char>(letter == 'z' ? 'a' : letter + 1) };
    if (letter >= 'A' && letter <= 'Z')
        return { static_cast<char>(letter == 'Z' ? 'A' : letter + 1) };
    return letter == '.' ? "," : ".";
}

ReplacementAnswer::ReplacementAnswer(ProbeJob& job, QObject* parent)
    : ProbingAnswer(job, parent)
    , m_line(new QWidget)
    , m_way(new QComboBox)
    , m_typed(new QLineEdit)
    , m_caption(new ElidedLabel)
{
    auto* layout = new QHBoxLayout(m_line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_way->addItem(tr("the pinned token by"), static_cast<int>(Way::Pinned));
    m_way->addItem(tr("each in turn by"), static_cast<int>(Way::EachInTurn));
    m_way->setAccessibleName(tr("Which token is replaced"));
    m_way->setToolTip(tr("the pinned token: what becomes of every prediction from it on; each in "
                         "turn: what becomes of the prediction after the pinned token"));
    m_way->setProperty("small", true);
    layout->addWidget(m_way);
    m_typed->setAccessibleName(tr("The token that stands in its place"));
    m_typed->setProperty("small", true);
    m_typed->setMaximumWidth(6 * QFontMetrics(m_typed->font()).averageCharWidth() + 30);
    layout->addWidget(m_typed);
    m_caption->setProperty("role", "caption");
    layout->addWidget(m_caption, 1);
    const auto asked = [this] {
        refresh();
        emit changed();
    };
    connect(m_way, &QComboBox::currentIndexChanged, this, asked);
    connect(m_typed, &QLineEdit::textChanged, this, asked);
}

QString ReplacementAnswer::title() const { return tr("Replace"); }

QString ReplacementAnswer::purpose() const
{
    return tr("how many bits the next prediction changes by where a token is replaced, in both "
              "models");
}

bool ReplacementAnswer::eachInTurn() const
{
    return static_cast<Way>(m_way->currentData().toInt()) == Way::EachInTurn;
}

std::string_view ReplacementAnswer::bytesAt(int step) const
{
    const Run& run = *context().picture->run;
    const Token& place = run.tokens[static_cast<std::size_t>(run.window.begin + step)];
    return std::string_view(run.text).substr(place.begin, place.end - place.begin);
}

/// What is typed, else what usually stands in the place of the pinned token.
std::optional<TokenId> ReplacementAnswer::token() const
{
    const std::string_view original = bytesAt(context().step);
    const std::string typed
        = m_typed->text().isEmpty() ? usualReplacement(original) : m_typed->text().toStdString();
    const Tokenizer tokenizer(context().picture->run->lstm->model->vocabulary);
    return replacementToken(tokenizer, typed, original).token;
}

void ReplacementAnswer::ask(ProbeRequest& request, bool wanted) const
{
    request.replacement.reset();
    request.eachToken.reset();
    const auto replacing = wanted ? token() : std::nullopt;
    if (!replacing)
        return;
    if (eachInTurn())
        request.eachToken = EachTokenReplaced { context().step, *replacing };
    else
        request.replacement = TokenReplacement { context().step, *replacing };
}

int ReplacementAnswer::readings() const { return eachInTurn() ? context().step + 1 : 1; }

void ReplacementAnswer::showLine()
{
    if (context().tokens() == 0)
        return m_caption->setFullText({});
    const std::string_view original = bytesAt(context().step);
    m_typed->setPlaceholderText(QString::fromStdString(usualReplacement(original)));
    const Tokenizer tokenizer(context().picture->run->lstm->model->vocabulary);
    const QString error = m_typed->text().isEmpty()
        ? QString()
        : replacementToken(tokenizer, m_typed->text().toStdString(), original).error;
    const QString label = context().picture->labels[context().step];
    if (!error.isEmpty())
        m_caption->setFullText(error);
    else if (const QString state = shown() ? stateText() : QString(); !state.isEmpty())
        m_caption->setFullText(state);
    else
        m_caption->setFullText(eachInTurn()
                ? tr(
                    "by how many bits the prediction after “%1” changes, D_KL(before ‖ after), for "
                    "each replaced token")
                      .arg(label)
                : tr(
                    "by how many bits each prediction changes, D_KL(before ‖ after), where “%1” is "
                    "replaced")
                      .arg(label));
}

std::optional<ReplacementAnswer::Change> ReplacementAnswer::change() const
{
    if (context().tokens() == 0 || result().run != context().picture->run)
        return std::nullopt;
    if (eachInTurn()) {
        const auto& found = result().eachToken;
        return found ? std::optional(Change { found->lstm, found->attention }) : std::nullopt;
    }
    const auto& found = result().replacement;
    return found ? std::optional(
               Change { found->lstm.change.divergence, found->attention.change.divergence })
                 : std::nullopt;
}

QString ReplacementAnswer::replacedBy() const
{
    const TokenId id
        = eachInTurn() ? result().eachToken->request.token : result().replacement->request.token;
    return tokenLabel(
        context().picture->run->lstm->model->vocabulary->bytes(id), LeadingSpace::Hidden);
}

QString ReplacementAnswer::sentence() const
{
    const auto found = change();
    if (!found)
        return {};
    const QStringList& labels = context().picture->labels;
    const auto largest = [&labels](const std::vector<double>& bits) {
        const auto place = std::max_element(bits.begin(), bits.end());
        return tr("“%1” (%2)").arg(labels[place - bits.begin()], bitsText(*place));
    };
    if (eachInTurn())
        return tr("What is expected after “%1” changes most, each token replaced in turn by “%2”, "
                  "in the LSTM with %3, in attention with %4.")
            .arg(labels[result().eachToken->request.target], replacedBy(), largest(found->lstm),
                largest(found->attention));
    return tr("With “%1” replaced by “%2”, the LSTM's prediction changes most after %3, "
              "attention's after %4; after the last token by %5 and %6.")
        .arg(labels[result().replacement->request.position], replacedBy(), largest(found->lstm),
            largest(found->attention), bitsText(found->lstm.back()),
            bitsText(found->attention.back()));
}

TokenBars ReplacementAnswer::bars() const
{
    TokenBars bars;
    const auto found = change();
    if (!found)
        return bars;
    bars.series = { seriesOf(ModelKind::Lstm, found->lstm, context().tokens()),
        seriesOf(ModelKind::Attention, found->attention, context().tokens()) };
    bars.full = bars.roundFull();
    bars.fullText = tr("%1 bits").arg(bars.full, 0, 'g', 3);
    return bars;
}

QString ReplacementAnswer::tooltip(int step) const
{
    const auto found = change();
    const auto at = static_cast<std::size_t>(step);
    if (!found || at >= found->lstm.size() || at >= found->attention.size())
        return {};
    const QString label = context().picture->labels[step];
    return (eachInTurn() ? tr("“%1” replaced: LSTM %2, attention %3")
                         : tr("after “%1”: LSTM %2, attention %3"))
        .arg(label, bitsText(found->lstm[at]), bitsText(found->attention[at]));
}

} // namespace timestep

#include "moc_replacement_answer.cpp"
