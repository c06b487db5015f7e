// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/model/untrained_model.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/language_model_cases.h"

#include <QTest>

#include <span>
#include <utility>
#include <vector>

namespace timestep {

/// Small models of both kinds that read `steps` tokens and two more.
inline ModelPointer smallModel(ModelKind kind, int steps)
{
    return kind == ModelKind::Lstm
        ? modelOf({ "lstm", kind, 2, 37, 0, 21, false, Positions::Sinusoids, 1, steps, 1 })
        : modelOf({ "attention", kind, 2, 24, 3, 24, true, Positions::Learned, 1, steps, 1 });
}

/// The models, attention causal and not, one data row each.
inline void addReaderRows()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("causal");
    QTest::newRow("lstm") << int(ModelKind::Lstm) << true;
    QTest::newRow("attention") << int(ModelKind::Attention) << true;
    QTest::newRow("attention that sees all") << int(ModelKind::Attention) << false;
}

inline std::vector<TokenId> someIds(int count, std::uint64_t seed = 3)
{
    return randomBatch(1, count, seed).tokens;
}

inline std::vector<Token> tokensOf(std::span<const TokenId> ids)
{
    std::vector<Token> tokens;
    for (const TokenId id : ids)
        tokens.push_back({ id, 0, 0 });
    return tokens;
}

/// (T, V): one text read by itself, the run that everything else is compared with.
inline Matrix<float> logitsAlone(
    const PackedModel& model, std::span<const TokenId> ids, bool causal, Executor& executor)
{
    RunSettings settings;
    settings.causal = causal;
    return runModel(model, tokensOf(ids), settings, executor, {}).value().logits;
}

inline std::span<const float> rowOf(const Matrix<float>& logits, int row)
{
    return { logits.row(row).data(), static_cast<std::size_t>(logits.cols()) };
}

} // namespace timestep
