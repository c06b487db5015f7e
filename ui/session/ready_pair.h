// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/packed_model.h"
#include "engine/model/model.h"
#include "ui/session/settings.h"

#include <memory>
#include <optional>

namespace timestep {

/// What a pair of models is run on: packed weights and threads, kept warm from one run to the next.
/// Used by one thread at a time.
class ReadyPair
{
public:
    /// Throws Error for kernels that this machine has not.
    void prepare(const ModelPair& models, const Settings& settings);

    /// After prepare:
    const PackedModel& lstm() const { return *m_lstm; }
    const PackedModel& attention() const { return *m_attention; }
    Executor& executor() { return *m_executor; }

private:
    std::unique_ptr<Executor> m_executor;
    const Kernels* m_kernels = nullptr;
    std::optional<PackedModel> m_lstm, m_attention;
};

} // namespace timestep
