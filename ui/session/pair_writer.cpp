// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/pair_writer.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <span>
#include <utility>

namespace timestep {

namespace {

/// Reads one token and says how long that took, in ms; nothing when stopped.
std::optional<double> timedRead(TextGeneration& text, TokenId token, const std::stop_token& stop)
{
    const auto begin = std::chrono::steady_clock::now();
    if (text.read(std::span(&token, 1), stop) == Outcome::Cancelled)
        return std::nullopt;
    const std::chrono::duration<double, std::milli> elapsed
        = std::chrono::steady_clock::now() - begin;
    return elapsed.count();
}

} // namespace

std::size_t firstTokenRead(std::size_t count, int window)
{
    const auto room = static_cast<std::size_t>(std::max(window, 1));
    if (count <= room)
        return 0;
    const std::size_t half = (room + 1) / 2;
    return (count - room + half - 1) / half * half;
}

PairWriter::End PairWriter::run(const WriteRequest& request, const std::stop_token& stop,
    const std::function<void(WrittenToken)>& written)
{
    prepare(request);
    m_tokens.clear();
    for (const Token& token : m_tokenizer->encode(*request.text))
        m_tokens.push_back(token.id);
    try {
        return write(request, stop, written);
    } catch (...) {
        forget(); // a reader may have stopped half way
        throw;
    }
}

PairWriter::End PairWriter::write(const WriteRequest& request, const std::stop_token& stop,
    const std::function<void(WrittenToken)>& written)
{
    const Vocabulary& vocabulary = *request.models.lstm->vocabulary;
    for (int count = 0; count < request.count && !m_tokens.empty(); ++count) {
        WrittenToken next;
        if (!readUpTo(request, m_tokens.size() - 1, stop) || !readLast(next.times, stop)) {
            forget();
            return End::Stopped;
        }
        const std::optional<TokenId> chosen = choose(request);
        if (!chosen)
            return End::TextEnded;
        m_tokens.push_back(*chosen);
        next.bytes = vocabulary.bytes(*chosen);
        written(std::move(next));
        if (stop.stop_requested())
            return End::Stopped;
    }
    return End::Done;
}

void PairWriter::prepare(const WriteRequest& request)
{
    const auto& vocabulary = request.models.lstm->vocabulary;
    if (!m_tokenizer || m_tokenizer->vocabulary() != vocabulary)
        m_tokenizer = std::make_unique<Tokenizer>(vocabulary);
    const Kernels& kernels
        = request.kernel.empty() ? defaultKernels() : kernelsNamed(request.kernel);
    if (std::exchange(m_window, request.window) != request.window)
        forget();
    for (auto [reader, model] : { std::pair(&m_lstm, request.models.lstm),
             std::pair(&m_attention, request.models.attention) }) {
        if (reader->model && reader->model->model() == model
            && &reader->model->kernels() == &kernels)
            continue;
        forget();
        reader->model = std::make_shared<const PackedModel>(model, kernels);
    }
}

void PairWriter::forget()
{
    m_lstm.text.reset();
    m_attention.text.reset();
}

/// So that both have read the first `count` tokens of the text, or as many of them as the window
/// holds; false: stopped.
bool PairWriter::readUpTo(
    const WriteRequest& request, std::size_t count, const std::stop_token& stop)
{
    const std::size_t begin = firstTokenRead(count + 1, request.window);
    const std::span<const TokenId> wanted = std::span(m_tokens).subspan(begin, count - begin);
    for (Reader* reader : { &m_lstm, &m_attention }) {
        const bool goesOn = reader->text && m_begin == begin
            && reader->text->tokens().size() <= wanted.size()
            && std::equal(
                reader->text->tokens().begin(), reader->text->tokens().end(), wanted.begin());
        if (!goesOn)
            reader->text.emplace(reader->model, request.window, request.memoryBudget);
        if (reader->text->read(wanted.subspan(reader->text->tokens().size()), stop)
            == Outcome::Cancelled)
            return false;
    }
    m_begin = begin;
    return true;
}

/// Both in turns, and each the first every other time.
bool PairWriter::readLast(TokenTimes& times, const std::stop_token& stop)
{
    const TokenId last = m_tokens.back();
    std::pair<Reader*, double*> turns[]
        = { { &m_lstm, &times.lstm }, { &m_attention, &times.attention } };
    if (m_tokens.size() % 2 == 0)
        std::swap(turns[0], turns[1]);
    for (auto& [reader, time] : turns) {
        const std::optional<double> taken = timedRead(*reader->text, last, stop);
        if (!taken)
            return false;
        *time = *taken;
    }
    return true;
}

/// Nothing: the text ends here. Ids that stand for no piece are passed over.
std::optional<TokenId> PairWriter::choose(const WriteRequest& request) const
{
    const Reader& reader = request.writer == ModelKind::Lstm ? m_lstm : m_attention;
    const Vocabulary& vocabulary = *request.models.lstm->vocabulary;
    const auto logits = reader.text->logits().first(static_cast<std::size_t>(vocabulary.size()));
    const std::uint64_t place = m_tokens.size();
    const TokenId chosen = chooseToken(logits, request.choice, place);
    if (!vocabulary.bytes(chosen).empty())
        return chosen;
    if (chosen == vocabulary.endOfText())
        return std::nullopt;
    std::vector<float> withPiece(logits.begin(), logits.end());
    for (TokenId id = 0; id < vocabulary.size(); ++id) {
        if (vocabulary.bytes(id).empty() && id != vocabulary.endOfText())
            withPiece[static_cast<std::size_t>(id)] = std::numeric_limits<float>::lowest();
    }
    const TokenId second = chooseToken(withPiece, request.choice, place);
    return second == vocabulary.endOfText() ? std::nullopt : std::optional(second);
}

} // namespace timestep
