// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/attention_memory.h"

#include "engine/execution/text_layers.h"
#include "engine/measurement/state_bytes.h"
#include "ui/models/number_text.h"

#include <QCoreApplication>

namespace timestep {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(AttentionMemory)
};

QString text(std::size_t bytes) { return bytesText(static_cast<double>(bytes)); }

} // namespace

KeptMemoryText keptMemoryText(
    const ModelShape& attention, const ModelShape& lstm, int tokens, bool causal)
{
    const std::size_t cache = keyValueBytes(planShapeOf(attention, tokens, 1, causal));
    const std::size_t state = lstmStateBytes(planShapeOf(lstm, tokens, 1, true));
    const QString read
        = tokens == 1 ? Text::tr("1 token") : Text::tr("%1 tokens").arg(countNumber(tokens));
    const std::size_t next = keyValueBytes(planShapeOf(attention, tokens + 1, 1, causal));
    const QString more // nothing where a window is full
        = next > cache ? Text::tr(" (+%1 a token)").arg(text(next - cache)) : QString();
    return { Text::tr("Keys and values of %1: %2%3 · LSTM state: %4, constant")
                 .arg(read, text(cache), more, text(state)),
        Text::tr("K, V: %1%2 · LSTM: %3").arg(text(cache), more, text(state)) };
}

QString affinityMemoryText(const ModelShape& attention, int tokens)
{
    const PlanShape shape = planShapeOf(attention, tokens, 1, true);
    return Text::tr("All affinities stored: 4·A·L·T² = %1 · in tiles: 4·A·L·T = %2")
        .arg(text(storedAffinityBytes(shape)), text(tiledAffinityBytes(shape)));
}

} // namespace timestep
