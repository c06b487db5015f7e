// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/asked_early_answer.h"

#include "ui/models/next_tokens.h"
#include "ui/models/token_label.h"
#include "ui/models/window_labels.h"
#include "ui/views/elided_label.h"
#include "ui/views/lstm_sentence.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace timestep {

namespace {

/// A text of so many tokens is read again for every one of them, even unasked: it takes no longer
/// than a blink.
constexpr int MostTokensUnasked = 128;
constexpr double LittleMore = 0.2; // of a probability: not enough to tell one from the other
constexpr int FewestOfQuestion = 2; // a single token that stood there before asks nothing

std::vector<TokenId> idsOf(const Run& run)
{
    std::vector<TokenId> ids;
    for (int token = run.window.begin; token < run.window.end; ++token)
        ids.push_back(run.tokens[static_cast<std::size_t>(token)].id);
    return ids;
}

TokenBars::Series seriesOf(ModelKind kind, const std::vector<EarlyAnswer>& answers, int tokens)
{
    TokenBars::Series series;
    series.kind = kind;
    series.name = kind == ModelKind::Lstm ? AskedEarlyAnswer::tr("LSTM")
                                          : AskedEarlyAnswer::tr("Attention");
    series.values.assign(static_cast<std::size_t>(tokens), std::nan(""));
    for (const EarlyAnswer& answer : answers)
        series.values[static_cast<std::size_t>(answer.step)] = answer.probability;
    if (!answers.empty())
        series.detail
            = AskedEarlyAnswer::tr("at last %1").arg(percentText(answers.back().probability));
    return series;
}

/// Those after which the text might go on with the question.
std::vector<EarlyAnswer> comparable(const std::vector<EarlyAnswer>& answers, const Run& run)
{
    const auto idAt = [&](int step) {
        return run.tokens[static_cast<std::size_t>(run.window.begin + step)].id;
    };
    std::vector<EarlyAnswer> found;
    std::copy_if(answers.begin(), answers.end(), std::back_inserter(found),
        [&](const EarlyAnswer& answer) { return idAt(answer.step) == idAt(answers.back().step); });
    return found.size() > 1 ? found : answers;
}

const EarlyAnswer* answerAt(const std::vector<EarlyAnswer>& answers, int step)
{
    const auto place = std::find_if(answers.begin(), answers.end(),
        [step](const EarlyAnswer& answer) { return answer.step == step; });
    return place == answers.end() ? nullptr : &*place;
}

} // namespace

AskedEarly AskedEarly::of(std::shared_ptr<const QuestionFound> found, const LstmPicture& picture)
{
    const Question& question = found->request.question;
    AskedEarly asked;
    asked.question
        = windowText(*picture.run, { picture.tokens() - question.length, picture.tokens() });
    asked.answer = tokenLabel(
        picture.run->lstm->model->vocabulary->bytes(question.answer), LeadingSpace::Hidden);
    asked.lstm = comparable(found->lstm, *picture.run);
    asked.attention = comparable(found->attention, *picture.run);
    asked.found = std::move(found);
    asked.findLoss();
    return asked;
}

void AskedEarly::findLoss()
{
    double most = 0;
    std::size_t place = 0;
    for (std::size_t index = 1; index < lstm.size(); ++index) {
        const double lost = lstm[index - 1].probability - lstm[index].probability;
        if (lost > most) {
            most = lost;
            place = index;
        }
    }
    if (place == 0)
        return;
    lostOver = { lstm[place - 1].step + 1, lstm[place].step + 1 };
    const double middle = lstm[place].probability + most / 2;
    const bool comesBack = std::any_of(lstm.begin() + static_cast<std::ptrdiff_t>(place),
        lstm.end(), [middle](const EarlyAnswer& later) { return later.probability > middle; });
    mostLostThere = !comesBack && most > (atFirst() - atLast()) / 2;
}

bool AskedEarly::answersAnyway() const
{
    return known() && atLast() - alone() < LittleMore && atFirst() - atLast() < LittleMore;
}

AskedEarlyAnswer::AskedEarlyAnswer(ProbeJob& job, QObject* parent)
    : ProbingAnswer(job, parent)
    , m_caption(new ElidedLabel)
{
    m_caption->setProperty("role", "caption");
}

QString AskedEarlyAnswer::title() const { return tr("Asked early"); }

QString AskedEarlyAnswer::purpose() const
{
    return tr("how probable the right answer is if the text's question is asked after each token: "
              "where it got lost");
}

QWidget* AskedEarlyAnswer::line() { return m_caption; }

void AskedEarlyAnswer::setContext(const TokenContext& context)
{
    if (context.picture->run != (m_questionOf ? m_questionOf->run : nullptr)) {
        m_questionOf = context.picture;
        findQuestion();
    }
    ProbingAnswer::setContext(context);
}

/// From the step on that says the answer.
void AskedEarlyAnswer::findQuestion()
{
    m_question.reset();
    if (m_questionOf->tokens() == 0)
        return;
    const auto ending = repeatedEnding(idsOf(*m_questionOf->run));
    if (ending && ending->length >= FewestOfQuestion
        && ending->earlier + 2 * ending->length < m_questionOf->tokens())
        m_question = EarlyQuestion { { ending->length, ending->answer },
            ending->earlier + ending->length };
}

bool AskedEarlyAnswer::alwaysWanted() const { return context().tokens() <= MostTokensUnasked; }

void AskedEarlyAnswer::ask(ProbeRequest& request, bool wanted) const
{
    request.question = wanted ? m_question : std::nullopt;
}

std::optional<AskedEarly> AskedEarlyAnswer::asked() const
{
    const auto& found = result().question;
    if (!found || !m_question || found->request != *m_question || found->lstm.empty()
        || result().run != context().picture->run)
        return std::nullopt;
    return AskedEarly::of(found, *context().picture);
}

bool AskedEarlyAnswer::asksForRecall() const
{
    const auto found = asked();
    return found && found->known() && !found->answersAnyway()
        && context().picture->run->lstm->model->vocabulary->merges().empty();
}

QString AskedEarlyAnswer::sentence() const
{
    if (const auto found = asked())
        return askedEarlySentence(*found, *context().picture);
    return m_question ? QString()
                      : tr("The text does not end with something it has said before: it asks "
                           "nothing.");
}

int AskedEarlyAnswer::readings() const
{
    return m_question ? context().tokens() - m_question->question.length - m_question->first : 1;
}

void AskedEarlyAnswer::showLine()
{
    const auto found = asked();
    if (!found)
        return m_caption->setFullText(m_question ? stateText() : QString());
    m_caption->setFullText(found->lstm.size() < found->found->lstm.size()
            ? tr("“%1” asked after each “%2”: probability of the right answer, “%3”; the last one "
                 "is the text itself")
                  .arg(found->question, context().picture->labels[found->lstm.back().step],
                      found->answer)
            : tr("“%1” asked after each token: probability of the right answer, “%2”; the last one "
                 "is the text itself")
                  .arg(found->question, found->answer));
}

TokenBars AskedEarlyAnswer::bars() const
{
    TokenBars bars;
    const auto found = asked();
    if (!m_question && context().tokens() > 0)
        bars.emptyText = tr("The text does not end with something it has said before, as "
                            "“q3=7 a9=1 q3=” does: it asks nothing.");
    if (!found)
        return bars;
    bars.series = { seriesOf(ModelKind::Lstm, found->lstm, context().tokens()),
        seriesOf(ModelKind::Attention, found->attention, context().tokens()) };
    bars.full = 1;
    bars.fullText = QStringLiteral("100 %");
    return bars;
}

QString AskedEarlyAnswer::tooltip(int step) const
{
    const auto found = asked();
    const EarlyAnswer* lstm = found ? answerAt(found->found->lstm, step) : nullptr;
    const EarlyAnswer* attention = found ? answerAt(found->found->attention, step) : nullptr;
    if (!lstm || !attention)
        return {};
    const Vocabulary& vocabulary = *context().picture->run->lstm->model->vocabulary;
    const auto said = [&](const EarlyAnswer& answer) {
        return answer.rank == 1
            ? percentText(answer.probability)
            : tr("%1, but says “%2” (%3)")
                  .arg(percentText(answer.probability), tokenIdLabel(answer.best, vocabulary),
                      percentText(answer.bestProbability));
    };
    return tr("asked after “%1”: “%2” has in the LSTM %3, in attention %4")
        .arg(context().picture->labels[step], found->answer, said(*lstm), said(*attention));
}

} // namespace timestep

#include "moc_asked_early_answer.cpp"
